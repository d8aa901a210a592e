/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs a fuzzer's entry point without libFuzzer: on files as they are, and on changed copies of
 * them.
 *
 *     mutate TIMES SEED FOLDER
 *
 * FOLDER holds the files.  Each is changed TIMES times; the changes follow from SEED, so that a
 * failure can be repeated.  Standard error gets a line "NAME, NUMBER" before each copy is tried. */

#include <stddef.h>

#include "base/random.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* Values that programs often treat wrongly. */
static const guint8 odd[] = { 0, 1, 0x7f, 0x80, 0xff, '0', '9', '-', '=', ',', '\n', '#' };

/* Changes bytes in up to 8 places: replaces, removes, repeats them at the end, or cuts off what
 * follows. */
static void
change (GByteArray *bytes,
        guint64     seed,
        guint64     stream)
{
  const int n = 1 + p2p_random (seed, stream, 0) % 8;

  for (int i = 1; i <= n && bytes->len > 0; i++)
    {
      const guint64 chance = p2p_random (seed, stream, 4 * i);
      const guint   at = p2p_random (seed, stream, 4 * i + 1) % bytes->len;
      const guint   length = 1 + p2p_random (seed, stream, 4 * i + 2) % 16;
      const guint64 value = p2p_random (seed, stream, 4 * i + 3);

      if (chance % 8 < 3)
        bytes->data[at] = odd[value % G_N_ELEMENTS (odd)];
      else if (chance % 8 < 5)
        bytes->data[at] ^= 1 << value % 8;
      else if (chance % 8 == 5)
        g_byte_array_remove_range (bytes, at, MIN (length, bytes->len - at));
      else if (chance % 8 == 6)
        {
          const guint       taken = MIN (length, bytes->len - at);
          g_autofree guint8 *copy = g_memdup2 (bytes->data + at, taken);

          g_byte_array_append (bytes, copy, taken);
        }
      else if (chance % 64 == 7)
        g_byte_array_set_size (bytes, at);
    }
}

int
main (int    argc,
      char **argv)
{
  const guint64    times = argc > 3 ? g_ascii_strtoull (argv[1], NULL, 10) : 0;
  const guint64    seed = argc > 3 ? g_ascii_strtoull (argv[2], NULL, 10) : 0;
  g_autoptr (GDir) dir = argc > 3 ? g_dir_open (argv[3], 0, NULL) : NULL;
  const char      *name;

  if (! dir)
    return 2;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (argv[3], name, NULL);
      g_autofree char *data = NULL;
      gsize            size;

      if (! g_file_get_contents (path, &data, &size, NULL))
        return 2;
      for (guint64 i = 0; i <= times; i++)
        {
          g_autoptr (GByteArray) bytes = g_byte_array_new ();

          g_byte_array_append (bytes, (guint8 *) data, size);
          if (i > 0)
            change (bytes, seed, i * 1000 + g_str_hash (name) % 1000);
          g_printerr ("%s, %u\n", name, (guint) i);
          LLVMFuzzerTestOneInput (bytes->data, bytes->len);
        }
    }
  return 0;
}

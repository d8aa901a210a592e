/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture's size before reading is the size that it has after reading, whatever its orientation;
 * and the messages for files without a size.  PNG is tested in test-png-chunks.c. */

#include <string.h>

#include "folder.h"
#include "p2p.h"
#include "pictures/picture-file.h"

static void
assert_size (const char *path,
             int         width,
             int         height)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (P2pImage) image = p2p_image_load (path, &error);
  int                  peeked_width, peeked_height;

  g_assert_no_error (error);
  g_assert_cmpint (image->width, ==, width);
  g_assert_cmpint (image->height, ==, height);
  g_assert_true (p2p_image_peek (path, &peeked_width, &peeked_height, &error));
  g_assert_no_error (error);
  g_assert_cmpint (peeked_width, ==, width);
  g_assert_cmpint (peeked_height, ==, height);
}

/* EXIF comes after the first two bytes of a JPEG. */
static void
test_jpeg (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "data", "progressive.jpg", NULL);
  g_autofree char *jpeg = NULL;
  gsize            size;

  g_assert_true (g_file_get_contents (source, &jpeg, &size, NULL));
  for (guint8 orientation = 1; orientation <= 8; orientation++)
    {
      const guint8           exif[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
                                        'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                                        1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
                                        0, 0, 0, 0 };
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autofree char       *path = NULL;

      g_byte_array_append (bytes, (const guint8 *) jpeg, 2);
      g_byte_array_append (bytes, exif, sizeof exif);
      g_byte_array_append (bytes, (const guint8 *) jpeg + 2, size - 2);
      path = write_file (fixture, "in.jpg", bytes->data, bytes->len);
      if (orientation < 5)
        assert_size (path, 48, 32);
      else
        assert_size (path, 32, 48);
    }
}

/* Three pixels side by side, in a file whose directory comes after them (TIFF 6.0). */
static void
test_tiff (Fixture       *fixture,
           gconstpointer  data)
{
  for (guint8 orientation = 1; orientation <= 8; orientation++)
    {
      const guint8     tiff[] = { 'I', 'I', 42, 0, 12, 0, 0, 0, 10, 100, 200, 0,
                                  9, 0,
                                  0, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0,            /* width */
                                  1, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,            /* height */
                                  2, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0,            /* bits */
                                  3, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,            /* uncompressed */
                                  6, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,            /* 0 is black */
                                  0x11, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0,         /* the pixels */
                                  0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0,
                                  0x16, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,         /* rows */
                                  0x17, 1, 4, 0, 1, 0, 0, 0, 3, 0, 0, 0,         /* bytes */
                                  0, 0, 0, 0 };
      g_autofree char *path = write_file (fixture, "in.tiff", tiff, sizeof tiff);

      if (orientation < 5)
        assert_size (path, 3, 1);
      else
        assert_size (path, 1, 3);
    }
}

static void
expect (const char *path,
        const char *words)
{
  g_autoptr (GError) error = NULL;
  int                width, height;

  g_assert_false (p2p_image_peek (path, &width, &height, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, words));
}

/* A text, an empty file, a JPEG and a PNG that end in their headers, and a picture that is too
 * large for any memory. */
static void
test_none (Fixture       *fixture,
           gconstpointer  data)
{
  static const struct
  {
    const char *content;
    gsize       size;
    const char *words;
  } cases[] = {
    { "no picture", 10, "cannot be read" },
    { "", 0, "cannot be read" },
    { "\xff\xd8\xff\xe0\0\x10JFIF", 10, "cannot be read" },
    { "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", 29, "ends too early" },
    { "P6 40000 40000 255\n    ", 23, "too large" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = write_file (fixture, "none.jpg", cases[i].content, cases[i].size);

      expect (path, cases[i].words);
    }
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "missing.png", NULL);

  expect (path, "cannot be opened");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/peek/jpeg", Fixture, NULL, set_up, test_jpeg, tear_down);
  g_test_add ("/peek/tiff", Fixture, NULL, set_up, test_tiff, tear_down);
  g_test_add ("/peek/none", Fixture, NULL, set_up, test_none, tear_down);
  g_test_add ("/peek/missing", Fixture, NULL, set_up, test_missing, tear_down);
  return g_test_run ();
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See containers.h. */

#include "base/memory.h"
#include "containers.h"

#include <string.h>

static guint
get_number (const guint8 *data,
            int           n_bytes,
            gboolean      big_endian)
{
  guint number = 0;

  for (int i = 0; i < n_bytes; i++)
    number = number << 8 | data[big_endian ? i : n_bytes - 1 - i];
  return number;
}

/* ---- EXIF --------------------------------------------------------------------------------- */

#define TAG_ORIENTATION 0x0112

/* The value of a tag with a single short, in the first directory of a TIFF file (TIFF 6.0, section
 * 2), which EXIF data are too; 0: there is no such tag. */
static guint
find_tag (const guint8 *data,
          gsize         size,
          guint         tag)
{
  gboolean big;
  gsize    start, n;

  if (size < 8)
    return 0;
  big = data[0] == 'M';
  start = get_number (data + 4, 4, big);
  if (start > size - 2)
    return 0;

  n = MIN (get_number (data + start, 2, big), (size - start - 2) / 12);
  for (gsize i = 0; i < n; i++)
    {
      const gsize entry = start + 2 + 12 * i;

      if (get_number (data + entry, 2, big) == tag)
        return get_number (data + entry + 8, 2, big);
    }
  return 0;
}

int
p2p_exif_orientation (const guint8 *data,
                      gsize         size)
{
  const gboolean headed = size > 6 && memcmp (data, "Exif\0", 6) == 0;
  const gsize    head   = headed ? 6 : 0;
  const guint    value  = find_tag (data + head, size - head, TAG_ORIENTATION);

  return value >= 1 && value <= 8 ? value : 1;
}

/* ---- WebP --------------------------------------------------------------------------------- */

gboolean
p2p_is_webp (const guint8 *data,
             gsize         size)
{
  return size >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0;
}

/* Goes through the chunks, each of which is a name, a length and so many bytes, padded to an even
 * number (RFC 9649, section 2.3).  FALSE: the file ends too early. */
static gboolean
is_complete_webp (const guint8 *data,
                  gsize         size)
{
  const guint64 end = 8 + (guint64) get_number (data + 4, 4, FALSE);
  guint64       length;

  for (guint64 at = 12; at + 8 <= end; at += 8 + length + length % 2)
    {
      if (at + 8 > size)
        return FALSE;
      length = get_number (data + at + 4, 4, FALSE);
      if (length > size - at - 8)
        return FALSE;
    }
  return TRUE;
}

/* ---- Files that were cut off -------------------------------------------------------------- */

/* Whether a JPEG has its end.  Its reader makes up what is missing: gray below the place where the
 * file was cut off, or a blurred picture.  Segments, with their length; after the header of a scan
 * its data, in which 0xff is followed by 0 or the number of a restart (ITU-T T.81, annex B). */
static gboolean
is_complete_jpeg (const guint8 *data,
                  gsize         size)
{
  gsize i = 2;

  while (i + 2 <= size)
    {
      const guint8 marker = data[i + 1];

      if (data[i] != 0xff || marker == 0 || marker == 0xff || (marker >= 0xd0 && marker <= 0xd8))
        i++;
      else if (marker == 0xd9)
        return TRUE;
      else
        i += i + 4 <= size ? 2 + (data[i + 2] << 8 | data[i + 3]) : 4;
    }
  return FALSE;
}

/* Where the blocks from place on end, each of which is a length and so many bytes; the last one has
 * the length 0 (GIF89a, section 15).  size: the file ends before. */
static gsize
skip_blocks (const guint8 *data,
             gsize         size,
             gsize         place)
{
  while (place < size && data[place])
    place += 1 + data[place];
  return MIN (place + 1, size);
}

/* Bytes of the table of colors that a byte of flags tells of. */
static gsize
table_size (guint8 flags)
{
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/* Whether a GIF has its end.  Some readers fill up what is missing. */
static gboolean
is_complete_gif (const guint8 *data,
                 gsize         size)
{
  gsize place = size >= 13 ? 13 + table_size (data[10]) : size;

  while (place < size && data[place] != 0x3b)
    {
      /* An extension has a label, a picture its place, a table of colors and a number. */
      if (data[place] == 0x2c)
        place += place + 10 <= size ? 11 + table_size (data[place + 9]) : size;
      else
        place += 2;
      place = skip_blocks (data, size, MIN (place, size));
    }
  return place < size;
}

gboolean
p2p_file_is_cut_off (const guint8 *data,
                     gsize         size)
{
  if (p2p_is_webp (data, size))
    return ! is_complete_webp (data, size);
  if (size >= 4 && memcmp (data, "GIF8", 4) == 0)
    return ! is_complete_gif (data, size);
  return size > 2 && data[0] == 0xff && data[1] == 0xd8 && ! is_complete_jpeg (data, size);
}

/* ---- What loaders may use ----------------------------------------------------------------- */

/* A copy of what stays, which is not longer than the file. */
typedef struct
{
  guint8 *data;
  gsize   size;
} Rest;

static void
append (Rest         *rest,
        const guint8 *data,
        gsize         size)
{
  memcpy (rest->data + rest->size, data, size);
  rest->size += size;
}

#define ICC_HEAD   "ICC_PROFILE"     /* and a zero, the number of the part, how many there are */
#define ICC_START  (4 + sizeof ICC_HEAD + 2)
#define MAX_PARTS  256

/* The APP2 segments before the first scan hold parts of the profile (ICC.1:2022, annex B.4). */
static GBytes *
take_from_jpeg (const guint8 *data,
                gsize         size,
                Rest         *rest)
{
  g_autoptr (GByteArray) profile = g_byte_array_new ();
  const guint8          *parts[MAX_PARTS] = { NULL };
  int                    n       = 0;
  gsize                  i       = 2, length;

  append (rest, data, 2);
  for (; i + 4 <= size && data[i] == 0xff && data[i + 1] != 0xda; i += length)
    {
      /* Bytes of 0xff may fill the way to a marker. */
      length = data[i + 1] == 0xff ? 1 : 2 + get_number (data + i + 2, 2, TRUE);
      if (length > size - i)
        break;
      if (data[i + 1] == 0xe2 && length >= ICC_START &&
          memcmp (data + i + 4, ICC_HEAD, sizeof ICC_HEAD) == 0)
        {
          parts[data[i + 4 + sizeof ICC_HEAD]] = data + i;
          n = data[i + 5 + sizeof ICC_HEAD];
        }
      else
        append (rest, data + i, length);
    }
  append (rest, data + i, size - i);

  for (int part = 1; part <= n; part++)
    {
      if (! parts[part])
        return NULL;
      g_byte_array_append (profile, parts[part] + ICC_START,
                           2 + get_number (parts[part] + 2, 2, TRUE) - ICC_START);
    }
  return n ? g_byte_array_free_to_bytes (g_steal_pointer (&profile)) : NULL;
}

/* Bits of the first chunk that say that there is a profile, and EXIF (RFC 9649, section 2.7). */
#define WEBP_ICCP 0x20
#define WEBP_EXIF 0x08

static GBytes *
take_from_webp (const guint8 *data,
                gsize         size,
                Rest         *rest,
                int          *orientation)
{
  GBytes *profile = NULL;
  guint64 length, at;

  append (rest, data, 12);
  for (at = 12; at + 8 <= size; at += length)
    {
      const guint64 content = MIN (get_number (data + at + 4, 4, FALSE), size - at - 8);

      length = MIN (8 + content + content % 2, size - at);
      if (memcmp (data + at, "ICCP", 4) == 0 && ! profile)
        profile = g_bytes_new (data + at + 8, content);
      else if (memcmp (data + at, "EXIF", 4) == 0)
        *orientation = p2p_exif_orientation (data + at + 8, content);
      else
        append (rest, data + at, length);
    }
  append (rest, data + at, size - at);

  if (rest->size > 20 && memcmp (rest->data + 12, "VP8X", 4) == 0)
    rest->data[20] &= ~(WEBP_ICCP | WEBP_EXIF);
  for (int i = 0; i < 4; i++)
    rest->data[4 + i] = (rest->size - 8) >> 8 * i;
  return profile;
}

gboolean
p2p_file_strip (const guint8  *data,
                gsize          size,
                GBytes       **bare,
                GBytes       **profile,
                int           *orientation,
                GError       **error)
{
  const gboolean webp = p2p_is_webp (data, size);
  const gboolean jpeg = size >= 4 && data[0] == 0xff && data[1] == 0xd8;
  Rest           rest = { NULL };

  *bare = *profile = NULL;
  if (! webp && ! jpeg)
    return TRUE;
  rest.data = p2p_try_new (guint8, size, error);
  if (! rest.data)
    return FALSE;

  *profile = webp ? take_from_webp (data, size, &rest, orientation)
                  : take_from_jpeg (data, size, &rest);
  if (rest.size < size)
    *bare = g_bytes_new_take (rest.data, rest.size);
  else
    g_free (rest.data);
  return TRUE;
}

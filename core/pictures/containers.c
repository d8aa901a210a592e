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

/* Returns the value of a tag that holds a single 16-bit integer, from the first directory of a TIFF
 * file (TIFF 6.0, section 2), or 0 if there is no such tag.  EXIF data have the form of a TIFF
 * file. */
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

/* Walks over the chunks (RFC 9649, section 2.3).  A chunk is a name, a length and as many bytes,
 * padded to an even number.  Returns FALSE if the file ends too early. */
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

/* Whether a JPEG has its end marker.  This has to be checked because the reader invents missing
 * pixels: gray below the place where the file was cut off, or a blurred picture.  The walk goes
 * from marker to marker (ITU-T T.81, annex B).  Segments tell their length.  The data of a scan
 * follow its header without a length; in them 0xff is followed by 0 or by the number of a
 * restart. */
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

/* Returns the place behind the sub-blocks that begin at place, or size if the file ends before.  A
 * sub-block is a length byte and as many bytes; the last one has the length 0 (GIF89a, section
 * 15). */
static gsize
skip_blocks (const guint8 *data,
             gsize         size,
             gsize         place)
{
  while (place < size && data[place])
    place += 1 + data[place];
  return MIN (place + 1, size);
}

/* Returns the bytes of the color table that a byte of flags announces. */
static gsize
table_size (guint8 flags)
{
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/* Whether a GIF has its end.  This has to be checked because some readers fill in missing
 * pixels. */
static gboolean
is_complete_gif (const guint8 *data,
                 gsize         size)
{
  gsize place = size >= 13 ? 13 + table_size (data[10]) : size;

  while (place < size && data[place] != 0x3b)
    {
      /* Before its sub-blocks, an extension has a label; an image has its position and size, a
       * color table and a code size. */
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

/* ---- Taking out profile and orientation --------------------------------------------------- */

/* A copy of the bytes that stay, with room for the whole file. */
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

#define ICC_HEAD   "ICC_PROFILE"     /* then a zero, the part's number, the number of parts */
#define ICC_START  (4 + sizeof ICC_HEAD + 2)
#define MAX_PARTS  256

/* Copies a JPEG to rest without its profile.  Returns the profile, or NULL if there is none or a
 * part of it is missing.  APP2 segments before the first scan hold the parts (ICC.1:2022, annex
 * B.4). */
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
      /* Any number of fill bytes 0xff may precede a marker. */
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

/* Flags in the first chunk, VP8X, which say that the file has a profile or EXIF (RFC 9649, section
 * 2.7). */
#define WEBP_ICCP 0x20
#define WEBP_EXIF 0x08

/* Copies a WebP to rest without its profile and EXIF.  Returns the profile or NULL. */
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

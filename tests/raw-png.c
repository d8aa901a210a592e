/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See raw-png.h. */

#include "raw-png.h"

#include <string.h>

static void
append_u32 (GByteArray *bytes,
            guint32     value)
{
  const guint8 big_endian[] = { value >> 24, value >> 16, value >> 8, value };

  g_byte_array_append (bytes, big_endian, 4);
}

guint32
raw_crc (const guint8 *data,
         gsize         size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
    }
  return ~crc;
}

static guint32
adler32 (const guint8 *data,
         gsize         size)
{
  guint32 a = 1, b = 0;

  for (gsize i = 0; i < size; i++)
    {
      a = (a + data[i]) % 65521;
      b = (b + a) % 65521;
    }
  return b << 16 | a;
}

static void
append_chunk (GByteArray   *file,
              const char   *type,
              const guint8 *data,
              gsize         size)
{
  const guint start = file->len + 4;

  append_u32 (file, size);
  g_byte_array_append (file, (const guint8 *) type, 4);
  if (size)
    g_byte_array_append (file, data, size);
  append_u32 (file, raw_crc (file->data + start, size + 4));
}

GByteArray *
raw_zlib (const guint8 *data,
          gsize         size)
{
  GByteArray   *stream = g_byte_array_new ();
  const guint8  zlib[] = { 0x78, 0x01 };

  g_assert (size < 65536);
  g_byte_array_append (stream, zlib, 2);
  g_byte_array_append (stream, (const guint8[]) { 1, size & 255, size >> 8, ~size & 255,
                                                  (~size >> 8) & 255 }, 5);
  g_byte_array_append (stream, data, size);
  append_u32 (stream, adler32 (data, size));
  return stream;
}

static void
append_chunks (GByteArray     *file,
               const RawChunk *chunk,
               gboolean        late)
{
  for (; chunk && chunk->name; chunk++)
    {
      if (chunk->late == late)
        append_chunk (file, chunk->name, chunk->data, chunk->size);
    }
}

/* Appends the rows of the pixels with x = x0, x0 + dx … and y = y0, y0 + dy … */
static void
append_rows (GByteArray   *rows,
             const RawPng *png,
             guint      (* sample) (const RawPng *png, int x, int y, int c),
             int           x0,
             int           dx,
             int           y0,
             int           dy)
{
  static const int channels[] = { 1, 0, 3, 1, 2, 0, 4 };

  for (int y = y0; y < png->height && x0 < png->width; y += dy)
    {
      guint8 byte   = 0;
      int    n_bits = 0;

      g_byte_array_append (rows, &byte, 1);
      for (int x = x0; x < png->width; x += dx)
        {
          for (int c = 0; c < channels[png->type]; c++)
            {
              for (int bit = png->depth - 1; bit >= 0; bit--)
                {
                  byte = byte << 1 | (sample (png, x, y, c) >> bit & 1);
                  if (++n_bits % 8 == 0)
                    g_byte_array_append (rows, &byte, 1);
                }
            }
        }
      byte <<= (8 - n_bits % 8) % 8;
      if (n_bits % 8)
        g_byte_array_append (rows, &byte, 1);
    }
}

GByteArray *
raw_png (const RawPng *png,
         guint      (* sample) (const RawPng *png, int x, int y, int c))
{
  static const guint8    signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  static const guint8    adam7[7][4] = { { 0, 8, 0, 8 }, { 4, 8, 0, 8 }, { 0, 4, 4, 8 },
                                         { 2, 4, 0, 4 }, { 0, 2, 2, 4 }, { 1, 2, 0, 2 },
                                         { 0, 1, 1, 2 } };
  GByteArray            *file        = g_byte_array_new ();
  g_autoptr (GByteArray) header      = g_byte_array_new ();
  g_autoptr (GByteArray) rows        = g_byte_array_new ();
  g_autoptr (GByteArray) stream      = NULL;

  append_u32 (header, png->width);
  append_u32 (header, png->height);
  g_byte_array_append (header, (const guint8[]) { png->depth, png->type, 0, 0,
                                                  png->interlaced ? 1 : 0 }, 5);

  g_byte_array_append (file, signature, sizeof signature);
  append_chunk (file, "IHDR", header->data, header->len);
  append_chunks (file, png->chunks, FALSE);
  if (png->palette)
    append_chunk (file, "PLTE", png->palette, png->palette_size);
  if (png->trns)
    append_chunk (file, "tRNS", png->trns, png->trns_size);

  if (! png->interlaced)
    append_rows (rows, png, sample, 0, 1, 0, 1);
  for (int pass = 0; png->interlaced && pass < 7; pass++)
    append_rows (rows, png, sample, adam7[pass][0], adam7[pass][1], adam7[pass][2],
                 adam7[pass][3]);

  stream = raw_zlib (rows->data, rows->len);
  append_chunk (file, "IDAT", stream->data, stream->len);
  append_chunks (file, png->chunks, TRUE);
  append_chunk (file, "IEND", NULL, 0);
  return file;
}

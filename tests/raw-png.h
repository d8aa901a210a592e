/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes PNG files byte by byte from the specification (ISO/IEC 15948) and without libpng, so that
 * the reader is not tested against itself.  The data is "compressed" into stored blocks, and rows
 * have no filter. */

#pragma once

#include <glib.h>

typedef struct
{
  const char   *name;          /* NULL ends a list */
  const guint8 *data;
  gsize         size;
  gboolean      late;          /* after the pixels */
} RawChunk;

typedef struct
{
  int           width, height;
  int           depth;         /* bits of a sample */
  int           type;          /* 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha */
  gboolean      interlaced;
  const guint8 *palette;       /* PLTE, or NULL */
  gsize         palette_size;
  const guint8 *trns;          /* tRNS, or NULL */
  gsize         trns_size;
  const RawChunk *chunks;      /* others, or NULL */
} RawPng;

/* Returns the bytes of the file.  sample () returns the value of channel c at x, y. */
GByteArray * raw_png (const RawPng *png, guint (* sample) (const RawPng *png, int x, int y, int c));

/* A zlib stream of at most 65535 stored bytes. */
GByteArray * raw_zlib (const guint8 *data, gsize size);

/* The checksum of a chunk's name and data, which stands behind them. */
guint32      raw_crc  (const guint8 *data, gsize size);

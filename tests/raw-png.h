/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes PNG files byte by byte, from the specification (ISO/IEC 15948) and without libpng, so that
 * the reader is tested against something else than itself.  The data is "compressed" as stored
 * blocks; rows have no filter. */

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

/* The file's bytes; sample () gives the value of channel c at x, y. */
GByteArray * raw_png (const RawPng *png, guint (* sample) (const RawPng *png, int x, int y, int c));

/* A zlib stream of stored bytes, at most 65535. */
GByteArray * raw_zlib (const guint8 *data, gsize size);

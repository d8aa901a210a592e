/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes ICC profiles byte by byte from the specification (ICC.1:2022), also wrong ones. */

#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char   *name;    /* NULL ends a list */
  const guint8 *data;
  gsize         size;
} Tag;

static inline void
put_u32 (guint8  *to,
         guint32  value)
{
  to[0] = value >> 24;
  to[1] = value >> 16;
  to[2] = value >> 8;
  to[3] = value;
}

/* A profile of a display.  space is "RGB " or "GRAY". */
static inline GByteArray *
make_profile (const char *space,
              const Tag  *tags)
{
  GByteArray *bytes = g_byte_array_new ();
  guint       n     = 0;

  while (tags[n].name)
    n++;
  g_byte_array_set_size (bytes, 132 + 12 * n);
  memset (bytes->data, 0, bytes->len);
  bytes->data[8] = 4;
  memcpy (bytes->data + 12, "mntr", 4);
  memcpy (bytes->data + 16, space, 4);
  memcpy (bytes->data + 20, "XYZ ", 4);
  memcpy (bytes->data + 36, "acsp", 4);
  put_u32 (bytes->data + 68, 0xf6d6);
  put_u32 (bytes->data + 72, 0x10000);
  put_u32 (bytes->data + 76, 0xd32d);
  put_u32 (bytes->data + 128, n);

  for (guint i = 0; i < n; i++)
    {
      guint8 *entry = bytes->data + 132 + 12 * i;

      memcpy (entry, tags[i].name, 4);
      put_u32 (entry + 4, bytes->len);
      put_u32 (entry + 8, tags[i].size);
      g_byte_array_append (bytes, tags[i].data, tags[i].size);
      g_byte_array_append (bytes, (const guint8[3]) { 0 }, -bytes->len % 4);
    }
  put_u32 (bytes->data, bytes->len);
  return bytes;
}

static inline GBytes *
as_bytes (GByteArray *array)
{
  return g_byte_array_free_to_bytes (array);
}

/* An XYZ tag of 20 bytes. */
static inline void
put_xyz (guint8       *to,
         const double *xyz)
{
  memcpy (to, "XYZ \0\0\0\0", 8);
  for (int i = 0; i < 3; i++)
    put_u32 (to + 8 + 4 * i, (gint32) lrint (xyz[i] * 65536));
}

/* An RGB profile with the XYZ of red, green and blue, and one curve for all three. */
static inline GByteArray *
make_rgb_profile (const double  colorants[3][3],
                  const guint8 *curve,
                  gsize         size)
{
  guint8 xyz[3][20];

  for (int i = 0; i < 3; i++)
    put_xyz (xyz[i], colorants[i]);
  return make_profile ("RGB ", (const Tag[]) {
      { "rXYZ", xyz[0], 20 }, { "gXYZ", xyz[1], 20 }, { "bXYZ", xyz[2], 20 },
      { "rTRC", curve, size }, { "gTRC", curve, size }, { "bTRC", curve, size }, { NULL } });
}

static inline void
append_u16 (GByteArray *bytes,
            guint       value)
{
  g_byte_array_append (bytes, (const guint8[]) { value >> 8, value }, 2);
}

/* The content of a table with 2 × 2 × 2 corners (lut16Type, 10.10).  With a matrix, the table
 * passes on what the matrix makes of the three values.  Without one, it converts linear RGB to XYZ
 * by the colorants. */
static inline GByteArray *
make_table (const double *matrix,
            const double  colorants[3][3])
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) "mft2\0\0\0\0\3\3\2", 12);
  g_byte_array_set_size (bytes, 48);
  for (int i = 0; i < 9; i++)
    put_u32 (bytes->data + 12 + 4 * i,
             (gint32) lrint ((matrix ? matrix[i] : i % 4 == 0) * 65536));
  append_u16 (bytes, 2);
  append_u16 (bytes, 2);
  for (int i = 0; i < 6; i++)
    append_u16 (bytes, i % 2 * 65535);
  for (int corner = 0; corner < 8; corner++)
    for (int i = 0; i < 3; i++)
      {
        const int    rgb[3] = { corner >> 2, corner >> 1 & 1, corner & 1 };
        const double xyz    = rgb[0] * colorants[0][i] + rgb[1] * colorants[1][i]
                              + rgb[2] * colorants[2][i];

        append_u16 (bytes, matrix ? rgb[i] * 65535 : lrint (CLAMP (xyz, 0, 1) * 32768));
      }
  for (int i = 0; i < 6; i++)
    append_u16 (bytes, i % 2 * 65535);
  return bytes;
}

/* Published with these color spaces. */
static const double SRGB[3][3]   = { { 0.43607, 0.22249, 0.01392 }, { 0.38515, 0.71687, 0.09708 },
                                     { 0.14307, 0.06061, 0.71410 } };
static const double ADOBE[3][3]  = { { 0.60974, 0.31111, 0.01947 }, { 0.20528, 0.62567, 0.06087 },
                                     { 0.14919, 0.06322, 0.74457 } };
static const double P3[3][3]     = { { 0.51512, 0.24120, -0.00105 }, { 0.29198, 0.69225, 0.04189 },
                                     { 0.15710, 0.06657, 0.78407 } };
static const double BT2020[3][3] = { { 0.67346, 0.27903, -0.00193 }, { 0.16566, 0.67534, 0.02998 },
                                     { 0.12505, 0.04561, 0.79686 } };

/* curv: an exponent of 2 + 51/256, which is Adobe RGB's. */
static const guint8 GAMMA_ADOBE[] = "curv\0\0\0\0\0\0\0\1\x02\x33";

/* para 3: sRGB's curve. */
static const guint8 CURVE_SRGB[] = "para\0\0\0\0\0\3\0\0" "\0\2\x66\x66" "\0\0\xf2\xa7"
                                   "\0\0\x0d\x59" "\0\0\x13\xd0" "\0\0\x0a\x5b";

/* An RGB profile that only has the direction for reading, as scanners have them: linear light in
 * Adobe RGB's colors. */
static inline GByteArray *
make_one_way_profile (void)
{
  g_autoptr (GByteArray) table = make_table (NULL, ADOBE);

  return make_profile ("RGB ", (const Tag[]) { { "A2B0", table->data, table->len }, { NULL } });
}

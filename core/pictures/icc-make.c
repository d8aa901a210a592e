/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Colour spaces from their primaries, and the smallest profile that says so.  PNG files may tell
 * their colours by numbers alone; as a profile they go the same way as all others. */

#include "icc.h"

#include "base/intl.h"
#include "p2p.h"

#include <math.h>
#include <string.h>

const P2pPrimaries p2p_primaries_srgb = { { 0.3127, 0.64, 0.30, 0.15 },
                                          { 0.3290, 0.33, 0.60, 0.06 } };

const P2pTransfer p2p_transfer_srgb = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };

#define TAGS_START 132

/* ---- Matrices ----------------------------------------------------------------------------- */

gboolean
p2p_icc_invert (const double *m,
                double       *inverse)
{
  double determinant = 0.0;

  /* Cofactors; cyclic indices give their signs. */
  for (int i = 0; i < 9; i++)
    {
      const int r1 = (i % 3 + 1) % 3, r2 = (i % 3 + 2) % 3;
      const int c1 = (i / 3 + 1) % 3, c2 = (i / 3 + 2) % 3;

      inverse[i] = m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
    }
  for (int k = 0; k < 3; k++)
    determinant += m[k] * inverse[3 * k];
  for (int i = 0; i < 9; i++)
    inverse[i] /= determinant;

  return fabs (determinant) > 1e-3 && fabs (determinant) < 1e6;
}

static void
multiply (const double *a,
          const double *b,
          double       *result)
{
  for (int i = 0; i < 9; i++)
    result[i] = a[i / 3 * 3] * b[i % 3] + a[i / 3 * 3 + 1] * b[3 + i % 3]
                + a[i / 3 * 3 + 2] * b[6 + i % 3];
}

/* From one white to D50: ICC.1:2022, annex E.3, the Bradford transform. */
static gboolean
adapt_to_d50 (const double *white,
              double       *adaptation)
{
  static const double d50[3]      = { 0.9642, 1.0, 0.8249 };
  static const double bradford[9] = { 0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367,
                                      0.0389, -0.0685, 1.0296 };
  double              inverse[9], scaled[9];

  p2p_icc_invert (bradford, inverse);
  for (int i = 0; i < 3; i++)
    {
      double from = 0, to = 0;

      for (int k = 0; k < 3; k++)
        {
          from += bradford[3 * i + k] * white[k];
          to   += bradford[3 * i + k] * d50[k];
        }
      if (! (from > 1e-6))
        return FALSE;
      for (int k = 0; k < 3; k++)
        scaled[3 * i + k] = to / from * bradford[3 * i + k];
    }
  multiply (inverse, scaled, adaptation);
  return TRUE;
}

gboolean
p2p_icc_colorants (const P2pPrimaries *primaries,
                   double             *m)
{
  double xyz[4][3], columns[9], inverse[9], adaptation[9];

  for (int i = 0; i < 4; i++)
    {
      const double x = primaries->x[i], y = primaries->y[i];

      if (! (y > 1e-6))
        return FALSE;
      xyz[i][0] = x / y;
      xyz[i][1] = 1.0;
      xyz[i][2] = (1 - x - y) / y;
    }

  /* As much of each as makes white of the three. */
  for (int i = 0; i < 9; i++)
    columns[i] = xyz[1 + i % 3][i / 3];
  if (! p2p_icc_invert (columns, inverse) || ! adapt_to_d50 (xyz[0], adaptation))
    return FALSE;
  for (int i = 0; i < 9; i++)
    {
      const double *row = inverse + i % 3 * 3;

      columns[i] *= row[0] * xyz[0][0] + row[1] * xyz[0][1] + row[2] * xyz[0][2];
    }
  multiply (adaptation, columns, m);
  return TRUE;
}

/* ---- Making a profile --------------------------------------------------------------------- */

static void
append_u32 (GByteArray *bytes,
            guint32     value)
{
  const guint32 big_endian = GUINT32_TO_BE (value);

  g_byte_array_append (bytes, (const guint8 *) &big_endian, 4);
}

static void
append_text (GByteArray *bytes,
             const char *text,
             gsize       size)
{
  g_byte_array_append (bytes, (const guint8 *) text, size);
}

static void
append_fixed (GByteArray   *bytes,
              const double *values,
              int           n,
              int           step)
{
  for (int i = 0; i < n; i++)
    append_u32 (bytes, (gint32) lrint (values[i * step] * 65536));
}

/* The header (7.2): version 4.3, a display's profile of RGB. */
static void
append_header (GByteArray *bytes)
{
  static const double d50[3]  = { 0.9642, 1.0, 0.8249 };
  static const guint8 none[48] = { 0 };

  append_u32 (bytes, 0);                                       /* the size, later */
  append_u32 (bytes, 0);
  append_u32 (bytes, 0x04300000);
  append_text (bytes, "mntrRGB XYZ ", 12);
  append_text (bytes, "\x07\xea\0\1\0\1\0\0\0\0\0\0" "acsp", 16);    /* made: 2026-01-01 */
  g_byte_array_append (bytes, none, 28);
  append_fixed (bytes, d50, 3, 1);
  g_byte_array_append (bytes, none, 48);
}

/* A text of multiLocalizedUnicodeType (10.15), in English. */
static void
append_mluc (GByteArray *bytes,
             const char *text)
{
  append_text (bytes, "mluc\0\0\0", 8);
  append_u32 (bytes, 1);
  append_u32 (bytes, 12);
  append_text (bytes, "enUS", 4);
  append_u32 (bytes, 2 * strlen (text));
  append_u32 (bytes, 28);
  for (; *text; text++)
    g_byte_array_append (bytes, (const guint8[]) { 0, *text }, 2);
}

/* Fills in the entry of the tag whose content has just been appended, from start on. */
static void
finish_tag (GByteArray *bytes,
            int         index,
            const char *name,
            guint       start)
{
  guint8       *entry  = bytes->data + TAGS_START + 12 * index;
  const guint32 offset = GUINT32_TO_BE (start);
  const guint32 size   = GUINT32_TO_BE (bytes->len - start);

  memcpy (entry, name, 4);
  memcpy (entry + 4, &offset, 4);
  memcpy (entry + 8, &size, 4);
  while (bytes->len % 4)
    append_text (bytes, "", 1);
}

GBytes *
p2p_icc_make (const P2pPrimaries  *primaries,
              const P2pTransfer   *transfer,
              GError             **error)
{
  static const char *const names[] = { "desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ",
                                       "rTRC", "gTRC", "bTRC" };
  static const double      d50[3]  = { 0.9642, 1.0, 0.8249 };
  const double             curve[] = { transfer->gamma, transfer->a, transfer->b, transfer->c,
                                       transfer->d };
  GByteArray              *bytes;
  double                   m[9];
  guint32                  size;

  if (! p2p_icc_colorants (primaries, m) || ! (transfer->gamma > 0.01 && transfer->gamma < 100))
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                           _("what it says about its colours makes no sense"));
      return NULL;
    }

  bytes = g_byte_array_new ();
  append_header (bytes);
  append_u32 (bytes, G_N_ELEMENTS (names));
  g_byte_array_set_size (bytes, TAGS_START + 12 * G_N_ELEMENTS (names));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const guint start = bytes->len;

      if (i < 2)
        {
          append_mluc (bytes, i == 0 ? "Colours of a PNG file" : "None: made of numbers alone");
        }
      else if (i < 6)
        {
          append_text (bytes, "XYZ \0\0\0", 8);
          append_fixed (bytes, i == 2 ? d50 : m + i - 3, 3, i == 2 ? 1 : 3);
        }
      else
        {
          append_text (bytes, "para\0\0\0\0\0\3\0", 12);
          append_fixed (bytes, curve, G_N_ELEMENTS (curve), 1);
        }
      finish_tag (bytes, i, names[i], start);
    }

  size = GUINT32_TO_BE (bytes->len);
  memcpy (bytes->data, &size, 4);
  return g_byte_array_free_to_bytes (bytes);
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See icc.h.  Section numbers are those of ICC.1:2022.
 *
 * Whatever a curve looks like in the profile, it becomes a table with an entry for each sample of
 * 16 bits.  So decoding is exact, and encoding looks for the place in the same table. */

#include "icc.h"

#include "base/intl.h"
#include "p2p.h"

#include <math.h>
#include <string.h>

#define HEADER_SIZE 128
#define TABLE_SIZE  65536
#define N_PLACES    4096

/* Differences in samples and in the matrix up to which a profile is sRGB: rounding in the many
 * profiles that are called so. */
#define SRGB_TOLERANCE 0.0005

typedef struct
{
  float   light[TABLE_SIZE];       /* of each sample; it never falls */
  guint16 first[N_PLACES + 2];     /* the first sample whose light has this place, or a later one */
} Curve;

struct _P2pIcc
{
  gboolean  gray;
  gboolean  srgb;          /* nothing needs converting */
  Curve    *curves[3];     /* gray has the first only */
  double    to_srgb[9];    /* light in the profile's colours → in those of sRGB */
  double    from_srgb[9];
};

void
p2p_icc_free (P2pIcc *icc)
{
  for (int i = 0; i < 3; i++)
    g_free (icc->curves[i]);
  g_free (icc);
}

gboolean
p2p_icc_is_gray (const P2pIcc *icc)
{
  return icc->gray;
}

/* ---- Reading ------------------------------------------------------------------------------ */

static gboolean
fail_damaged (GError **error)
{
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("its colour profile is damaged: remove it or assign sRGB to the picture"));
  return FALSE;
}

static gboolean
fail_unsupported (GError **error)
{
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                       _("its colour profile is of a kind that is not read: convert the picture "
                         "to sRGB first"));
  return FALSE;
}

static guint32
get_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static guint16
get_u16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

/* An s15Fixed16Number (4.6). */
static double
get_fixed (const guint8 *data)
{
  return (gint32) get_u32 (data) / 65536.0;
}

static gboolean
is_signature (const guint8 *data,
              const char   *signature)
{
  return memcmp (data, signature, 4) == 0;
}

/* The content of a tag (7.3), at least 12 bytes; NULL when there is none. */
static const guint8 *
find_tag (const guint8 *data,
          gsize         size,
          const char   *signature,
          gsize        *tag_size)
{
  const gsize n = MIN (get_u32 (data + HEADER_SIZE), (size - HEADER_SIZE - 4) / 12);

  for (gsize i = 0; i < n; i++)
    {
      const guint8 *entry  = data + HEADER_SIZE + 4 + 12 * i;
      const gsize   offset = get_u32 (entry + 4);

      *tag_size = get_u32 (entry + 8);
      if (is_signature (entry, signature))
        return offset <= size && *tag_size <= size - offset && *tag_size >= 12 ? data + offset
                                                                                : NULL;
    }
  return NULL;
}

/* curveType (10.6): nothing for a straight line, an exponent, or samples. */
static gboolean
read_curv (const guint8 *tag,
           gsize         size,
           float        *table)
{
  const gsize n = get_u32 (tag + 8);

  if (n > (size - 12) / 2)
    return FALSE;

  for (int i = 0; i < TABLE_SIZE; i++)
    {
      const double v     = i / (TABLE_SIZE - 1.0);
      const double place = v * (n > 1 ? n - 1 : 0);
      const gsize  below = place;

      if (n == 0)
        table[i] = v;
      else if (n == 1)
        table[i] = pow (v, get_u16 (tag + 12) / 256.0);
      else
        {
          const double low  = get_u16 (tag + 12 + 2 * below);
          const double high = get_u16 (tag + 12 + 2 * MIN (below + 1, n - 1));

          table[i] = (low + (place - below) * (high - low)) / 65535;
        }
    }
  return TRUE;
}

/* parametricCurveType (10.18): five functions that are special cases of the last,
 * (a v + b)^g + e from d on, c v + f below. */
static gboolean
read_para (const guint8 *tag,
           gsize         size,
           float        *table)
{
  static const int n_values[] = { 1, 3, 4, 5, 7 };
  const guint      type = get_u16 (tag + 8);
  double           p[7] = { 1, 1, 0, 0, 0, 0, 0 };     /* g a b c d e f */

  if (type >= G_N_ELEMENTS (n_values) || (size - 12) / 4 < (gsize) n_values[type])
    return FALSE;

  for (int i = 0; i < n_values[type]; i++)
    p[i] = get_fixed (tag + 12 + 4 * i);
  if (type == 1 || type == 2)
    {
      /* The fourth is what is added; the function is flat below its zero. */
      p[5] = p[6] = p[3];
      p[3] = 0;
      p[4] = -p[2] / p[1];
    }

  for (int i = 0; i < TABLE_SIZE; i++)
    {
      const double v = i / (TABLE_SIZE - 1.0);

      table[i] = v >= p[4] ? pow (fmax (p[1] * v + p[2], 0), p[0]) + p[5] : p[3] * v + p[6];
    }
  return TRUE;
}

/* Of light in the curve's range, 0 to N_PLACES: where to look for its sample.  The root spreads
 * them much as the samples are.  More light never has an earlier place. */
static int
get_place (const Curve *curve,
           double       light)
{
  const double least = curve->light[0], most = curve->light[TABLE_SIZE - 1];

  return sqrt ((light - least) / (most - least)) * N_PLACES;
}

static gboolean
read_curve (P2pIcc       *icc,
            int           index,
            const guint8 *tag,
            gsize         size)
{
  Curve *curve = g_new (Curve, 1);
  float *table = curve->light;
  int    place = 0;

  icc->curves[index] = curve;
  if (! tag || ! (is_signature (tag, "curv") ? read_curv (tag, size, table)
                                             : is_signature (tag, "para") &&
                                               read_para (tag, size, table)))
    return FALSE;

  /* Measured curves may fall a little, which has no inverse. */
  for (int i = 0; i < TABLE_SIZE; i++)
    {
      if (! (fabsf (table[i]) < 100.0f))
        return FALSE;
      table[i] = fmaxf (table[i], table[MAX (i - 1, 0)]);
    }
  if (table[TABLE_SIZE - 1] <= table[0])
    return FALSE;

  for (int i = 0; i < TABLE_SIZE; i++)
    {
      while (place <= get_place (curve, table[i]))
        curve->first[place++] = i;
    }
  curve->first[N_PLACES + 1] = TABLE_SIZE - 1;
  return TRUE;
}

/* The matrix columns (9.2.44 and others), as light of sRGB's colours. */
static gboolean
read_matrix (P2pIcc       *icc,
             const guint8 *data,
             gsize         size)
{
  static const char *const names[] = { "rXYZ", "gXYZ", "bXYZ" };
  double                   matrix[9], srgb[9], inverse[9];

  for (int column = 0; column < 3; column++)
    {
      gsize         tag_size;
      const guint8 *tag = find_tag (data, size, names[column], &tag_size);

      if (! tag || ! is_signature (tag, "XYZ ") || tag_size < 20)
        return FALSE;
      for (int row = 0; row < 3; row++)
        matrix[3 * row + column] = get_fixed (tag + 8 + 4 * row);
    }

  p2p_icc_colorants (&p2p_primaries_srgb, srgb);
  p2p_icc_invert (srgb, inverse);
  for (int i = 0; i < 9; i++)
    {
      icc->srgb = icc->srgb && fabs (matrix[i] - srgb[i]) <= SRGB_TOLERANCE;
      icc->to_srgb[i] = 0;
      for (int k = 0; k < 3; k++)
        icc->to_srgb[i] += inverse[i / 3 * 3 + k] * matrix[3 * k + i % 3];
    }
  return p2p_icc_invert (icc->to_srgb, icc->from_srgb);
}

/* ---- sRGB --------------------------------------------------------------------------------- */

/* IEC 61966-2-1, continued beyond 0 and 1. */
static double
srgb_encode (double light)
{
  const double size = fabs (light);

  return copysign (size <= 0.0031308 ? 12.92 * size : 1.055 * pow (size, 1 / 2.4) - 0.055, light);
}

static double
srgb_decode (double value)
{
  const double size = fabs (value);

  return copysign (size <= 0.04045 ? size / 12.92 : pow ((size + 0.055) / 1.055, 2.4), value);
}

static gboolean
is_srgb_curve (const float *table)
{
  for (int i = 0; i < TABLE_SIZE; i += 257)
    {
      if (fabs (srgb_encode (table[i]) - i / (TABLE_SIZE - 1.0)) > SRGB_TOLERANCE)
        return FALSE;
    }
  return TRUE;
}

/* ---- The profile -------------------------------------------------------------------------- */

/* Whether colours are given by tables of many dimensions, which take precedence (8.10). */
static gboolean
has_tables (const guint8 *data,
            gsize         size)
{
  gsize tag_size;

  return find_tag (data, size, "A2B0", &tag_size) || find_tag (data, size, "A2B1", &tag_size);
}

static gboolean
read_profile (P2pIcc        *icc,
              const guint8  *data,
              gsize          size,
              GError       **error)
{
  static const char *const names[] = { "rTRC", "gTRC", "bTRC" };

  if (size < HEADER_SIZE + 4 || get_u32 (data) > size || get_u32 (data) < HEADER_SIZE + 4 ||
      ! is_signature (data + 36, "acsp"))
    return fail_damaged (error);
  size = get_u32 (data);

  icc->gray = is_signature (data + 16, "GRAY");
  icc->srgb = TRUE;
  if (data[8] > 4 || ! (icc->gray || is_signature (data + 16, "RGB ")) ||
      ! is_signature (data + 20, "XYZ ") || has_tables (data, size))
    return fail_unsupported (error);

  for (int i = 0; i < (icc->gray ? 1 : 3); i++)
    {
      gsize         tag_size;
      const guint8 *tag = find_tag (data, size, icc->gray ? "kTRC" : names[i], &tag_size);

      if (! read_curve (icc, i, tag, tag_size))
        return fail_damaged (error);
      icc->srgb = icc->srgb && is_srgb_curve (icc->curves[i]->light);
    }
  if (! icc->gray && ! read_matrix (icc, data, size))
    return fail_damaged (error);
  return TRUE;
}

P2pIcc *
p2p_icc_new (GBytes  *profile,
             GError **error)
{
  g_autoptr (P2pIcc) icc  = g_new0 (P2pIcc, 1);
  gsize              size;
  const guint8      *data = g_bytes_get_data (profile, &size);

  return read_profile (icc, data, size, error) ? g_steal_pointer (&icc) : NULL;
}

/* ---- Converting --------------------------------------------------------------------------- */

static double
curve_light (const Curve *curve,
             float        value)
{
  const float *table = curve->light;
  const double place = CLAMP (value, 0.0f, 1.0f) * (TABLE_SIZE - 1.0);
  const int    below = place;

  return table[below] + (place - below) * (table[MIN (below + 1, TABLE_SIZE - 1)] - table[below]);
}

/* The first sample that has this light; what is outside of the curve is clipped. */
static float
curve_value (const Curve *curve,
             double       light)
{
  const float *table = curve->light;
  int          place, low, high;

  /* In this order what is not a number gives 0. */
  if (! (light > table[0]))
    return 0.0f;
  if (light >= table[TABLE_SIZE - 1])
    return 1.0f;

  place = get_place (curve, light);
  low = MAX (curve->first[place] - 1, 0);
  high = curve->first[place + 1];

  while (high - low > 1)
    {
      const int middle = (low + high) / 2;

      if (table[middle] < light)
        low = middle;
      else
        high = middle;
    }
  return (low + (light - table[low]) / (table[high] - table[low])) / (TABLE_SIZE - 1);
}

static void
multiply (const double *m,
          const double *v,
          double       *result)
{
  for (int i = 0; i < 3; i++)
    result[i] = m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2];
}

void
p2p_icc_decode (const P2pIcc *icc,
                float        *pixels,
                gsize         n,
                int           channels)
{
  const int colors = channels < 3 ? 1 : 3;

  if (icc->srgb)
    return;

  for (gsize i = 0; i < n; i++, pixels += channels)
    {
      double light[3], converted[3];

      /* Green stands for the three curves, which are the same where such files are made. */
      if (colors == 1 || icc->gray)
        {
          for (int k = 0; k < colors; k++)
            pixels[k] = srgb_encode (curve_light (icc->curves[icc->gray ? 0 : 1], pixels[k]));
          continue;
        }

      for (int k = 0; k < 3; k++)
        light[k] = curve_light (icc->curves[k], pixels[k]);
      multiply (icc->to_srgb, light, converted);
      for (int k = 0; k < 3; k++)
        pixels[k] = srgb_encode (converted[k]);
    }
}

void
p2p_icc_encode (const P2pIcc *icc,
                float        *pixels,
                gsize         n,
                int           channels)
{
  g_return_if_fail (icc->gray == (channels < 3));

  if (icc->srgb)
    return;

  for (gsize i = 0; i < n; i++, pixels += channels)
    {
      double light[3], converted[3];

      if (icc->gray)
        {
          pixels[0] = curve_value (icc->curves[0], srgb_decode (pixels[0]));
          continue;
        }

      for (int k = 0; k < 3; k++)
        light[k] = srgb_decode (pixels[k]);
      multiply (icc->from_srgb, light, converted);
      for (int k = 0; k < 3; k++)
        pixels[k] = curve_value (icc->curves[k], converted[k]);
    }
}

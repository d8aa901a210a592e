/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See icc.h.
 *
 * Little CMS converts between the file's samples and linear light, as amounts of sRGB's red, green
 * and blue.  The curve of sRGB is applied here and not by Little CMS, because Little CMS continues
 * it below 0 as a straight line, while the core mirrors it (color.h). */

#include "icc.h"

#include "base/intl.h"
#include "color.h"
#include "p2p.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>

/* Pixels converted at a time, so that they fit on the stack. */
#define CHUNK 256

/* Light is limited to this, because nonsensical profiles give nonsensical light.  White is 1. */
#define MAX_LIGHT 100.0f

/* A profile counts as sRGB if no sample differs from sRGB by more than this.  Many profiles that
 * are called sRGB differ a little. */
#define SRGB_TOLERANCE 0.0005

/* A profile can encode if decoding, encoding and decoding again changes samples by no more than
 * this in the mean.  Profiles with coarse tables have 0.006. */
#define WAY_BACK_TOLERANCE 0.02

/* The colors on which profiles are tried: all 8-bit grays, then all combinations of LEVELS levels
 * of each channel.  0 is not among the levels, because there a profile's rounding has the largest
 * effect on sRGB values. */
#define LEVELS  4
#define N_TRIED (256 + LEVELS * LEVELS * LEVELS)

/* Where the header of a profile holds its date (ICC.1:2022, 7.2.8), and the date in all profiles
 * made here, 2026-01-01.  The current time would give other bytes each time. */
#define DATE_OFFSET 24
static const guint8 date[12] = { 0x07, 0xea, 0, 1, 0, 1 };

const double p2p_icc_srgb_xy[8]    = { 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06 };
const double p2p_icc_srgb_curve[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };

struct _P2pIcc
{
  gboolean      gray;
  gboolean      srgb;         /* the profile is sRGB: nothing is converted */
  cmsHTRANSFORM to_light;
  cmsHTRANSFORM from_light;   /* NULL: the profile cannot encode */
};

void
p2p_icc_free (P2pIcc *icc)
{
  g_clear_pointer (&icc->to_light, cmsDeleteTransform);
  g_clear_pointer (&icc->from_light, cmsDeleteTransform);
  g_free (icc);
}

/* ---- Converting --------------------------------------------------------------------------- */

/* Clamps to [−MAX_LIGHT, MAX_LIGHT]; NaN becomes 0. */
static float
limit (float light)
{
  return isnan (light) ? 0.0f : CLAMP (light, -MAX_LIGHT, MAX_LIGHT);
}

/* Every pixel is converted as three samples, also a gray one.  With a gray profile Little CMS
 * converts each of the three as a pixel of its own. */
static void
decode_chunk (const P2pIcc *icc,
              float        *pixels,
              gsize         n,
              int           channels)
{
  const int colors = channels < 3 ? 1 : 3;
  float     samples[3 * CHUNK], light[3 * CHUNK];

  for (gsize i = 0; i < 3 * n; i++)
    samples[i] = p2p_unit (pixels[i / 3 * channels + i % colors]);
  cmsDoTransform (icc->to_light, samples, light, icc->gray ? 3 * n : n);
  for (gsize i = 0; i < 3 * n; i++)
    light[i] = limit (light[i]);

  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < colors; k++)
      pixels[i * channels + k] = p2p_srgb_encode (colors == 1 ? p2p_luminance (light + 3 * i)
                                                              : light[3 * i + k]);
}

static void
encode_chunk (const P2pIcc *icc,
              float        *pixels,
              gsize         n,
              int           channels)
{
  const int colors = icc->gray ? 1 : 3;
  float     samples[3 * CHUNK], light[3 * CHUNK];

  for (gsize i = 0; i < colors * n; i++)
    light[i] = limit (p2p_srgb_decode (pixels[i / colors * channels + i % colors]));
  cmsDoTransform (icc->from_light, light, samples, n);
  for (gsize i = 0; i < colors * n; i++)
    pixels[i / colors * channels + i % colors] = p2p_unit (samples[i]);
}

void
p2p_icc_decode (const P2pIcc *icc,
                float        *pixels,
                gsize         n,
                int           channels)
{
  for (gsize i = 0; i < n && ! icc->srgb; i += CHUNK)
    decode_chunk (icc, pixels + i * channels, MIN (CHUNK, n - i), channels);
}

void
p2p_icc_encode (const P2pIcc *icc,
                float        *pixels,
                gsize         n,
                int           channels)
{
  g_return_if_fail (p2p_icc_can_encode (icc, channels < 3));

  for (gsize i = 0; i < n && ! icc->srgb; i += CHUNK)
    encode_chunk (icc, pixels + i * channels, MIN (CHUNK, n - i), channels);
}

gboolean
p2p_icc_can_encode (const P2pIcc *icc,
                    gboolean      gray)
{
  return icc->gray == gray && (icc->srgb || icc->from_light);
}

/* ---- Opening ------------------------------------------------------------------------------ */

static cmsHPROFILE
create_rgb (const double *xy,
            const double *curve)
{
  const cmsCIExyY        white     = { xy[0], xy[1], 1.0 };
  const cmsCIExyYTRIPLE  primaries = { { xy[2], xy[3], 1.0 }, { xy[4], xy[5], 1.0 },
                                       { xy[6], xy[7], 1.0 } };
  cmsToneCurve          *tone      = cmsBuildParametricToneCurve (NULL, 4, curve);
  cmsHPROFILE            profile   = cmsCreateRGBProfile (&white, &primaries,
                                                          (cmsToneCurve *[]) { tone, tone, tone });

  cmsFreeToneCurve (tone);
  return profile;
}

/* Creates the profile of linear light in sRGB's primaries, or of linear gray. */
static cmsHPROFILE
create_light (gboolean gray)
{
  static const double  straight[5] = { 1, 1, 0, 1, 0 };
  cmsToneCurve        *tone;
  cmsHPROFILE          profile;

  if (! gray)
    return create_rgb (p2p_icc_srgb_xy, straight);

  tone = cmsBuildGamma (NULL, 1.0);
  profile = cmsCreateGrayProfile (cmsD50_xyY (), tone);
  cmsFreeToneCurve (tone);
  return profile;
}

static void
create_transforms (P2pIcc      *icc,
                   cmsHPROFILE  profile)
{
  const cmsUInt32Number format = icc->gray ? TYPE_GRAY_FLT : TYPE_RGB_FLT;
  const cmsUInt32Number flags  = cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE;
  cmsHPROFILE           light  = create_light (icc->gray);

  icc->to_light = cmsCreateTransform (profile, format, light, format,
                                      INTENT_RELATIVE_COLORIMETRIC, flags);

  /* If only one direction has a table, Little CMS would use the profile's matrix for the other one
   * and give samples that do not match. */
  if (cmsIsTag (profile, cmsSigAToB0Tag) == cmsIsTag (profile, cmsSigBToA0Tag))
    icc->from_light = cmsCreateTransform (light, format, profile, format,
                                          INTENT_RELATIVE_COLORIMETRIC, flags);
  cmsCloseProfile (light);
}

/* Fills samples [n, channels] with the colors to try.  Returns n. */
static int
fill_tried (float *samples,
            int    channels)
{
  const int n = channels == 1 ? 256 : N_TRIED;

  for (int i = 0; i < n; i++)
    for (int k = 0; k < channels; k++)
      {
        const int color = i - 256, level = color / (k == 0 ? 1 : k == 1 ? LEVELS : LEVELS * LEVELS);

        samples[i * channels + k] = i < 256 ? i / 255.0f
                                            : (level % LEVELS + 1) / (float) LEVELS;
      }
  return n;
}

/* Finds out whether the profile is sRGB, and whether it can encode.  The second has to be tried
 * because Little CMS cannot invert some curves and does not report it. */
static void
try_colors (P2pIcc *icc)
{
  const int channels = icc->gray ? 1 : 3;
  float     samples[3 * N_TRIED], decoded[3 * N_TRIED], again[3 * N_TRIED];
  const int n = fill_tried (samples, channels);
  gboolean  srgb = TRUE;
  double    sum = 0.0;

  memcpy (decoded, samples, n * channels * sizeof (float));
  p2p_icc_decode (icc, decoded, n, channels);
  memcpy (again, decoded, n * channels * sizeof (float));
  if (icc->from_light)
    {
      p2p_icc_encode (icc, again, n, channels);
      p2p_icc_decode (icc, again, n, channels);
    }

  for (int i = 0; i < n * channels; i++)
    {
      srgb = srgb && fabsf (decoded[i] - samples[i]) <= SRGB_TOLERANCE;
      sum += fabsf (decoded[i] - again[i]);
    }
  icc->srgb = srgb;
  if (sum / (n * channels) > WAY_BACK_TOLERANCE)
    g_clear_pointer (&icc->from_light, cmsDeleteTransform);
}

static guint32
get_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* Opens a profile.  Returns NULL if it is damaged, or with *newer TRUE if it is newer than version
 * 4.  Both are checked here because Little CMS reports a newer profile as damaged, and opens one
 * whose end is missing. */
static cmsHPROFILE
open_profile (GBytes   *bytes,
              gboolean *newer)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  *newer = FALSE;
  if (size < 128 || get_u32 (data) > size || memcmp (data + 36, "acsp", 4))
    return NULL;
  *newer = data[8] > 4;
  return *newer ? NULL : cmsOpenProfileFromMem (data, size);
}

static gboolean
is_supported (cmsHPROFILE profile)
{
  const cmsColorSpaceSignature   space = cmsGetColorSpace (profile);
  const cmsProfileClassSignature class = cmsGetDeviceClass (profile);

  return (space == cmsSigGrayData || space == cmsSigRgbData) &&
         (class == cmsSigInputClass || class == cmsSigDisplayClass ||
          class == cmsSigOutputClass || class == cmsSigColorSpaceClass);
}

P2pIcc *
p2p_icc_new (GBytes  *bytes,
             GError **error)
{
  g_autoptr (P2pIcc) icc = g_new0 (P2pIcc, 1);
  gboolean           newer;
  cmsHPROFILE        profile = open_profile (bytes, &newer);
  const gboolean     supported = profile ? is_supported (profile) : ! newer;

  if (profile && supported)
    {
      icc->gray = cmsGetColorSpace (profile) == cmsSigGrayData;
      create_transforms (icc, profile);
    }
  g_clear_pointer (&profile, cmsCloseProfile);

  if (icc->to_light)
    {
      try_colors (icc);
      return g_steal_pointer (&icc);
    }
  if (supported)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                         _("its color profile is damaged: remove it or assign sRGB to the "
                           "picture"));
  else
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                         _("its color profile is of a kind that is not read: convert the picture "
                           "to sRGB first"));
  return NULL;
}

/* ---- Making ------------------------------------------------------------------------------- */

static GBytes *
save_profile (cmsHPROFILE profile)
{
  cmsUInt32Number size = 0;
  guint8         *data;

  if (! cmsSaveProfileToMem (profile, NULL, &size))
    return NULL;
  data = g_malloc (size);
  cmsSaveProfileToMem (profile, data, &size);
  memcpy (data + DATE_OFFSET, date, sizeof date);
  return g_bytes_new_take (data, size);
}

/* Accepts the numbers only if the profile that they make can decode and encode. */
GBytes *
p2p_icc_make (const double  *xy,
              const double  *curve,
              GError       **error)
{
  gboolean           sensible = curve[0] > 0.01 && curve[0] < 100.0;
  cmsHPROFILE        profile  = NULL;
  g_autoptr (GBytes) bytes    = NULL;
  g_autoptr (P2pIcc) icc      = NULL;

  for (int i = 0; i < 8; i++)
    sensible = sensible && xy[i] >= 0.0 && xy[i] <= 1.0 && (i % 2 == 0 || xy[i] > 0.0);
  if (sensible)
    profile = create_rgb (xy, curve);
  if (profile)
    bytes = save_profile (profile);
  g_clear_pointer (&profile, cmsCloseProfile);
  if (bytes)
    icc = p2p_icc_new (bytes, NULL);

  if (icc && p2p_icc_can_encode (icc, FALSE))
    return g_steal_pointer (&bytes);
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("its description of its colors makes no sense"));
  return NULL;
}

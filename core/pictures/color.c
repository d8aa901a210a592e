/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "color.h"

/* Linear sRGB → XYZ divided by the XYZ of the white D65.  Each row sums to 1, so that grays have no
 * chroma at all.  Computed from the primaries of IEC 61966-2-1 and the white X 0.95047, Y 1, Z
 * 1.08883. */
static const float to_xyz[3][3] =
{
  { 0.433949941f, 0.376209770f, 0.189840290f },
  { 0.212672879f, 0.715152128f, 0.072174993f },
  { 0.017756583f, 0.109467961f, 0.872775456f },
};

static const float from_xyz[3][3] =
{
  { 3.079955108f, -1.537139004f, -0.542816104f },
  { -0.921258626f, 1.876011116f, 0.045247509f },
  { 0.052887401f, -0.204025875f, 1.151138474f },
};

/* Where Lab's curve has a value below this, 6/29, it is a straight line. */
#define KNEE 0.20689655f

float
p2p_srgb_decode (float v)
{
  float size = fabsf (v);

  size = size <= 0.04045f ? size / 12.92f : powf ((size + 0.055f) / 1.055f, 2.4f);
  return copysignf (size, v);
}

float
p2p_srgb_encode (float v)
{
  float size = fabsf (v);

  size = size <= 0.0031308f ? size * 12.92f : 1.055f * powf (size, 1.0f / 2.4f) - 0.055f;
  return copysignf (size, v);
}

static float
curve (float t)
{
  return t > KNEE * KNEE * KNEE ? cbrtf (t) : t / (3.0f * KNEE * KNEE) + 4.0f / 29.0f;
}

static float
curve_inverse (float f)
{
  return f > KNEE ? f * f * f : 3.0f * KNEE * KNEE * (f - 4.0f / 29.0f);
}

static float
dot (const float *a,
     const float *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

float
p2p_luminance (const float *linear)
{
  return dot (to_xyz[1], linear);
}

void
p2p_lab_from_rgb (const float *rgb,
                  float       *lab)
{
  float linear[3] = { p2p_srgb_decode (rgb[0]), p2p_srgb_decode (rgb[1]),
                      p2p_srgb_decode (rgb[2]) };
  float x = curve (dot (to_xyz[0], linear));
  float y = curve (p2p_luminance (linear));
  float z = curve (dot (to_xyz[2], linear));

  lab[0] = 116.0f * y - 16.0f;
  lab[1] = 500.0f * (x - y);
  lab[2] = 200.0f * (y - z);
}

float
p2p_lab_lightness (const float *rgb)
{
  float linear[3] = { p2p_srgb_decode (rgb[0]), p2p_srgb_decode (rgb[1]),
                      p2p_srgb_decode (rgb[2]) };

  return 116.0f * curve (p2p_luminance (linear)) - 16.0f;
}

/* Converts Lab, with its chroma multiplied by scale, to linear sRGB. */
static void
to_linear (const float *lab,
           float        scale,
           float       *linear)
{
  float y = (lab[0] + 16.0f) / 116.0f;
  float xyz[3] = { curve_inverse (y + scale * lab[1] / 500.0f), curve_inverse (y),
                   curve_inverse (y - scale * lab[2] / 200.0f) };

  for (int k = 0; k < 3; k++)
    linear[k] = dot (from_xyz[k], xyz);
}

void
p2p_lab_to_rgb (const float *lab,
                float       *rgb)
{
  float linear[3];

  to_linear (lab, 1.0f, linear);
  for (int k = 0; k < 3; k++)
    rgb[k] = p2p_srgb_encode (linear[k]);
}

static gboolean
is_in_gamut (const float *linear)
{
  for (int k = 0; k < 3; k++)
    if (! (linear[k] >= 0.0f && linear[k] <= 1.0f))
      return FALSE;
  return TRUE;
}

void
p2p_lab_to_gamut (const float *lab,
                  float       *rgb)
{
  float linear[3], inside = 0.0f, outside = 1.0f;

  to_linear (lab, 1.0f, linear);
  if (! is_in_gamut (linear))
    {
      /* 18 halvings leave an error of 1 / 2^18 of the chroma. */
      for (int i = 0; i < 18; i++)
        {
          float middle = (inside + outside) / 2.0f;

          to_linear (lab, middle, linear);
          if (is_in_gamut (linear))
            inside = middle;
          else
            outside = middle;
        }
      to_linear (lab, inside, linear);
    }
  for (int k = 0; k < 3; k++)
    rgb[k] = p2p_srgb_encode (linear[k]);
}

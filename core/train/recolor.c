/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* If a network could guess every color from the lines, for example that tomatoes are red, it would
 * learn to ignore the hints.  So some pictures get other colors. */

#include <math.h>

#include "base/memory.h"
#include "base/random.h"
#include "pictures/color.h"
#include "pictures/region.h"
#include "recolor.h"

#define HUE_SHARE        0.5     /* part of the samples whose hues are turned */
#define BACKGROUND_SHARE 0.25    /* part of the samples whose background is painted */
#define PAPER            0.9f    /* brighter than this, in all channels, is paper */

/* Which elements of a random stream decide what; three elements from FIRST_COLOR on are a color. */
enum { HUE, ANGLE, BACKGROUND, FIRST_COLOR };

static void
turn_hues (float  *rgb,
           gsize   n,
           double  angle)
{
  const float c = cos (angle), s = sin (angle);

  for (gsize i = 0; i < n; i++)
    {
      float lab[3], turned[3];

      p2p_lab_from_rgb (rgb + 3 * i, lab);
      turned[0] = lab[0];
      turned[1] = c * lab[1] - s * lab[2];
      turned[2] = s * lab[1] + c * lab[2];
      p2p_lab_to_gamut (turned, rgb + 3 * i);
    }
}

static gboolean
is_paper (gsize         place,
          gconstpointer data)
{
  const float *rgb = (const float *) data + 3 * place;

  return rgb[0] > PAPER && rgb[1] > PAPER && rgb[2] > PAPER;
}

/* Multiplies the paper that is connected with the picture's border by a color.  Soft edges stay
 * soft because the paper is multiplied, not replaced. */
static gboolean
paint_background (float        *rgb,
                  int           w,
                  int           h,
                  const float  *color,
                  GError      **error)
{
  g_autofree guint8 *seen = p2p_try_new0 (guint8, (gsize) w * h, error);
  g_autofree gsize  *places = seen ? p2p_try_new (gsize, (gsize) w * h, error) : NULL;
  gsize              n = 0;

  if (! places)
    return FALSE;
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      if (y == 0 || y == h - 1 || x == 0 || x == w - 1)
        n = p2p_region_grow (w, h, (gsize) y * w + x, is_paper, rgb, seen, places, n);
  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < 3; k++)
      rgb[3 * places[i] + k] *= color[k];
  return TRUE;
}

gboolean
p2p_recolor (float    *rgb,
             int       w,
             int       h,
             guint64   seed,
             guint64   stream,
             GError  **error)
{
  float color[3];

  if (p2p_random_uniform (seed, stream, HUE) < HUE_SHARE)
    turn_hues (rgb, (gsize) w * h,
               2.0 * G_PI * p2p_random_uniform (seed, stream, ANGLE));
  for (int k = 0; k < 3; k++)
    color[k] = 0.3 + 0.7 * p2p_random_uniform (seed, stream, FIRST_COLOR + k);
  return p2p_random_uniform (seed, stream, BACKGROUND) >= BACKGROUND_SHARE
         || paint_background (rgb, w, h, color, error);
}

/* ---- Shifted colors --------------------------------------------------------------------- */

/* Multiplies a pixel's differences from a gray by a factor, and clamps the result. */
static void
move_from (float *pixel,
           float  gray,
           float  factor)
{
  for (int k = 0; k < 3; k++)
    pixel[k] = CLAMP (gray + factor * (pixel[k] - gray), 0.0f, 1.0f);
}

void
p2p_shift_colors (float               *pixels,
                  gsize                n,
                  int                  channels,
                  const P2pColorShift *shift)
{
  double mean = 0.0;

  if (shift->brightness == 0.0f && shift->contrast == 0.0f && shift->saturation == 0.0f)
    return;
  for (gsize i = 0; i < n; i++)
    {
      move_from (pixels + i * channels, 0.0f, 1.0f + shift->brightness);
      mean += p2p_luma (pixels + i * channels) / n;
    }
  for (gsize i = 0; i < n; i++)
    {
      float *pixel = pixels + i * channels;

      move_from (pixel, mean, 1.0f + shift->contrast);
      move_from (pixel, p2p_luma (pixel), 1.0f + shift->saturation);
    }
}

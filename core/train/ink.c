/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lines are found by the difference of two blurred copies of the drawing.  If G(σ) Y is the luma,
 * blurred by a Gaussian, then D = G(σ) Y − τ · G(1.6 σ) Y is positive where the drawing is flat,
 * and negative on the dark side of an edge.  Where D is negative there is a line of the brightness
 * 1 + tanh (φ · D); elsewhere there is paper, 1. */

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/mirror.h"
#include "base/random.h"
#include "base/real.h"
#include "ink.h"
#include "pictures/color.h"

#define SIZE      256      /* pixels; longer side of the drawing that sigma and radii are for */
#define WIDER     1.6f     /* sigma of the second Gaussian, divided by that of the first */
#define REACH     3.0f     /* sigmas from its center at which a Gaussian is cut off */
#define SOFT      0.15f    /* an outline fades to paper from its threshold to this much more luma */

#define MAX_INK   0.18f    /* part of the paper that lines may cover */
#define COARSER   1.4f     /* factor on sigma when lines cover more than that */
#define COARSEST  2.0f     /* largest sigma then: with a larger one, lines become blots */

#define LEAST_OUTLINES 0.01f    /* with less of the paper covered, the drawing has no outlines */
#define MOST_OUTLINES  0.1f     /* with more of the paper covered, it is dark all over */

#define MAX_GAPS  12
#define GAP_TRIES 16       /* places that are tried for a gap until one lies on a line */

/* Which elements of a random stream decide what. */
enum
{
  KIND, SIGMA, TAU, PHI, THRESHOLD,
  STRENGTH, GRAIN, CLEAN, PAPER, NOISE, N_GAPS,
  CORNERS = 16,      /* 4 elements: the light in the corners, row by row */
  GAPS = 64,         /* gap i has GAPS + 64 i and the next: its radius, then x and y of each try */
  PIXELS = 65536,    /* pixel i has PIXELS + 2 i and the next: grain and noise */
};

static float
between (guint64 seed,
         guint64 stream,
         guint64 element,
         float   low,
         float   high)
{
  return low + (high - low) * (float) p2p_random_uniform (seed, stream, element);
}

/* ---- Lines ------------------------------------------------------------------------------ */

void
p2p_ink_style (guint64      seed,
               guint64      stream,
               P2pInkStyle *style)
{
  static const struct { float sigma[2], phi[2]; } ranges[P2P_N_INKS] =
  {
    [P2P_INK_FINE]     = { { 0.7f, 1.3f }, { 30.0f, 80.0f } },
    [P2P_INK_THICK]    = { { 1.3f, 2.0f }, { 30.0f, 80.0f } },
    [P2P_INK_PENCIL]   = { { 0.7f, 1.3f }, { 8.0f, 20.0f } },
    [P2P_INK_OUTLINES] = { { 0.7f, 1.3f }, { 30.0f, 80.0f } },
  };
  P2pInkKind   kind = p2p_random (seed, stream, KIND) % P2P_N_INKS;
  const float *sigma = ranges[kind].sigma, *phi = ranges[kind].phi;

  *style = (P2pInkStyle) { kind,
                           between (seed, stream, SIGMA, sigma[0], sigma[1]),
                           between (seed, stream, TAU, 0.97f, 0.99f),
                           between (seed, stream, PHI, phi[0], phi[1]),
                           between (seed, stream, THRESHOLD, 0.2f, 0.4f) };
}

P2P_WIDE static void
add_scaled (const float *from,
            int          n,
            float        factor,
            float       *to)
{
#pragma GCC ivdep
  for (int i = 0; i < n; i++)
    to[i] += factor * from[i];
}

/* to [h,w] += factor · (from [h,w], blurred by a Gaussian).  The drawing is mirrored at its
 * borders. */
static void
add_blurred (const float *from,
             int          w,
             int          h,
             float        sigma,
             float        factor,
             float       *to)
{
  const int         reach = ceilf (REACH * sigma);
  g_autofree float *weights = g_new (float, reach + 1), *padded = g_new (float, w + 2 * reach);
  float            *row = padded + reach;
  double            sum = 0.0;

  for (int k = -reach; k <= reach; k++)
    sum += exp (-0.5 * k * k / ((double) sigma * sigma));
  for (int k = 0; k <= reach; k++)
    weights[k] = exp (-0.5 * k * k / ((double) sigma * sigma)) / sum;

  for (int y = 0; y < h; y++)
    {
      memset (row, 0, w * sizeof (float));
      for (int k = -reach; k <= reach; k++)
        add_scaled (from + (gsize) p2p_mirror (y + k, h) * w, w, weights[ABS (k)], row);
      for (int k = 1; k <= reach; k++)
        {
          row[-k] = row[p2p_mirror (-k, w)];
          row[w - 1 + k] = row[p2p_mirror (w - 1 + k, w)];
        }
      for (int k = -reach; k <= reach; k++)
        add_scaled (row + k, w, factor * weights[ABS (k)], to + (gsize) y * w);
    }
}

/* Draws lines [h,w], where 1 is paper, from luma [h,w]. */
static void
draw_lines (const float       *luma,
            int                w,
            int                h,
            const P2pInkStyle *style,
            float             *lines)
{
  const gsize n = (gsize) w * h;
  const float sigma = style->sigma * MAX (w, h) / SIZE;

  if (style->kind == P2P_INK_OUTLINES)
    {
      for (gsize i = 0; i < n; i++)
        {
          float above = (luma[i] - style->threshold) / SOFT;

          lines[i] = CLAMP (above, 0.0f, 1.0f);
        }
      return;
    }

  memset (lines, 0, n * sizeof (float));
  add_blurred (luma, w, h, sigma, 1.0f, lines);
  add_blurred (luma, w, h, WIDER * sigma, -style->tau, lines);
  for (gsize i = 0; i < n; i++)
    lines[i] = lines[i] >= 0.0f ? 1.0f : 1.0f + tanhf (style->phi * lines[i]);
}

static float *
new_luma (const float  *rgb,
          gsize         n,
          GError      **error)
{
  float *luma = p2p_try_new (float, n, error);

  for (gsize i = 0; luma && i < n; i++)
    luma[i] = p2p_luma (rgb + 3 * i);
  return luma;
}

gboolean
p2p_ink_lines (const float        *rgb,
               int                 w,
               int                 h,
               const P2pInkStyle  *style,
               float              *lines,
               GError            **error)
{
  g_autofree float *luma = new_luma (rgb, (gsize) w * h, error);

  if (! luma)
    return FALSE;
  draw_lines (luma, w, h, style, lines);
  return TRUE;
}

static float
mean_ink (const float *lines,
          gsize        n)
{
  double paper = 0.0;

  for (gsize i = 0; i < n; i++)
    paper += lines[i];
  return 1.0 - paper / n;
}

/* Draws lines as an artist would, and changes the style if it does not suit the drawing.  Outlines
 * become fine ink when the drawing has none or is dark all over.  Sigma grows when lines cover too
 * much of the paper, which they do where rough paint turns them into hatching. */
static void
draw_readable (const float *luma,
               int          w,
               int          h,
               P2pInkStyle *style,
               float       *lines)
{
  const gsize n = (gsize) w * h;

  draw_lines (luma, w, h, style, lines);
  if (style->kind == P2P_INK_OUTLINES)
    {
      float ink = mean_ink (lines, n);

      if (ink >= LEAST_OUTLINES && ink <= MOST_OUTLINES)
        return;
      style->kind = P2P_INK_FINE;
      draw_lines (luma, w, h, style, lines);
    }
  while (style->sigma < COARSEST && mean_ink (lines, n) > MAX_INK)
    {
      style->sigma = MIN (COARSER * style->sigma, COARSEST);
      draw_lines (luma, w, h, style, lines);
    }
}

/* ---- Wear ------------------------------------------------------------------------------- */

/* Wipes a disc with a soft edge to paper. */
static void
wipe (float *lines,
      int    w,
      int    h,
      int    x0,
      int    y0,
      float  radius)
{
  const int reach = ceilf (radius + 1.0f);

  for (int y = MAX (y0 - reach, 0); y < MIN (y0 + reach + 1, h); y++)
    for (int x = MAX (x0 - reach, 0); x < MIN (x0 + reach + 1, w); x++)
      {
        float  inside = radius + 0.5f - hypotf (x - x0, y - y0);
        float *value = lines + (gsize) y * w + x;

        *value += (1.0f - *value) * CLAMP (inside, 0.0f, 1.0f);
      }
}

/* Leaves a random number of gaps in the lines.  A gap is left out when none of the places that are
 * tried for it lies on a line. */
static void
leave_gaps (float   *lines,
            int      w,
            int      h,
            guint64  seed,
            guint64  stream)
{
  const int n = p2p_random (seed, stream, N_GAPS) % (MAX_GAPS + 1);

  for (int i = 0; i < n; i++)
    {
      guint64 element = GAPS + 64 * i;
      float   radius = between (seed, stream, element++, 1.0f, 3.0f) * MAX (w, h) / SIZE;

      for (int tried = 0; tried < GAP_TRIES; tried++)
        {
          int x = p2p_random (seed, stream, element++) % w;
          int y = p2p_random (seed, stream, element++) % h;

          if (lines[(gsize) y * w + x] < 0.5f)
            {
              wipe (lines, w, h, x, y, radius);
              break;
            }
        }
    }
}

/* Makes lines fainter.  Pencil lines are fainter than others, and the grain of the paper shows in
 * them. */
static void
press (float      *lines,
       gsize       n,
       P2pInkKind  kind,
       guint64     seed,
       guint64     stream)
{
  const gboolean pencil = kind == P2P_INK_PENCIL;
  const float    strength = between (seed, stream, STRENGTH, 0.6f, pencil ? 0.85f : 1.0f);
  const float    grain = pencil ? between (seed, stream, GRAIN, 0.2f, 0.7f) : 0.0f;

  for (gsize i = 0; i < n; i++)
    {
      float ink = strength * (1.0f - lines[i]);

      if (grain > 0.0f && ink > 0.0f)
        ink *= between (seed, stream, PIXELS + 2 * i, 1.0f - grain, 1.0f);
      lines[i] = 1.0f - ink;
    }
}

/* A random number that is nearly from the normal distribution N(0, 1): the sum of four uniform
 * numbers of 16 bits each, with its mean and variance corrected. */
static float
bell (guint64 bits)
{
  const guint64 mask = G_MAXUINT16;
  float         sum = (bits & mask) + (bits >> 16 & mask) + (bits >> 32 & mask) + (bits >> 48);

  return (sum / 65536.0f - 2.0f) * 1.7320508f;
}

/* Makes lines look photographed: on paper of one tone, in light that differs between the corners,
 * and with a camera's noise. */
static void
photograph (float   *lines,
            int      w,
            int      h,
            guint64  seed,
            guint64  stream)
{
  const float paper = between (seed, stream, PAPER, 0.85f, 1.0f);
  const float noise = between (seed, stream, NOISE, 0.0f, 0.02f);
  float       light[4];

  for (int i = 0; i < 4; i++)
    light[i] = paper * between (seed, stream, CORNERS + i, 0.85f, 1.0f);
  for (int y = 0; y < h; y++)
    {
      float down = (y + 0.5f) / h;
      float left = light[0] + down * (light[2] - light[0]);
      float right = light[1] + down * (light[3] - light[1]);

      for (int x = 0; x < w; x++)
        {
          gsize i = (gsize) y * w + x;
          float value = lines[i] * (left + (x + 0.5f) / w * (right - left))
                        + noise * bell (p2p_random (seed, stream, PIXELS + 2 * i + 1));

          lines[i] = CLAMP (value, 0.0f, 1.0f);
        }
    }
}

gboolean
p2p_ink_draw (const float  *rgb,
              int           w,
              int           h,
              guint64       seed,
              guint64       stream,
              float        *lines,
              GError      **error)
{
  g_autofree float *luma = new_luma (rgb, (gsize) w * h, error);
  P2pInkStyle       style;

  if (! luma)
    return FALSE;
  p2p_ink_style (seed, stream, &style);
  draw_readable (luma, w, h, &style, lines);
  leave_gaps (lines, w, h, seed, stream);
  press (lines, (gsize) w * h, style.kind, seed, stream);
  if (p2p_random_uniform (seed, stream, CLEAN) >= 1.0 / 3.0)
    photograph (lines, w, h, seed, stream);
  return TRUE;
}

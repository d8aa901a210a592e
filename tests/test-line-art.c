/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Line art: what is left of paper, light and ink when a picture of any size is cleaned; and the
 * lines that training draws from colors, compared with convolutions in double precision in this
 * file. */

#include <math.h>
#include <string.h>

#include "base/mirror.h"
#include "base/random.h"
#include "pictures/line-art.h"
#include "train/ink.h"

/* ---- Cleaning --------------------------------------------------------------------------- */

/* The cleaned picture, or the unchanged one without clean.  It is read by rows and once more in
 * parts, which must give the same. */
static P2pPlanes *
line_art (const P2pPlanes *picture,
          gboolean         clean,
          int              n_threads)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (n_threads);
  P2pSource               luma = p2p_planes_source (picture);
  g_autoptr (P2pLineArt)  art = p2p_line_art_new (&luma, clean, parallel);
  P2pSource               source = p2p_line_art_source (art);
  P2pPlanes              *to = p2p_planes_new (picture->width, picture->height, 1, NULL);
  const int               w = picture->width, third = w / 3;
  g_autofree float       *part = g_new (float, w);

  g_assert_cmpint (source.width, ==, w);
  g_assert_cmpint (source.height, ==, picture->height);
  g_assert_cmpint (source.channels, ==, 1);
  for (int y = 0; y < picture->height; y++)
    {
      float *row = to->values + (gsize) y * w;

      source.read (source.data, y, 0, w, row);
      source.read (source.data, y, third, w - third, part);
      g_assert_cmpmem (part, (w - third) * sizeof (float),
                       row + third, (w - third) * sizeof (float));
      for (int x = 0; x < w; x++)
        g_assert_true (row[x] >= 0.0f && row[x] <= 1.0f);
    }
  return to;
}

/* Whether a pixel is on a line.  There are rings and a slanted line. */
static gboolean
on_line (int x,
         int y)
{
  return (int) hypot (x - 210, y - 160) % 50 < 4 || ABS (x - 2 * y) < 5;
}

/* A drawing of 400 × 300 pixels with lines of one value on paper of another. */
static P2pPlanes *
drawing (float line,
         float paper)
{
  P2pPlanes *planes = p2p_planes_new (400, 300, 1, NULL);

  for (int i = 0; i < 400 * 300; i++)
    planes->values[i] = on_line (i % 400, i / 400) ? line : paper;
  return planes;
}

/* Asserts that in the cleaned drawing lines are at most as light as line, and all else at least as
 * light as paper. */
static void
assert_lines (const P2pPlanes *cleaned,
              float            line,
              float            paper)
{
  for (int i = 0; i < 400 * 300; i++)
    if (on_line (i % 400, i / 400))
      g_assert_cmpfloat (cleaned->values[i], <=, line);
    else
      g_assert_cmpfloat (cleaned->values[i], >=, paper);
}

/* A clean drawing stays the same: its lines are black, and its grays get lighter by a few
 * percent. */
static void
test_clean_drawing (void)
{
  g_autoptr (P2pPlanes) black = drawing (0.0f, 1.0f), gray = drawing (0.5f, 1.0f);
  g_autoptr (P2pPlanes) cleaned = line_art (black, TRUE, 2), light = line_art (gray, TRUE, 2);

  assert_lines (cleaned, 0.0f, 1.0f);
  assert_lines (light, 0.54f, 1.0f);
}

/* Gray, grainy paper becomes white if the light falls off from one side to the other. */
static void
test_uneven_light (void)
{
  g_autoptr (P2pPlanes) page = drawing (0.1f, 0.8f), cleaned = NULL;

  for (int i = 0; i < 400 * 300; i++)
    page->values[i] *= (0.6f + 0.4f * (i % 400) / 399)
                       * (1.0f + 0.02f * (float) p2p_random_uniform (1, 1, i));
  cleaned = line_art (page, TRUE, 2);
  assert_lines (cleaned, 0.25f, 0.97f);
}

/* White on black becomes black on white.  A page that is too dark is not inverted, and one that is
 * nearly black is not made white. */
static void
test_light_on_dark (void)
{
  g_autoptr (P2pPlanes) light = drawing (1.0f, 0.0f), dark = drawing (0.0f, 1.0f);
  g_autoptr (P2pPlanes) page = drawing (0.05f, 0.3f), board = drawing (0.9f, 0.25f);
  g_autoptr (P2pPlanes) inverted = line_art (light, TRUE, 2), cleaned = line_art (dark, TRUE, 2);
  g_autoptr (P2pPlanes) night = drawing (0.0f, 0.03f), unlit = line_art (night, TRUE, 2);
  g_autoptr (P2pPlanes) lit = line_art (page, TRUE, 2), chalk = line_art (board, TRUE, 2);

  for (int i = 0; i < 400 * 300; i++)
    {
      g_assert_cmpfloat_with_epsilon (inverted->values[i], cleaned->values[i], 0.02);
      g_assert_cmpfloat (unlit->values[i], <, 0.6f);
    }
  assert_lines (lit, 0.25f, 0.97f);
  assert_lines (chalk, 0.25f, 0.97f);
}

/* Black hair over a third of the picture, and a gray area, do not count as paper, although the
 * light falls off across them. */
static void
test_solid_areas (void)
{
  g_autoptr (P2pPlanes) page = p2p_planes_new (400, 300, 1, NULL), cleaned = NULL;

  for (int i = 0; i < 400 * 300; i++)
    {
      int   x = i % 400, y = i / 400;
      float light = 1.0f - 0.3f * x / 399;

      page->values[i] = light * (x >= 200 && x < 333 && y < 270 ? 0.02f
                                 : x >= 40 && x < 150 && y >= 60 && y < 240 ? 0.6f : 1.0f);
    }
  cleaned = line_art (page, TRUE, 2);
  for (int i = 0; i < 400 * 300; i++)
    {
      int x = i % 400, y = i / 400;

      if (x >= 205 && x < 328 && y < 265)
        g_assert_cmpfloat (cleaned->values[i], <=, 0.1f);
      else if (x < 35 || x > 338 || y > 275 || (x > 155 && x < 195))
        g_assert_cmpfloat (cleaned->values[i], >=, 0.97f);
      else if (x > 45 && x < 145 && y > 65 && y < 235)
        g_assert_cmpfloat_with_epsilon (cleaned->values[i], 0.6f / 0.94f, 0.08f);
    }
}

/* Without cleaning, the picture stays the same bit for bit. */
static void
test_identity (void)
{
  g_autoptr (P2pPlanes) picture = p2p_planes_new (70, 50, 1, NULL), passed = NULL;

  for (int i = 0; i < 70 * 50; i++)
    picture->values[i] = 0.4 * p2p_random_uniform (2, 1, i);
  passed = line_art (picture, FALSE, 2);
  g_assert_cmpmem (passed->values, 70 * 50 * sizeof (float),
                   picture->values, 70 * 50 * sizeof (float));
}

/* A picture of any size, blank or not, gives valid values.  White and black pictures become blank
 * paper. */
static void
test_sizes (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 9, 1 }, { 3, 500 }, { 97, 49 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int kind = 0; kind < 3; kind++)
      {
        g_autoptr (P2pPlanes) picture = p2p_planes_new (sizes[i][0], sizes[i][1], 1, NULL);
        g_autoptr (P2pPlanes) cleaned = NULL;
        int                   n = sizes[i][0] * sizes[i][1];

        for (int j = 0; j < n; j++)
          picture->values[j] = kind < 2 ? kind : p2p_random_uniform (3, i, j);
        cleaned = line_art (picture, TRUE, 2);
        for (int j = 0; j < n && kind < 2; j++)
          g_assert_cmpfloat (cleaned->values[j], ==, 1.0f);
      }
}

/* The number of threads does not matter. */
static void
test_threads (void)
{
  g_autoptr (P2pPlanes) page = drawing (0.2f, 0.7f), one = NULL, three = NULL;

  for (int i = 0; i < 400 * 300; i++)
    page->values[i] += 0.2 * p2p_random_uniform (4, 1, i);
  one = line_art (page, TRUE, 1);
  three = line_art (page, TRUE, 3);
  g_assert_cmpmem (one->values, 400 * 300 * sizeof (float),
                   three->values, 400 * 300 * sizeof (float));
}

/* ---- Ink -------------------------------------------------------------------------------- */

/* Colored areas with edges and a little noise: [h, w, 3]. */
static float *
painting (int w,
          int h)
{
  float *rgb = g_new (float, (gsize) w * h * 3);

  for (int i = 0; i < w * h; i++)
    for (int k = 0; k < 3; k++)
      rgb[3 * i + k] = 0.3 + 0.4 * (hypot (i % w - 0.4 * w, i / w - 0.5 * h) < 0.3 * w)
                       + 0.2 * k * (i % w > i / w) / 2 + 0.05 * p2p_random_uniform (5, k, i);
  return rgb;
}

/* The luma of a pixel under a two-dimensional Gaussian that ends at three sigmas. */
static double
blurred (const float *rgb,
         int          w,
         int          h,
         int          x0,
         int          y0,
         double       sigma)
{
  const int reach = ceil (3.0 * sigma);
  double    sum = 0.0, weights = 0.0;

  for (int y = y0 - reach; y <= y0 + reach; y++)
    for (int x = x0 - reach; x <= x0 + reach; x++)
      {
        const float *from = rgb + 3 * (p2p_mirror (y, h) * w + p2p_mirror (x, w));
        double       weight = exp (-((x - x0) * (x - x0) + (y - y0) * (y - y0))
                                   / (2.0 * sigma * sigma));

        sum += weight * (0.299 * from[0] + 0.587 * from[1] + 0.114 * from[2]);
        weights += weight;
      }
  return sum / weights;
}

/* The extended difference of Gaussians, on drawings that are wide, high, and smaller than the
 * Gaussians. */
static void
test_xdog (void)
{
  static const int  sizes[][2] = { { 61, 47 }, { 20, 90 }, { 2, 3 }, { 1, 1 }, { 300, 2 } };
  const P2pInkStyle style = { P2P_INK_THICK, .sigma = 5.1f, .tau = 0.98f, .phi = 40.0f };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const int         w = sizes[i][0], h = sizes[i][1];
      const double      sigma = 5.1 * MAX (w, h) / 256;
      g_autofree float *rgb = painting (w, h), *lines = g_new (float, (gsize) w * h);
      int               n_ink = 0;

      p2p_ink_lines (rgb, w, h, &style, lines, NULL);
      for (int j = 0; j < w * h; j++)
        {
          double d = blurred (rgb, w, h, j % w, j / w, sigma)
                     - 0.98 * blurred (rgb, w, h, j % w, j / w, 1.6 * sigma);

          g_assert_cmpfloat_with_epsilon (lines[j], d >= 0.0 ? 1.0 : 1.0 + tanh (40.0 * d), 1e-4);
          n_ink += d < -0.01;
        }
      g_assert_true (i > 1 || n_ink > w * h / 20);
    }
}

/* Outlines are the dark parts of the drawing. */
static void
test_outlines (void)
{
  const P2pInkStyle style = { P2P_INK_OUTLINES, .threshold = 0.3f };
  const float       rgb[] = { 0, 0, 0, 0.2, 0.2, 0.2, 1, 0, 0, 0, 1, 0, 1, 1, 1 };
  float             lines[5];

  p2p_ink_lines (rgb, 5, 1, &style, lines, NULL);
  g_assert_cmpfloat (lines[0], ==, 0.0f);
  g_assert_cmpfloat (lines[1], ==, 0.0f);
  g_assert_cmpfloat (lines[2], ==, 0.0f);
  g_assert_cmpfloat (lines[3], ==, 1.0f);
  g_assert_cmpfloat (lines[4], ==, 1.0f);
}

/* The lines are determined by seed and stream, differ between them, and are in [0, 1].  Every kind
 * of ink occurs, and a third of the drawings have clean paper. */
static void
test_chance (void)
{
  const int         w = 96, h = 80;
  g_autofree float *rgb = painting (w, h), *lines = g_new (float, (gsize) w * h);
  g_autofree float *again = g_new (float, (gsize) w * h), *other = g_new (float, (gsize) w * h);
  int               n_kinds[P2P_N_INKS] = { 0 }, n_clean = 0;

  for (int stream = 0; stream < 60; stream++)
    {
      P2pInkStyle style;
      int         n_paper = 0;

      p2p_ink_style (7, stream, &style);
      n_kinds[style.kind]++;
      p2p_ink_draw (rgb, w, h, 7, stream, lines, NULL);
      p2p_ink_draw (rgb, w, h, 7, stream, again, NULL);
      p2p_ink_draw (rgb, w, h, 7, stream + 1, other, NULL);
      g_assert_cmpmem (lines, w * h * sizeof (float), again, w * h * sizeof (float));
      g_assert_true (memcmp (lines, other, w * h * sizeof (float)) != 0);
      p2p_ink_draw (rgb, w, h, 8, stream, other, NULL);
      g_assert_true (memcmp (lines, other, w * h * sizeof (float)) != 0);
      for (int i = 0; i < w * h; i++)
        {
          g_assert_true (lines[i] >= 0.0f && lines[i] <= 1.0f);
          n_paper += lines[i] == 1.0f;
        }
      n_clean += n_paper > w * h / 2;
    }
  for (int kind = 0; kind < P2P_N_INKS; kind++)
    g_assert_cmpint (n_kinds[kind], >, 5);
  g_assert_cmpint (n_clean, >, 10);
  g_assert_cmpint (n_clean, <, 30);
}

/* A flat white picture gives only light paper, which becomes white when cleaned. */
static void
test_blank (void)
{
  g_autoptr (P2pPlanes) lines = p2p_planes_new (64, 64, 1, NULL);
  g_autofree float     *rgb = g_new (float, 64 * 64 * 3);
  double                all = 0.0;

  for (int i = 0; i < 64 * 64 * 3; i++)
    rgb[i] = 1.0f;
  for (int stream = 0; stream < 40; stream++)
    {
      g_autoptr (P2pPlanes) cleaned = NULL;
      double                mean = 0.0, white = 0.0;

      p2p_ink_draw (rgb, 64, 64, 9, stream, lines->values, NULL);
      cleaned = line_art (lines, TRUE, 1);
      for (int i = 0; i < 64 * 64; i++)
        {
          g_assert_cmpfloat (lines->values[i], >, 0.6f);
          mean += lines->values[i] / (64 * 64);
          white += cleaned->values[i] / (64 * 64);
        }
      g_assert_cmpfloat (mean, >=, 0.72);    /* 0.85 · 0.85 in the darkest corners */
      g_assert_cmpfloat (white, >=, 0.99);
      all += mean / 40;
    }
  g_assert_cmpfloat (all, >=, 0.8);
}

/* ---- What cleaning reports -------------------------------------------------------------- */

/* Checks what is reported about line art: whether it was light on dark, and how much of it cleaning
 * changes. */
static void
check_told (const P2pPlanes *picture,
            gboolean         clean,
            gboolean         light,
            double           least,
            double           most)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  const P2pSource         luma = p2p_planes_source (picture);
  g_autoptr (P2pLineArt)  art = p2p_line_art_new (&luma, clean, parallel);
  const double            changed = p2p_line_art_changed (art, parallel);

  g_assert_cmpint (p2p_line_art_is_light (art), ==, light);
  g_assert_cmpfloat (changed, >=, least);
  g_assert_cmpfloat (changed, <=, most);
}

/* Light drawings on dark ground are distinguished from dark ones. */
static void
test_told_light (void)
{
  g_autoptr (P2pPlanes) light = drawing (1.0f, 0.0f), dark = drawing (0.0f, 1.0f);

  check_told (light, TRUE, TRUE, 0.0, 0.0);
  check_told (dark, TRUE, FALSE, 0.0, 0.0);
  check_told (light, FALSE, FALSE, 0.0, 0.0);
}

/* Cleaning changes gray paper, which is the part without lines, and nothing else. */
static void
test_told_changed (void)
{
  g_autoptr (P2pPlanes) page = drawing (0.0f, 0.8f), blot = drawing (0.0f, 1.0f);
  double                paper = 0.0;

  for (int i = 0; i < 400 * 300; i++)
    paper += ! on_line (i % 400, i / 400) / (400.0 * 300.0);
  check_told (page, TRUE, FALSE, paper - 0.02, paper + 0.02);
  check_told (page, FALSE, FALSE, 0.0, 0.0);

  /* One corner is in the shade. */
  for (int i = 0; i < 400 * 300; i++)
    if (i % 400 >= 320 && i / 400 >= 240)
      blot->values[i] *= 1.0f - 0.3f * MIN ((i % 400 - 320) / 40.0f, 1.0f);
  check_told (blot, TRUE, FALSE, 0.005, 0.04);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-art/clean-drawing", test_clean_drawing);
  g_test_add_func ("/line-art/uneven-light", test_uneven_light);
  g_test_add_func ("/line-art/light-on-dark", test_light_on_dark);
  g_test_add_func ("/line-art/solid-areas", test_solid_areas);
  g_test_add_func ("/line-art/identity", test_identity);
  g_test_add_func ("/line-art/sizes", test_sizes);
  g_test_add_func ("/line-art/threads", test_threads);
  g_test_add_func ("/line-art/told/light", test_told_light);
  g_test_add_func ("/line-art/told/changed", test_told_changed);
  g_test_add_func ("/ink/xdog", test_xdog);
  g_test_add_func ("/ink/outlines", test_outlines);
  g_test_add_func ("/ink/chance", test_chance);
  g_test_add_func ("/ink/blank", test_blank);
  return g_test_run ();
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* CIE Lab, models that output only its a and b, the guided filter that scales colors up, and
 * snapping of labels. */

#include "apply/labels.h"
#include "pictures/color.h"
#include "pictures/guided-filter.h"
#include "small-model.h"

/* From Bruce Lindbloom's calculator (D65, sRGB), with all the digits that it prints. */
static const struct
{
  float rgb[3], lab[3];
}
known[] =
{
  { { 1, 0, 0 }, { 53.2408, 80.0925, 67.2032 } },
  { { 0, 1, 0 }, { 87.7347, -86.1827, 83.1793 } },
  { { 0, 0, 1 }, { 32.2970, 79.1875, -107.8602 } },
  { { 1, 1, 1 }, { 100, 0, 0 } },
  { { 0, 0, 0 }, { 0, 0, 0 } },
  { { 0.5, 0.5, 0.5 }, { 53.3890, 0, 0 } },
};

static void
test_known (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      float lab[3], rgb[3];

      p2p_lab_from_rgb (known[i].rgb, lab);
      p2p_lab_to_rgb (lab, rgb);
      g_assert_cmpfloat_with_epsilon (p2p_lab_lightness (known[i].rgb), known[i].lab[0], 1e-3);
      for (int k = 0; k < 3; k++)
        {
          g_assert_cmpfloat_with_epsilon (lab[k], known[i].lab[k], 1e-3);
          g_assert_cmpfloat_with_epsilon (rgb[k], known[i].rgb[k], 1e-5);
        }
    }
}

/* Any color, also outside sRGB, comes back. */
static void
test_round_trip (void)
{
  for (int i = 0; i < 1000; i++)
    {
      float rgb[3], lab[3], back[3];

      for (int k = 0; k < 3; k++)
        rgb[k] = 1.6 * p2p_random_uniform (1, k, i) - 0.3;
      p2p_lab_from_rgb (rgb, lab);
      p2p_lab_to_rgb (lab, back);
      for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (back[k], rgb[k], 1e-4);
    }
}

/* Too much chroma is reduced.  The result has the same lightness and hue and lies on the surface of
 * sRGB. */
static void
test_gamut (void)
{
  for (int i = 0; i < 1000; i++)
    {
      float lab[3] = { 5 + 90 * p2p_random_uniform (2, 0, i),
                       240 * p2p_random_uniform (2, 1, i) - 120,
                       240 * p2p_random_uniform (2, 2, i) - 120 };
      float rgb[3], got[3], least = 1.0f, most = 0.0f;

      p2p_lab_to_gamut (lab, rgb);
      p2p_lab_from_rgb (rgb, got);
      for (int k = 0; k < 3; k++)
        {
          least = MIN (least, rgb[k]);
          most = MAX (most, rgb[k]);
        }
      g_assert_true (least >= 0.0f && most <= 1.0f);
      g_assert_cmpfloat_with_epsilon (got[0], lab[0], 0.01);
      g_assert_cmpfloat_with_epsilon (got[1] * lab[2], got[2] * lab[1],
                                      0.01 * hypotf (lab[1], lab[2]));
      if (hypotf (got[1], got[2]) < 0.999f * hypotf (lab[1], lab[2]))
        g_assert_true (least < 0.01f || most > 0.999f);
    }
}

/* ---- The guided filter ------------------------------------------------------------------ */

static P2pPlanes *
random_planes (int width,
               int height,
               int channels)
{
  P2pPlanes *planes = p2p_planes_new (width, height, channels, NULL);

  for (int i = 0; i < width * height * channels; i++)
    planes->values[i] = p2p_random_uniform (width, channels, i);
  return planes;
}

static P2pPlanes *
guided (const P2pPlanes *colours,
        const P2pPlanes *small,
        const P2pPlanes *large)
{
  g_autoptr (P2pParallel)     parallel = p2p_parallel_new (2);
  P2pSource                   small_source = p2p_planes_source (small);
  P2pSource                   large_source = p2p_planes_source (large);
  g_autoptr (P2pGuidedFilter) filter = p2p_guided_filter_new (colours, &small_source,
                                                              &large_source, parallel, NULL);
  P2pSource                   source = p2p_guided_filter_source (filter);
  P2pPlanes                  *to = p2p_planes_new (large->width, large->height,
                                                   colours->channels, NULL);

  g_assert_cmpint (source.channels, ==, colours->channels);
  for (int y = 0; y < large->height; y++)
    source.read (source.data, y, 0, large->width,
                 to->values + (gsize) y * large->width * source.channels);
  return to;
}

/* Each of three channels gets the same result as alone. */
static void
test_guided_channels (void)
{
  g_autoptr (P2pPlanes) colours = random_planes (31, 22, 3), small = random_planes (31, 22, 1);
  g_autoptr (P2pPlanes) large = random_planes (100, 75, 1), one = p2p_planes_new (31, 22, 1, NULL);
  g_autoptr (P2pPlanes) all = guided (colours, small, large);

  for (int k = 0; k < 3; k++)
    {
      g_autoptr (P2pPlanes) alone = NULL;

      for (int i = 0; i < 31 * 22; i++)
        one->values[i] = colours->values[3 * i + k];
      alone = guided (one, small, large);
      for (int i = 0; i < 100 * 75; i++)
        g_assert_cmpfloat (all->values[3 * i + k], ==, alone->values[i]);
    }
}

/* Checks flat colors on either side of a black line when they are scaled up 8 times.  Pixels with
 * near or more pixels between them and the line are off by less than 0.02.  The line is line small
 * pixels wide; its colors are black if painted, else those of the sides. */
static void
check_line (int      line,
            gboolean painted,
            int      near)
{
  g_autoptr (P2pPlanes) colours = p2p_planes_new (64, 8, 3, NULL);
  g_autoptr (P2pPlanes) small = p2p_planes_new (64, 8, 1, NULL);
  g_autoptr (P2pPlanes) large = p2p_planes_new (512, 64, 1, NULL), result = NULL;
  const int             left = 32 - line / 2, right = left + line;

  for (int i = 0; i < 64 * 8; i++)
    {
      int x = i % 64;

      small->values[i] = x < left || x >= right;
      for (int k = 0; k < 3; k++)
        colours->values[3 * i + k] = (x < 32 ? 0.3f : 0.7f) * (painted ? small->values[i] : 1.0f);
    }
  for (int i = 0; i < 512 * 64; i++)
    large->values[i] = small->values[i / 512 / 8 * 64 + i % 512 / 8];
  result = guided (colours, small, large);
  for (int i = 0; i < 512 * 64 * 3; i++)
    {
      int x = i / 3 % 512;

      if (x < 8 * left - near)
        g_assert_cmpfloat_with_epsilon (result->values[i], 0.3f, 0.02f);
      else if (x >= 8 * right + near)
        g_assert_cmpfloat_with_epsilon (result->values[i], 0.7f, 0.02f);
    }
}

/* If the colors change in the middle of the line, one pixel beside the line is off by more.  If a
 * network has painted the line black, up to three pixels are. */
static void
test_guided_line (void)
{
  check_line (2, FALSE, 1);
  check_line (4, FALSE, 1);
  check_line (1, TRUE, 3);
  check_line (2, TRUE, 3);
  check_line (4, TRUE, 3);
}

/* ---- Models ----------------------------------------------------------------------------- */

static const float slopes[] = { 0.3, -0.2 };

static P2pModel *
open_lab (void)
{
  return open_small (&(SmallModel) { "lab-l", 1, 2, slopes });
}

static float
rounded (float value)
{
  return roundf (CLAMP (value, 0.0f, 1.0f) * 255.0f) / 255.0f;
}

/* a and b are 110 times what the network gives for L / 50 − 1.  L is the picture's, in floats and
 * after rounding to 8 bits.  chroma is a factor. */
static void
test_lab_model (void)
{
  g_autoptr (P2pModel) model = open_lab ();
  g_autoptr (P2pImage) image = random_image (90, 70, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (P2pImage) result = NULL;

      options.chroma = i / 2.0;
      result = apply (model, image, &options);
      for (int j = 0; j < 90 * 70; j++)
        {
          const float *after = result->pixels + 3 * j;
          float        bytes[3] = { rounded (after[0]), rounded (after[1]), rounded (after[2]) };
          float        l = p2p_lab_lightness (image->pixels + 3 * j), lab[3];

          p2p_lab_from_rgb (after, lab);
          g_assert_cmpfloat_with_epsilon (lab[0], l, 0.01);
          g_assert_cmpfloat_with_epsilon (p2p_lab_lightness (bytes), l, 0.5);
          for (int k = 0; k < 2 && l > 30.0f && l < 70.0f; k++)
            g_assert_cmpfloat_with_epsilon (lab[1 + k], options.chroma * 110.0
                                            * tanh (slopes[k] * (l / 50.0 - 1.0)), 0.02);
        }
    }
}

/* The lightness of colors outside sRGB survives, and a gray picture becomes RGB. */
static void
test_lab_wide (void)
{
  g_autoptr (P2pModel) model = open_lab ();
  g_autoptr (P2pImage) image = p2p_image_new (64, 64, 3), gray = random_image (64, 64, 2);
  g_autoptr (P2pImage) result = NULL, coloured = NULL;

  for (int i = 0; i < 64 * 64 * 3; i++)
    image->pixels[i] = 1.5 * p2p_random_uniform (4, 0, i) - 0.2;
  result = apply (model, image, NULL);
  for (int i = 0; i < 64 * 64; i++)
    g_assert_cmpfloat_with_epsilon (p2p_lab_lightness (result->pixels + 3 * i),
                                    p2p_lab_lightness (image->pixels + 3 * i), 0.01);

  coloured = apply (model, gray, NULL);
  g_assert_cmpint (coloured->channels, ==, 4);
}

/* With scale fit:N, the edges of the result are the picture's.  At a sharp edge of lightness, the
 * scaled colors are what the network gives for each side, right up to the edge. */
static void
test_guided (void)
{
  g_autoptr (P2pModel) model = open_lab ();
  g_autoptr (P2pImage) image = p2p_image_new (512, 512, 3), native = NULL, fitted = NULL;
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  double               worst = 0.0;

  for (int i = 0; i < 512 * 512 * 3; i++)
    image->pixels[i] = i / 3 % 512 < 203 ? 0.25f : 0.7f;
  native = apply (model, image, &options);
  options.scale = "fit:64";
  fitted = apply (model, image, &options);
  for (int i = 0; i < 512 * 512; i++)
    {
      float expected[3], lab[3];

      p2p_lab_from_rgb (native->pixels + 3 * i, expected);
      p2p_lab_from_rgb (fitted->pixels + 3 * i, lab);
      g_assert_cmpfloat_with_epsilon (lab[0], expected[0], 0.01);
      worst = MAX (worst, fabs (lab[1] - expected[1]));
    }
  g_test_message ("worst a: %g", worst);

  /* The sides differ by 30.  Without a guide, the columns at the edge would be off by half of
   * that. */
  g_assert_cmpfloat (worst, <, 3.0);
}

/* Mixing a stored result with any strength and chroma gives the same as applying with them. */
static void
test_mix (void)
{
  static const double     mixes[][2] = { { 1.0, 1.0 }, { 0.3, 1.0 }, { 1.0, 0.2 }, { 0.7, 1.6 } };
  g_autoptr (P2pModel)    model = open_lab ();
  g_autoptr (P2pImage)    image = random_image (90, 70, 4);
  P2pApplyOptions         options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pComputed) computed = NULL;

  options.scale = "fit:64";
  computed = p2p_apply_compute (model, image, &options, NULL, NULL, NULL, NULL);
  g_assert_nonnull (computed);
  for (guint i = 0; i < G_N_ELEMENTS (mixes); i++)
    {
      g_autoptr (P2pImage) mixed = p2p_apply_blend (computed, mixes[i][0], mixes[i][1], NULL, NULL);
      g_autoptr (P2pModel) other = open_lab ();
      g_autoptr (P2pImage) applied = NULL;

      options.strength = mixes[i][0];
      options.chroma = mixes[i][1];
      applied = apply (other, image, &options);
      g_assert_cmpmem (mixed->pixels, 90 * 70 * 4 * sizeof (float),
                       applied->pixels, 90 * 70 * 4 * sizeof (float));
    }
}

/* ---- Labels ----------------------------------------------------------------------------- */

/* A noisy picture, snapped, gives the same as the clean one.  Half-transparent pixels are labels
 * too. */
static void
test_snap (void)
{
  g_autoptr (P2pModel) model = open_model ("labels", 3, 3);
  g_autoptr (P2pImage) clean = p2p_image_new (100, 80, 4), noisy = p2p_image_new (100, 80, 4);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) expected = NULL, result = NULL;

  for (int i = 0; i < 100 * 80; i++)
    {
      float *c = clean->pixels + 4 * i, *n = noisy->pixels + 4 * i;

      c[0] = n[0] = i / 7 % 2;
      c[1] = n[1] = 0.0f;
      c[2] = n[2] = ! (i / 7 % 2);
      c[3] = i % 5 ? 1.0f : 0.0f;
      n[3] = i % 5 ? 0.7f : 0.3f;
      for (int k = 0; k < 3; k++)
        n[k] = CLAMP (n[k] + 0.6 * p2p_random_uniform (5, k, i) - 0.3, 0.0, 1.0);
    }
  options.scale = "fit:128";
  expected = apply (model, clean, &options);
  options.snap_labels = TRUE;
  result = apply (model, noisy, &options);
  for (int i = 0; i < 100 * 80; i++)
    for (int k = 0; k < 3; k++)
      g_assert_cmpfloat (result->pixels[4 * i + k], ==, expected->pixels[4 * i + k]);
}

static void
test_no_palette (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (8, 8, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.snap_labels = TRUE;
  expect_error (model, image, &options, P2P_ERROR_OPTION);
  options.snap_labels = FALSE;
  options.chroma = NAN;
  expect_error (model, image, &options, P2P_ERROR_OPTION);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/color/known", test_known);
  g_test_add_func ("/color/round-trip", test_round_trip);
  g_test_add_func ("/color/gamut", test_gamut);
  g_test_add_func ("/color/guided-channels", test_guided_channels);
  g_test_add_func ("/color/guided-line", test_guided_line);
  g_test_add_func ("/color/lab-model", test_lab_model);
  g_test_add_func ("/color/lab-wide", test_lab_wide);
  g_test_add_func ("/color/guided", test_guided);
  g_test_add_func ("/color/mix", test_mix);
  g_test_add_func ("/color/snap", test_snap);
  g_test_add_func ("/color/no-palette", test_no_palette);
  return run_tests ();
}

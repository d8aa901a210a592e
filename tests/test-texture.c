/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Grid energy and sharpness of pictures whose figures can be calculated: noise, a grid of known
 * strength, stripes.  And the score prefers the training that people prefer. */

#include "testing.h"
#include "train/evaluate.h"
#include "train/texture.h"

#define SIDE 512
#define N    (SIDE * SIDE)

/* A flat gray picture. */
static float *
new_flat (void)
{
  float *rgb = g_new (float, 3 * N);

  for (int i = 0; i < 3 * N; i++)
    rgb[i] = 0.5f;
  return rgb;
}

/* Adds noise, the same in all channels.  sigma is its standard deviation in 8-bit levels. */
static void
add_noise (float  *rgb,
           double  sigma)
{
  for (int i = 0; i < N; i++)
    {
      const double noise = sigma * p2p_random_normal (1, 0, i) / 255.0;

      for (int k = 0; k < 3; k++)
        rgb[3 * i + k] += noise;
    }
}

/* Adds levels, in 8-bit levels for each channel, to one pixel of each 8 × 8. */
static void
add_grid (float        *rgb,
          const double *levels)
{
  for (int y = 0; y < SIDE; y += 8)
    for (int x = 0; x < SIDE; x += 8)
      for (int k = 0; k < 3; k++)
        rgb[3 * (y * SIDE + x) + k] += levels[k] / 255.0;
}

static double
grid_of (const float *flat,
         const float *output,
         gboolean     chroma)
{
  P2pTexture        texture = { 0 };
  const P2pTextured picture = { SIDE, SIDE, flat, output, output, chroma };

  p2p_texture_add (&texture, &picture);
  return p2p_texture_grid (&texture);
}

static void
test_noise (void)
{
  g_autofree float *flat = new_flat (), *output = new_flat ();

  add_noise (output, 3.0);
  g_assert_cmpfloat_with_epsilon (grid_of (flat, output, FALSE), 1.0, 0.05);
}

/* One pixel of 64 that is A levels brighter has A / 64 of each of the 64 frequencies.  Under the
 * Hann window, whose sum along an axis is 33 / 2, they have a power of (A / 64 · (33 / 2)²)².
 * Noise of variance σ² has σ² · (33 · 3 / 8)² in each bin, because of the sum of the window's
 * squares. */
static void
test_grid (void)
{
  const double      a = 20.0, sigma = 3.0;
  const double      grid = pow (a / 64.0 * 16.5 * 16.5, 2.0);
  const double      noise = sigma * sigma * pow (33.0 * 3.0 / 8.0, 2.0);
  const double      levels[] = { a, a, a };
  g_autofree float *flat = new_flat (), *output = new_flat ();

  add_noise (output, sigma);
  add_grid (output, levels);
  g_assert_cmpfloat_with_epsilon (grid_of (flat, output, FALSE), 1.0 + grid / noise,
                                  0.1 * grid / noise);
}

/* More red and less green, so that the luma stays the same: 0.299 · 30 = 0.587 · 15.28. */
static void
test_colors (void)
{
  const double      levels[] = { 30.0, -30.0 * 0.299 / 0.587, 0.0 };
  g_autofree float *flat = new_flat (), *output = new_flat ();

  for (int i = 0; i < 3 * N; i++)
    output[i] += 3.0 * p2p_random_normal (2, 0, i) / 255.0;
  add_grid (output, levels);
  g_assert_cmpfloat_with_epsilon (grid_of (flat, output, FALSE), 1.0, 0.05);
  g_assert_cmpfloat (grid_of (flat, output, TRUE), >, 3.0);
}

/* Values up to 12 levels from the middle count as flat, values 13 levels from it do not. */
static void
test_flat (void)
{
  g_autofree float *flat = new_flat (), *output = new_flat ();
  P2pTexture        texture = { 0 };
  const P2pTextured picture = { SIDE, SIDE, flat, output, output, FALSE };

  for (int i = 0; i < 3 * N; i++)
    flat[i] = i % 7 ? 100.0f / 255.0f : 112.0f / 255.0f;
  p2p_texture_add (&texture, &picture);
  g_assert_cmpuint (texture.n_windows, >, 0);

  texture = (P2pTexture) { 0 };
  for (int i = 0; i < 3 * N; i++)
    flat[i] = i % 7 ? 100.0f / 255.0f : 113.0f / 255.0f;
  p2p_texture_add (&texture, &picture);
  g_assert_cmpuint (texture.n_windows, ==, 0);
  g_assert_true (isnan (p2p_texture_grid (&texture)));
}

/* ---- Sharpness -------------------------------------------------------------------------- */

/* Draws columns that alternate between two grays. */
static void
draw_stripes (float *rgb,
              float  dark,
              float  light)
{
  for (int i = 0; i < 3 * N; i++)
    rgb[i] = i / 3 % 2 ? light : dark;
}

static void
test_same (void)
{
  g_autofree float *output = new_flat ();
  P2pTexture        texture = { 0 };
  const P2pTextured picture = { SIDE, SIDE, output, output, output, FALSE };

  add_noise (output, 9.0);
  p2p_texture_add (&texture, &picture);
  g_assert_cmpfloat_with_epsilon (p2p_texture_sharpness (&texture), 1.0, 1e-12);
}

/* The mean of three columns turns 0 and 1 into 1/3 and 2/3. */
static void
test_blur (void)
{
  g_autofree float *output = new_flat (), *target = new_flat ();
  P2pTexture        texture = { 0 };
  const P2pTextured picture = { SIDE, SIDE, target, output, target, FALSE };

  draw_stripes (target, 0.0f, 1.0f);
  draw_stripes (output, 2.0f / 3.0f, 1.0f / 3.0f);
  p2p_texture_add (&texture, &picture);
  g_assert_cmpfloat_with_epsilon (p2p_texture_sharpness (&texture), 1.0 / 3.0, 1e-6);
}

/* The result is the mean over the pictures, without those whose target is flat. */
static void
test_mean (void)
{
  g_autofree float *output = new_flat (), *target = new_flat (), *flat = new_flat ();
  P2pTexture        texture = { 0 };
  const P2pTextured pictures[] =
  {
    { SIDE, SIDE, target, output, target, FALSE },
    { SIDE, SIDE, target, target, target, FALSE },
    { SIDE, SIDE, target, output, flat, FALSE },
  };

  draw_stripes (target, 0.0f, 1.0f);
  draw_stripes (output, 0.0f, 0.2f);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    p2p_texture_add (&texture, pictures + i);
  g_assert_cmpfloat_with_epsilon (p2p_texture_sharpness (&texture), 0.6, 1e-6);
  texture = (P2pTexture) { 0 };
  p2p_texture_add (&texture, pictures + 2);
  g_assert_true (isnan (p2p_texture_sharpness (&texture)));
}

/* ---- Score ------------------------------------------------------------------------------ */

static double
score (double l1,
       double ssim,
       double sharpness,
       double grid,
       double ab_error)
{
  const P2pMetrics metrics = { 1, l1, .ssim = ssim, .ab_error = ab_error, .grid = grid,
                               .sharpness = sharpness, .cycle = NAN, .style = NAN };

  return p2p_metrics_score (&metrics);
}

/* Measured trainings for facades, and how their pictures look.  The scores are in order: each one
 * is better than the next by at least 4 %. */
static void
test_order (void)
{
  static const struct { const char *looks; double l1, ssim, sharpness, grid; } trainings[] =
  {
    { "better in all", 0.3400, 0.2600, 0.970, 2.00 },
    { "PyTorch's, good", 0.3548, 0.2379, 0.969, 2.54 },
    { "the same with a coarse grid", 0.3548, 0.2379, 0.969, 4.50 },
    { "invents other houses", 0.4000, 0.2200, 1.000, 2.54 },
    { "blurred", 0.3421, 0.2742, 0.784, 3.51 },
    { "invents edges", 0.3548, 0.2379, 1.467, 2.54 },
    { "a mean of all houses", 0.3200, 0.3000, 0.300, 1.20 },
    { "flat", 0.4500, 0.1500, 0.000, 1.00 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (trainings); i++)
    g_test_message ("%s: %g", trainings[i].looks,
                    score (trainings[i].l1, trainings[i].ssim, trainings[i].sharpness,
                           trainings[i].grid, NAN));
  for (guint i = 0; i + 1 < G_N_ELEMENTS (trainings); i++)
    g_assert_cmpfloat (score (trainings[i].l1, trainings[i].ssim, trainings[i].sharpness,
                              trainings[i].grid, NAN), <,
                       score (trainings[i + 1].l1, trainings[i + 1].ssim,
                              trainings[i + 1].sharpness, trainings[i + 1].grid, NAN) / 1.04);
}

/* Of two models that find colors, the one with nearer colors is better, whatever its L1. */
static void
test_order_of_colors (void)
{
  g_assert_cmpfloat (score (0.12, 0.85, 0.9, 1.5, 7.1), <, score (0.11, 0.85, 0.9, 1.5, 8.0));
}

/* Half the sharpness doubles the score, so an L1 of 0.3 then counts as 0.6. */
static void
test_score_without (void)
{
  g_assert_cmpfloat (score (0.3, NAN, NAN, NAN, NAN), ==, 0.3);
  g_assert_cmpfloat_with_epsilon (score (0.3, NAN, 0.5, NAN, NAN), 0.6, 1e-12);
  g_assert_cmpfloat_with_epsilon (score (0.3, 0.25, 2.0, 1.0, NAN), 0.45, 1e-12);
  g_assert_cmpfloat_with_epsilon (score (0.3, NAN, NAN, 256.0, NAN), 0.6, 1e-12);
  g_assert_true (isfinite (score (0.3, 0.2, 0.0, 1.0, NAN)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/texture/noise-has-no-grid", test_noise);
  g_test_add_func ("/texture/grid-of-known-energy", test_grid);
  g_test_add_func ("/texture/grid-of-colors", test_colors);
  g_test_add_func ("/texture/flat-windows", test_flat);
  g_test_add_func ("/texture/as-sharp-as-itself", test_same);
  g_test_add_func ("/texture/blur", test_blur);
  g_test_add_func ("/texture/mean-sharpness", test_mean);
  g_test_add_func ("/score/order", test_order);
  g_test_add_func ("/score/order-of-colors", test_order_of_colors);
  g_test_add_func ("/score/what-is-missing", test_score_without);
  return g_test_run ();
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which part of a picture a training sees, and at what size, for each way of preprocessing; which
 * random numbers decide it; and what the model's card says about it. */

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "train/crop.h"

#define N_VIEWS 2000

/* For a network whose sides are multiples of 32. */
static P2pTrainOptions
make_options (P2pPreprocess preprocess,
              P2pSize       load,
              P2pSize       crop)
{
  return (P2pTrainOptions) { .preprocess = preprocess, .load_size = load, .crop_size = crop,
                             .scale_jitter = 1.0, .flip = TRUE, .net_g = &p2p_net_unet,
                             .g = { .num_downs = 5 }, .seed = 3 };
}

/* ---- Sizes ------------------------------------------------------------------------------ */

static const struct
{
  P2pPreprocess preprocess;
  P2pSize       load, crop, picture;
  P2pSize       scaled, seen;    /* in training */
  P2pSize       valid, shown;    /* in validation */
  gboolean      rounded;
}
sizes[] =
{
  { P2P_PREPROCESS_RESIZE_AND_CROP, { 72, 40 }, { 64, 32 }, { 100, 50 },
    { 72, 40 }, { 64, 32 }, { 64, 32 }, { 64, 32 }, FALSE },
  { P2P_PREPROCESS_CROP, { 72, 40 }, { 64, 32 }, { 100, 50 },
    { 100, 50 }, { 64, 32 }, { 100, 50 }, { 64, 32 }, FALSE },
  { P2P_PREPROCESS_SCALE_WIDTH, { 64, 64 }, { 64, 32 }, { 200, 300 },
    { 64, 96 }, { 64, 96 }, { 64, 96 }, { 64, 96 }, FALSE },
  { P2P_PREPROCESS_SCALE_WIDTH, { 64, 64 }, { 64, 32 }, { 200, 280 },     /* 64 × 89.6 */
    { 64, 96 }, { 64, 96 }, { 64, 96 }, { 64, 96 }, TRUE },
  { P2P_PREPROCESS_SCALE_WIDTH, { 64, 64 }, { 64, 32 }, { 400, 100 },     /* 16 is too low */
    { 64, 32 }, { 64, 32 }, { 64, 32 }, { 64, 32 }, FALSE },
  { P2P_PREPROCESS_SCALE_WIDTH_AND_CROP, { 90, 90 }, { 64, 32 }, { 200, 150 },    /* 67.5 */
    { 90, 67 }, { 64, 32 }, { 96, 64 }, { 96, 64 }, FALSE },
  { P2P_PREPROCESS_SCALE_WIDTH_AND_CROP, { 90, 90 }, { 64, 32 }, { 400, 100 },
    { 90, 32 }, { 64, 32 }, { 96, 32 }, { 96, 32 }, FALSE },
  { P2P_PREPROCESS_NONE, { 90, 90 }, { 64, 32 }, { 100, 50 },
    { 96, 64 }, { 96, 64 }, { 96, 64 }, { 96, 64 }, TRUE },
  { P2P_PREPROCESS_NONE, { 90, 90 }, { 64, 32 }, { 128, 64 },
    { 128, 64 }, { 128, 64 }, { 128, 64 }, { 128, 64 }, FALSE },
};

static void
assert_size (int     w,
             int     h,
             P2pSize expected)
{
  g_assert_cmpint (w, ==, expected.width);
  g_assert_cmpint (h, ==, expected.height);
}

static void
test_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const P2pTrainOptions options = make_options (sizes[i].preprocess, sizes[i].load,
                                                    sizes[i].crop);
      const P2pView         view = p2p_view_of_epoch (&options, 0, 7, sizes[i].picture);
      const P2pView         valid = p2p_view_of_validation (&options, sizes[i].picture);

      g_test_message ("case %u", i);
      assert_size (view.load_w, view.load_h, sizes[i].scaled);
      assert_size (view.w, view.h, sizes[i].seen);
      assert_size (valid.load_w, valid.load_h, sizes[i].valid);
      assert_size (valid.w, valid.h, sizes[i].shown);
      g_assert_cmpint (valid.x, ==, (valid.load_w - valid.w) / 2);
      g_assert_cmpint (valid.y, ==, (valid.load_h - valid.h) / 2);
      g_assert_false (valid.flip);
      g_assert_cmpint (p2p_view_is_rounded (&options, sizes[i].picture), ==, sizes[i].rounded);
    }
}

/* ---- Random numbers ---------------------------------------------------------------------- */

/* Every place where a crop fits is used, including the last one to the right and at the bottom.
 * Half of the pictures are mirrored, or none. */
static void
test_places (void)
{
  P2pTrainOptions options = make_options (P2P_PREPROCESS_RESIZE_AND_CROP, (P2pSize) { 68, 34 },
                                          (P2pSize) { 64, 32 });
  int             xs[5] = { 0 }, ys[3] = { 0 }, flips = 0;

  for (guint i = 0; i < N_VIEWS; i++)
    {
      const P2pView view = p2p_view_of_epoch (&options, 2, i, (P2pSize) { 100, 50 });

      g_assert_cmpint (view.x, <=, 4);
      g_assert_cmpint (view.y, <=, 2);
      xs[view.x]++;
      ys[view.y]++;
      flips += view.flip;
    }
  for (int i = 0; i < 5; i++)
    g_assert_cmpint (xs[i], >, 300);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (ys[i], >, 550);
  g_assert_cmpint (flips, >, 900);
  g_assert_cmpint (flips, <, 1100);

  options.flip = FALSE;
  for (guint i = 0; i < 100; i++)
    g_assert_false (p2p_view_of_epoch (&options, 2, i, (P2pSize) { 100, 50 }).flip);
}

/* Scales are between the load size and four times that.  As many are below twice the load size as
 * above.  Each epoch draws others. */
static void
test_scale_jitter (void)
{
  const P2pSize   picture = { 4000, 2000 };
  P2pTrainOptions options = make_options (P2P_PREPROCESS_RESIZE_AND_CROP, (P2pSize) { 80, 40 },
                                          (P2pSize) { 64, 32 });
  int             below = 0, same = 0;

  options.scale_jitter = 4.0;
  for (guint i = 0; i < N_VIEWS; i++)
    {
      const P2pView view = p2p_view_of_epoch (&options, 2, i, picture);

      assert_size (view.w, view.h, options.crop_size);
      g_assert_cmpint (view.load_w, >=, 80);
      g_assert_cmpint (view.load_w, <=, 320);
      g_assert_cmpint (ABS (view.load_w - 2 * view.load_h), <=, 1);
      g_assert_cmpint (view.x + view.w, <=, view.load_w);
      g_assert_cmpint (view.y + view.h, <=, view.load_h);
      g_assert_cmpint (view.load_w, ==, p2p_view_of_epoch (&options, 2, i, picture).load_w);
      below += view.load_w < 160;
      same += view.load_w == p2p_view_of_epoch (&options, 3, i, picture).load_w;
    }
  g_assert_cmpint (below, >, 900);
  g_assert_cmpint (below, <, 1100);
  g_assert_cmpint (same, <, 100);
}

/* No picture is scaled beyond its own size, unless the load size asks for it. */
static void
test_own_size (void)
{
  P2pTrainOptions options = make_options (P2P_PREPROCESS_RESIZE_AND_CROP, (P2pSize) { 80, 40 },
                                          (P2pSize) { 64, 32 });
  int             largest[2] = { 0 };

  options.scale_jitter = 4.0;
  for (guint i = 0; i < N_VIEWS; i++)
    for (int k = 0; k < 2; k++)
      {
        options.preprocess = k ? P2P_PREPROCESS_SCALE_WIDTH_AND_CROP
                               : P2P_PREPROCESS_RESIZE_AND_CROP;
        const P2pView view = p2p_view_of_epoch (&options, 0, i, (P2pSize) { 160, 60 });

        largest[k] = MAX (largest[k], view.load_w);
        g_assert_cmpint (p2p_view_of_epoch (&options, 0, i, (P2pSize) { 70, 33 }).load_w, ==, 80);
      }
  g_assert_cmpint (largest[0], ==, 120);    /* 60 is 1.5 times 40 */
  g_assert_cmpint (largest[1], ==, 160);
}

/* The jitters of scale and colors use random streams of their own.  They do not change the
 * mirroring, and color jitter does not change the places either. */
static void
test_streams (void)
{
  const P2pSize         picture = { 400, 200 };
  const P2pTrainOptions plain = make_options (P2P_PREPROCESS_RESIZE_AND_CROP,
                                              (P2pSize) { 80, 40 }, (P2pSize) { 64, 32 });
  P2pTrainOptions       scales = plain, colors = plain;

  scales.scale_jitter = 2.0;
  colors.color_jitter = 0.5;
  for (guint i = 0; i < 100; i++)
    {
      const P2pView views[] = { p2p_view_of_epoch (&plain, 1, i, picture),
                                p2p_view_of_epoch (&scales, 1, i, picture),
                                p2p_view_of_epoch (&colors, 1, i, picture) };

      assert_size (views[0].load_w, views[0].load_h, plain.load_size);
      g_assert_true (views[0].shift.brightness == 0.0f && views[0].shift.contrast == 0.0f
                     && views[0].shift.saturation == 0.0f);
      g_assert_cmpint (views[1].flip, ==, views[0].flip);
      g_assert_cmpint (views[2].flip, ==, views[0].flip);
      g_assert_cmpint (views[2].x, ==, views[0].x);
      g_assert_cmpint (views[2].y, ==, views[0].y);
      g_assert_cmpuint (views[2].stream, ==, views[0].stream);
    }
}

/* ---- Colors ------------------------------------------------------------------------------ */

/* The shifts fill the range that is asked for, and each of the three is independent. */
static void
test_shifts (void)
{
  P2pTrainOptions options = make_options (P2P_PREPROCESS_CROP, (P2pSize) { 64, 64 },
                                          (P2pSize) { 64, 32 });
  double          sums[3] = { 0.0 }, products[3] = { 0.0 }, most = 0.0;

  options.color_jitter = 0.25;
  for (guint i = 0; i < N_VIEWS; i++)
    {
      const P2pColorShift s = p2p_view_of_epoch (&options, 0, i, (P2pSize) { 90, 90 }).shift;
      const double        v[3] = { s.brightness, s.contrast, s.saturation };

      for (int k = 0; k < 3; k++)
        {
          sums[k] += v[k] / N_VIEWS;
          products[k] += v[k] * v[(k + 1) % 3] / N_VIEWS;
          most = MAX (most, fabs (v[k]));
        }
    }
  g_assert_cmpfloat (most, <=, 0.25);
  g_assert_cmpfloat (most, >, 0.249);
  for (int k = 0; k < 3; k++)
    {
      g_assert_cmpfloat (fabs (sums[k]), <, 0.01);
      g_assert_cmpfloat (fabs (products[k]), <, 0.002);
    }
}

/* Two pixels with alpha before and after the shift.  The mean luma of the second case is 0.4. */
static const struct
{
  P2pColorShift shift;
  float         before[8], after[8];
}
colors[] =
{
  { { 0.5f, 0.0f, 0.0f },
    { 0.2f, 0.4f, 0.6f, 0.3f, 0.8f, 0.0f, 0.1f, 1.0f },
    { 0.3f, 0.6f, 0.9f, 0.3f, 1.0f, 0.0f, 0.15f, 1.0f } },
  { { 0.0f, 0.5f, 0.0f },
    { 0.2f, 0.2f, 0.2f, 0.3f, 0.6f, 0.6f, 0.6f, 1.0f },
    { 0.1f, 0.1f, 0.1f, 0.3f, 0.7f, 0.7f, 0.7f, 1.0f } },
  { { 0.0f, 0.0f, -1.0f },
    { 1.0f, 0.0f, 0.0f, 0.3f, 0.0f, 0.5f, 0.0f, 1.0f },
    { 0.299f, 0.299f, 0.299f, 0.3f, 0.2935f, 0.2935f, 0.2935f, 1.0f } },
  { { 0.0f, 0.0f, 0.0f },
    { 1.5f, -0.5f, 0.0f, 0.3f, 0.0f, 0.5f, 0.0f, 1.0f },
    { 1.5f, -0.5f, 0.0f, 0.3f, 0.0f, 0.5f, 0.0f, 1.0f } },
};

static void
test_colors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      float pixels[8];

      memcpy (pixels, colors[i].before, sizeof pixels);
      p2p_shift_colors (pixels, 2, 4, &colors[i].shift);
      for (int k = 0; k < 8; k++)
        g_assert_cmpfloat_with_epsilon (pixels[k], colors[i].after[k], 1e-6);
    }
}

/* ---- The card ---------------------------------------------------------------------------- */

static const struct
{
  P2pPreprocess preprocess;
  int           train_size, fit;
}
cards[] =
{
  { P2P_PREPROCESS_RESIZE_AND_CROP,      64,  64 },
  { P2P_PREPROCESS_CROP,                 64,   0 },
  { P2P_PREPROCESS_SCALE_WIDTH,          96,  96 },
  { P2P_PREPROCESS_SCALE_WIDTH_AND_CROP, 64,  96 },
  { P2P_PREPROCESS_NONE,                  0,   0 },
};

/* A card says that models are applied at the scale of their training: fitted to the width that
 * pictures were scaled to, or native if they were not scaled. */
static void
test_cards (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      const P2pTrainOptions options = make_options (cards[i].preprocess, (P2pSize) { 96, 96 },
                                                    (P2pSize) { 32, 64 });

      g_assert_cmpint (p2p_view_train_size (&options), ==, cards[i].train_size);
      g_assert_cmpint (p2p_view_fit (&options), ==, cards[i].fit);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crop/sizes", test_sizes);
  g_test_add_func ("/crop/places", test_places);
  g_test_add_func ("/crop/scale-jitter", test_scale_jitter);
  g_test_add_func ("/crop/own-size", test_own_size);
  g_test_add_func ("/crop/streams", test_streams);
  g_test_add_func ("/crop/shifts", test_shifts);
  g_test_add_func ("/crop/colors", test_colors);
  g_test_add_func ("/crop/cards", test_cards);

  return g_test_run ();
}

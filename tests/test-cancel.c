/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* An apply can be cancelled at any moment: while it composes the input, spreads hints, computes at
 * once, in strips or in tiles, takes lines out of the colors, scales colors up, or mixes.  Little
 * work lies between two looks at the cancellable, and little follows the look that sees the
 * cancel. */

#include "apply/plan.h"
#include "counted-work.h"
#include "small-model.h"

#define PIXELS  2048
#define MOMENTS 3      /* at which each apply is cancelled */

/* Basic blocks, two for each pixel; some 40 million instructions, which take about 20 ms.  The
 * promise is 200 ms. */
#define MOST    (2 * PIXELS * PIXELS)

/* Applies the model, and cancels at a look, from 1; 0 means never.  Returns the number of looks. */
static guint
apply_counted (P2pModel              *model,
               const P2pImage        *image,
               const P2pApplyOptions *options,
               guint                  at)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;
  g_autoptr (P2pImage)     result = NULL;

  memset (&counted, 0, sizeof counted);
  counted.cancellable = cancellable;
  counted.at = at;
  result = p2p_apply (model, image, options, NULL, NULL, cancellable, &error);
  look (cancellable);
  counted.cancellable = NULL;
  if (at)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_no_error (error);
  return counted.looks;
}

static void
check (P2pModel              *model,
       const P2pImage        *image,
       const P2pApplyOptions *options)
{
  guint   looks;
  guint64 most, after = 0;

  p2p_model_set_threads (model, 1);
  looks = apply_counted (model, image, options, 0);
  most = counted.most;
  for (int i = 0; i < MOMENTS; i++)
    {
      apply_counted (model, image, options, 1 + looks * i / MOMENTS);
      after = MAX (after, counted.work);
    }
  g_test_message ("%u looks with at most %d blocks between, %d blocks after a cancel", looks,
                  (int) most, (int) after);
  g_assert_cmpuint (most, <, MOST);
  g_assert_cmpuint (after, <, MOST);
}

/* A large picture, of which half is transparent, in stripes. */
static P2pImage *
draw (int channels)
{
  P2pImage *image = p2p_image_new (PIXELS, PIXELS, channels);

  for (gsize i = 0; i < (gsize) PIXELS * PIXELS; i++)
    for (int k = 0; k < channels; k++)
      image->pixels[i * channels + k] = k == 3 ? i / 100 % 2 : (i * (k + 7) >> 5 & 255) / 255.0f;
  return image;
}

static void
test_guided (void)
{
  static const float   slopes[] = { 0.3, -0.2 };
  g_autoptr (P2pModel) model = open_small (&(SmallModel) { "lab-l", 1, 2, slopes });
  g_autoptr (P2pImage) image = draw (4);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.scale = "fit:1024";
  check (model, image, &options);
}

/* Hints on every 37th pixel of the picture, in a model that takes them in all ways. */
static void
test_hints (void)
{
  g_autoptr (P2pModel) model = open_model ("gray, hint-ab, hint-mask, spread-ab, spread-reach", 7,
                                           3);
  g_autoptr (P2pImage) image = draw (3), colors = draw (4);
  P2pHints             hints = { colors, 0, 0, PIXELS, PIXELS };
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  for (gsize i = 0; i < (gsize) PIXELS * PIXELS; i++)
    colors->pixels[4 * i + 3] = i % 37 == 0;
  options.scale = "native";
  options.hints = &hints;
  check (model, image, &options);
}

static void
test_under (void)
{
  g_autoptr (P2pModel) model = open_model ("lines", 1, 3);
  g_autoptr (P2pImage) image = draw (3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.scale = "fit:1024";
  check (model, image, &options);
}

static void
test_tiles (void)
{
  g_autoptr (P2pModel) model = open_model ("labels", 3, 3);
  g_autoptr (P2pImage) image = draw (4);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.snap_labels = TRUE;
  options.tile = 1024;
  options.strength = 0.5;
  check (model, image, &options);
}

static void
test_whole (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = draw (3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.memory = G_MAXUINT64;
  check (model, image, &options);
}

static void
test_strips (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = draw (3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  P2pPlan              plan;

  options.memory = G_MAXUINT64;
  while (p2p_plan_make (model, PIXELS, PIXELS, 3, &options, &plan, NULL) && ! plan.strips.levels)
    options.memory = plan.bytes - 1;
  g_assert_cmpint (plan.strips.levels, >, 0);
  check (model, image, &options);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cancel/guided", test_guided);
  g_test_add_func ("/cancel/hints", test_hints);
  g_test_add_func ("/cancel/strips", test_strips);
  g_test_add_func ("/cancel/tiles", test_tiles);
  g_test_add_func ("/cancel/under", test_under);
  g_test_add_func ("/cancel/whole", test_whole);
  return run_tests ();
}

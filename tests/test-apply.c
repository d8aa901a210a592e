/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* An apply, from the picture to the result: sizes, channels, strength, scale, line strength,
 * threads.  The model is a small U-Net with random weights, which is written to a file and opened
 * like any other. */

#include <string.h>

#include "apply/compose.h"
#include "limited.h"
#include "small-model.h"

/* ---- Sizes ------------------------------------------------------------------------------ */

typedef struct
{
  int         width, height;
  const char *scale;
} SizeCase;

static const SizeCase size_cases[] =
{
  { 1, 1, "native" }, { 1, 200, "native" }, { 300, 1, "native" }, { 2, 3, "native" },
  { 64, 64, "native" }, { 65, 63, "native" }, { 100, 250, "native" },
  { 1, 1, "fit:64" }, { 3, 500, "fit:128" }, { 40, 30, "fit:64" }, { 333, 222, "fit:100" },
};

static void
test_size (gconstpointer data)
{
  const SizeCase       *t = data;
  g_autoptr (P2pModel)  model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage)  image = random_image (t->width, t->height, 3);
  P2pApplyOptions       options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage)  result = NULL;

  options.scale = t->scale;
  result = apply (model, image, &options);
  for (gsize i = 0; i < (gsize) t->width * t->height * 3; i++)
    g_assert_true (result->pixels[i] >= 0.0f && result->pixels[i] <= 1.0f);
}

/* A picture with sides of the network's multiple gives exactly what the network gives.  A smaller
 * picture gives what the network gives for the picture extended by mirroring, cropped. */
static void
test_mirrored (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (50, 37, 3);
  g_autoptr (P2pImage) mirrored = p2p_image_new (SIDE, SIDE, 3);
  g_autoptr (P2pImage) small = NULL, large = NULL;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      for (int k = 0; k < 3; k++)
        mirrored->pixels[(y * SIDE + x) * 3 + k] =
          image->pixels[((y < 37 ? y : 72 - y) * 50 + (x < 50 ? x : 98 - x)) * 3 + k];
  small = apply (model, image, NULL);
  large = apply (model, mirrored, NULL);
  for (int y = 0; y < 37; y++)
    g_assert_cmpmem (small->pixels + y * 50 * 3, 50 * 3 * sizeof (float),
                     large->pixels + y * SIDE * 3, 50 * 3 * sizeof (float));
}

/* With a frame of 24 pixels, a picture gives what the picture with 24 mirrored pixels on each side
 * gives without a frame, cropped. */
static void
test_frame (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (50, 37, 3);
  g_autoptr (P2pImage) mirrored = p2p_image_new (98, 85, 3);
  g_autoptr (P2pImage) small = NULL, large = NULL;

  for (int y = 0; y < 85; y++)
    for (int x = 0; x < 98; x++)
      for (int k = 0; k < 3; k++)
        {
          const int down = ABS (y - 24), across = ABS (x - 24);

          mirrored->pixels[(y * 98 + x) * 3 + k] =
            image->pixels[((down < 37 ? down : 72 - down) * 50
                           + (across < 50 ? across : 98 - across)) * 3 + k];
        }
  large = apply (model, mirrored, NULL);
  model->card->frame = 24;
  small = apply (model, image, NULL);
  for (int y = 0; y < 37; y++)
    g_assert_cmpmem (small->pixels + y * 50 * 3, 50 * 3 * sizeof (float),
                     large->pixels + ((y + 24) * 98 + 24) * 3, 50 * 3 * sizeof (float));
}

/* Less memory gives the same picture with a frame, in strips, and the plan knows what it takes. */
static void
test_frame_in_strips (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (500, 700, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) whole = NULL, strips = NULL;
  P2pApplyPlan         plan, framed;

  g_assert_true (p2p_apply_plan (model, 500, 700, 3, &options, &plan, NULL));
  model->card->frame = 64;
  g_assert_true (p2p_apply_plan (model, 500, 700, 3, &options, &framed, NULL));
  g_assert_cmpuint (framed.memory, >=, plan.memory + 628 * 828 * 3 * sizeof (float));
  whole = apply (model, image, &options);

  options.memory = framed.memory - 1;
  g_assert_true (p2p_apply_plan (model, 500, 700, 3, &options, &plan, NULL));
  g_assert_cmpint (plan.tiles, ==, 1);
  g_assert_cmpuint (plan.memory, <=, options.memory);
  strips = apply (model, image, &options);
  for (gsize i = 0; i < 500 * 700 * 3; i++)
    g_assert_cmpfloat (fabsf (strips->pixels[i] - whole->pixels[i]), <=, 1e-5f);
}

/* ---- Channels --------------------------------------------------------------------------- */

static void
test_alpha_is_kept (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);

  for (int channels = 2; channels <= 4; channels += 2)
    {
      g_autoptr (P2pImage) image = random_image (70, 50, channels);
      g_autoptr (P2pImage) result = apply (model, image, NULL);

      g_assert_cmpint (result->channels, ==, 4);
      for (int i = 0; i < 70 * 50; i++)
        g_assert_cmpfloat (result->pixels[i * 4 + 3], ==,
                           image->pixels[i * channels + channels - 1]);
    }
}

/* Gray in and gray out stays gray.  A color model or a color picture gives color. */
static void
test_gray (void)
{
  for (int output_nc = 1; output_nc <= 3; output_nc += 2)
    {
      g_autoptr (P2pModel) model = open_model ("gray", 1, output_nc);

      for (int channels = 1; channels <= 3; channels += 2)
        {
          g_autoptr (P2pImage) image = random_image (33, 44, channels);
          g_autoptr (P2pImage) result = apply (model, image, NULL);

          g_assert_cmpint (result->channels, ==, MAX (output_nc, channels));
        }
    }
}

/* Colors that transparency hides must not affect the result. */
static void
test_hidden_colours (gconstpointer inputs)
{
  g_autoptr (P2pModel) model = open_model (inputs, 3, 3);
  g_autoptr (P2pImage) one = random_image (64, 64, 4);
  g_autoptr (P2pImage) other = NULL;
  g_autoptr (P2pImage) first = NULL, second = NULL;

  other = p2p_image_new (64, 64, 4);
  memcpy (other->pixels, one->pixels, image_bytes (one));
  for (int i = 0; i < 64 * 64; i++)
    {
      one->pixels[i * 4 + 3] = other->pixels[i * 4 + 3] = i % 64 < 30 ? 1.0f : 0.0f;
      for (int k = 0; k < 3 && i % 64 >= 30; k++)
        {
          one->pixels[i * 4 + k] = 0.0f;
          other->pixels[i * 4 + k] = 1.0f;
        }
    }
  first = apply (model, one, NULL);
  second = apply (model, other, NULL);
  g_assert_cmpmem (first->pixels, image_bytes (first), second->pixels, image_bytes (second));
}

/* A pixel that is not a number spoils no other pixel.  The network sees black there. */
static void
test_not_a_number (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (64, 64, 3), black = p2p_image_new (64, 64, 3);
  g_autoptr (P2pImage) result = NULL, expected = NULL;

  for (int k = 0; k < 3; k++)
    image->pixels[3 * 100 + k] = 0.0f;
  memcpy (black->pixels, image->pixels, image_bytes (image));
  image->pixels[3 * 100 + 1] = NAN;
  result = apply (model, image, NULL);
  expected = apply (model, black, NULL);
  g_assert_cmpmem (result->pixels, image_bytes (result), expected->pixels, image_bytes (expected));
}

/* Labels see white where the picture is transparent.  Other inputs see the colors beside it. */
static void
test_fill (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pImage)    image = p2p_image_new (9, 5, 4);

  for (int i = 0; i < 9 * 5; i++)
    {
      image->pixels[i * 4] = image->pixels[i * 4 + 1] = image->pixels[i * 4 + 2] = 0.25f;
      image->pixels[i * 4 + 3] = i % 9 < 4 ? 1.0f : 0.0f;
    }
  for (int which = 0; which < 2; which++)
    {
      const P2pInputs        inputs = p2p_inputs_one (which ? P2P_PLANE_RGB : P2P_PLANE_LABELS);
      const P2pComposition   composition = { &inputs, image, .line_strength = 1.0f };
      g_autoptr (P2pCompose) compose = p2p_compose_new (&composition, parallel, NULL);
      P2pSource              source = p2p_compose_source (compose);
      float                  values[9 * 3];

      for (int y = 0; y < 5; y++)
        {
          source.read (source.data, y, 0, 9, values);
          for (int i = 0; i < 9 * 3; i++)
            g_assert_cmpfloat (values[i], ==, i / 3 < 4 || which ? 0.25f : 1.0f);
        }
    }
}

/* ---- Options ---------------------------------------------------------------------------- */

static void
test_strength (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (64, 64, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) whole = apply (model, image, &options), none = NULL, half = NULL;

  options.strength = 0.0;
  none = apply (model, image, &options);
  g_assert_cmpmem (none->pixels, image_bytes (none), image->pixels, image_bytes (image));
  options.strength = 0.5;
  half = apply (model, image, &options);
  for (int i = 0; i < 64 * 64 * 3; i++)
    g_assert_cmpfloat_with_epsilon (half->pixels[i], (image->pixels[i] + whole->pixels[i]) / 2,
                                    1e-6);
}

static void
test_bad_options (void)
{
  static const double   lines[] = { -0.1, 4.1, NAN };
  static const char    *scales[] = { "fit:", "fit:0", "fit:-3", "fit:2x", "half", "" };
  g_autoptr (P2pModel)  model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage)  image = random_image (8, 8, 3);

  for (guint i = 0; i < G_N_ELEMENTS (scales) + 4; i++)
    {
      P2pApplyOptions    options = P2P_APPLY_DEFAULTS;
      g_autoptr (GError) error = NULL;

      if (i < G_N_ELEMENTS (scales))
        options.scale = scales[i];
      else if (i == G_N_ELEMENTS (scales))
        options.strength = NAN;
      else
        options.line_strength = lines[i - G_N_ELEMENTS (scales) - 1];
      g_assert_null (p2p_apply (model, image, &options, NULL, NULL, NULL, &error));
      g_assert_error (error, P2P_ERROR, P2P_ERROR_OPTION);
    }
}

/* Noise with a seed gives the same picture each time, which differs from the picture without
 * noise. */
static void
test_noise (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (64, 64, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) still = apply (model, image, &options), one = NULL, again = NULL;
  gsize                bytes = image_bytes (still);

  options.noise = TRUE;
  options.seed = 5;
  one = apply (model, image, &options);
  again = apply (model, image, &options);
  g_assert_cmpmem (one->pixels, bytes, again->pixels, bytes);
  g_assert_true (memcmp (one->pixels, still->pixels, bytes) != 0);
}

/* ---- Threads ---------------------------------------------------------------------------- */

/* A result has the depth and the profile of its picture. */
static void
test_profile (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (30, 20, 3);
  g_autoptr (P2pImage) result = NULL;

  image->depth = 16;
  image->profile = g_bytes_new_static ("profile", 7);
  result = apply (model, image, NULL);
  g_assert_cmpint (result->depth, ==, 16);
  g_assert_true (result->profile == image->profile);
}

/* A wholly transparent picture has no colors to extend, and does no harm. */
static void
test_transparent (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (70, 50, 4);
  g_autoptr (P2pImage) result = NULL;

  for (int i = 0; i < 70 * 50; i++)
    image->pixels[4 * i + 3] = 0.0f;
  result = apply (model, image, NULL);
  for (int i = 0; i < 70 * 50 * 4; i++)
    g_assert_true (i % 4 == 3 ? result->pixels[i] == 0.0f
                              : result->pixels[i] >= 0.0f && result->pixels[i] <= 1.0f);
}

static void
test_threads (void)
{
  static const int      counts[] = { 1, 2, 3, 7 };
  g_autoptr (P2pModel)  model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage)  image = random_image (150, 90, 3);
  g_autoptr (P2pImage)  first = NULL;
  P2pApplyOptions       options = P2P_APPLY_DEFAULTS;

  options.scale = "fit:128";
  /* Neither the threads nor the place of prepared weights may change the result. */
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (P2pImage) result = NULL;

      p2p_model_set_threads (model, counts[i]);
      options.once = i % 2;
      result = apply (model, image, &options);
      if (! first)
        first = g_steal_pointer (&result);
      else
        g_assert_cmpmem (first->pixels, image_bytes (first), result->pixels, image_bytes (result));
    }
}

/* ---- Line strength ---------------------------------------------------------------------- */

static const double strengths[] = { 0.0, 0.5, 1.0, 2.5, 4.0 };

static P2pImage *
apply_strength (P2pModel       *model,
                const P2pImage *image,
                double          line_strength)
{
  P2pApplyOptions options = P2P_APPLY_DEFAULTS;

  options.keep_paper = TRUE;
  options.line_strength = line_strength;
  return apply (model, image, &options);
}

/* The network sees the lines' darkness times the strength.  Gray results are the network's own
 * output. */
static void
test_line_strength (void)
{
  static const float   slope[] = { 0.9f };
  g_autoptr (P2pModel) model = open_small (&(SmallModel) { "lines", 1, 1, slope });
  g_autoptr (P2pImage) image = random_image (90, 70, 1);

  for (guint s = 0; s < G_N_ELEMENTS (strengths); s++)
    {
      g_autoptr (P2pImage) result = apply_strength (model, image, strengths[s]);

      for (int i = 0; i < 90 * 70; i++)
        {
          const double line = 1.0 - fmin (1.0, strengths[s] * (1.0 - image->pixels[i]));

          g_assert_cmpfloat_with_epsilon (result->pixels[i],
                                          (tanh (slope[0] * (2.0 * line - 1.0)) + 1.0) / 2.0,
                                          1e-4);
        }
    }
}

/* The ink that is laid over the colors does not depend on the strength.  Here the network always
 * gives gray. */
static void
test_line_strength_ink (void)
{
  static const float   slopes[] = { 0.0f, 0.0f, 0.0f };
  g_autoptr (P2pModel) model = open_small (&(SmallModel) { "lines", 1, 3, slopes });
  g_autoptr (P2pImage) image = random_image (90, 70, 1);

  for (guint s = 0; s < G_N_ELEMENTS (strengths); s++)
    {
      g_autoptr (P2pImage) result = apply_strength (model, image, strengths[s]);

      for (int i = 0; i < 90 * 70 * 3; i++)
        g_assert_cmpfloat_with_epsilon (result->pixels[i], 0.5f * image->pixels[i / 3], 1e-6);
    }
}

static void
apply_without_memory (void)
{
  g_autoptr (P2pModel)    model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage)    image = p2p_image_new (2400, 2000, 3);
  P2pApplyOptions         options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pComputed) computed = NULL;
  g_autoptr (P2pImage)    result = NULL;
  g_autoptr (GError)      error = NULL;

  memset (image->pixels, 0, image_bytes (image));
  options.scale = "fit:64";
  computed = p2p_apply_compute (model, image, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  limit_memory (image_bytes (image) / 2);
  result = p2p_apply_blend (computed, 1.0, 1.0, NULL, &error);
  unlimit_memory ();
  g_assert_null (result);
  g_assert_error (error, P2P_ERROR, P2P_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "2400 × 2000"));
}

/* Too little memory for the result is an error and does not end the process. */
static void
test_no_memory (void)
{
  run_limited (apply_without_memory);
}

static void
add_tests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (size_cases); i++)
    {
      const SizeCase  *t = &size_cases[i];
      g_autofree char *path = g_strdup_printf ("/apply/size/%dx%d-%s", t->width, t->height,
                                               t->scale);

      g_test_add_data_func (path, t, test_size);
    }
  g_test_add_func ("/apply/mirrored", test_mirrored);
  g_test_add_func ("/apply/frame", test_frame);
  g_test_add_func ("/apply/frame-in-strips", test_frame_in_strips);
  g_test_add_func ("/apply/alpha-is-kept", test_alpha_is_kept);
  g_test_add_func ("/apply/gray", test_gray);
  g_test_add_data_func ("/apply/hidden-colors/rgb", "rgb", test_hidden_colours);
  g_test_add_data_func ("/apply/hidden-colors/labels", "labels", test_hidden_colours);
  g_test_add_func ("/apply/fill", test_fill);
  g_test_add_func ("/apply/not-a-number", test_not_a_number);
  g_test_add_func ("/apply/strength", test_strength);
  g_test_add_func ("/apply/bad-options", test_bad_options);
  g_test_add_func ("/apply/noise", test_noise);
  g_test_add_func ("/apply/profile", test_profile);
  g_test_add_func ("/apply/transparent", test_transparent);
  g_test_add_func ("/apply/threads-and-once", test_threads);
  g_test_add_func ("/apply/line-strength", test_line_strength);
  g_test_add_func ("/apply/line-strength/ink", test_line_strength_ink);
  g_test_add_func ("/apply/no-memory", test_no_memory);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  return run_tests ();
}

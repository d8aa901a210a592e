/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Colors below a drawing: how a network's colors and the drawing are combined, merged and in
 * layers.  The network gives a known color for each darkness of the lines, whatever is around it.
 * Lines are taken out of its colors, so the color of the paper is below them, and every pixel of a
 * result is known. */

#include "small-model.h"

#define W 300
#define H 200

static const float slopes[] = { 0.9f, 0.3f, -0.6f };

static P2pModel *
open_lines (void)
{
  return open_small (&(SmallModel) { "lines", 1, 3, slopes });
}

/* The color that the network gives where the plane of lines has this value. */
static float
color_of (double line,
          int    k)
{
  return (tanh (slopes[k] * (2.0 * line - 1.0)) + 1.0) / 2.0;
}

/* ---- Drawings --------------------------------------------------------------------------- */

/* A drawing with lines of one color on paper of another, and the expected results. */
typedef struct
{
  const char *name;
  float       line[3], paper[3];
  gboolean    keep_paper;
  gboolean    light, cleaned;
  float       line_ink[3], paper_ink[3];  /* dark on white */
} Drawing;

/* Cleaning divides by 0.94 of the paper. */
static const Drawing drawings[] =
{
  { "colored-ink", { 0.1, 0.2, 0.7 }, { 1, 1, 1 }, FALSE, FALSE, FALSE,
    { 0.1, 0.2, 0.7 }, { 1, 1, 1 } },
  { "gray-paper", { 0.1, 0.1, 0.1 }, { 0.7, 0.7, 0.7 }, FALSE, FALSE, TRUE,
    { 0.1515, 0.1515, 0.1515 }, { 1, 1, 1 } },
  { "kept-paper", { 0.1, 0.1, 0.1 }, { 0.7, 0.7, 0.7 }, TRUE, FALSE, FALSE,
    { 0.1, 0.1, 0.1 }, { 0.7, 0.7, 0.7 } },
  { "light-on-dark", { 1.0, 0.9, 0.5 }, { 0, 0, 0 }, FALSE, TRUE, FALSE,
    { 0.0, 0.1, 0.5 }, { 1, 1, 1 } },
  { "chalk", { 0.9, 0.9, 0.9 }, { 0.25, 0.25, 0.25 }, FALSE, TRUE, TRUE,
    { 0.1418, 0.1418, 0.1418 }, { 1, 1, 1 } },
};

static gboolean
on_line (int i)
{
  return (int) hypot (i % W - 140, i / W - 90) % 40 < 3;
}

static P2pImage *
draw (const Drawing *drawing,
      int            channels)
{
  P2pImage *image = p2p_image_new (W, H, channels);

  for (int i = 0; i < W * H; i++)
    for (int k = 0; k < channels; k++)
      image->pixels[i * channels + k] = k == 3 ? 1.0f
                                        : on_line (i) ? drawing->line[k] : drawing->paper[k];
  return image;
}

static P2pComputed *
compute (P2pModel              *model,
         const P2pImage        *image,
         const P2pApplyOptions *options)
{
  GError      *error = NULL;
  P2pComputed *computed = p2p_apply_compute (model, image, options, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return computed;
}

static void
take_apart (P2pComputed *computed,
            double       strength,
            P2pLayers   *layers)
{
  GError *error = NULL;

  g_assert_true (p2p_apply_layers (computed, strength, NULL, layers, &error));
  g_assert_no_error (error);
  g_assert_cmpint (layers->colors->channels, ==, 3);
}

/* The lines stay as drawn: each pixel is the drawing over the color that the network gives for
 * white paper. */
static void
test_merge (gconstpointer data)
{
  const Drawing       *drawing = data;
  g_autoptr (P2pModel) model = open_lines ();
  g_autoptr (P2pImage) image = draw (drawing, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) result = NULL;

  options.keep_paper = drawing->keep_paper;
  result = apply (model, image, &options);
  for (int i = 0; i < W * H * 3; i++)
    {
      const gboolean line = on_line (i / 3);
      const float    ink = (line ? drawing->line_ink : drawing->paper_ink)[i % 3];
      const float    color = color_of (1.0, i % 3);

      g_assert_cmpfloat_with_epsilon (result->pixels[i], drawing->light
                                      ? 1.0f - (1.0f - color) * ink : color * ink, 0.005);
    }
}

/* The layers hold colors without the lines, and the lines if the picture itself cannot be used for
 * them. */
static void
test_layers (gconstpointer data)
{
  const Drawing          *drawing = data;
  g_autoptr (P2pModel)    model = open_lines ();
  g_autoptr (P2pImage)    image = draw (drawing, 3);
  P2pApplyOptions         options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pComputed) computed = NULL;
  g_auto (P2pLayers)      layers = { NULL };

  options.keep_paper = drawing->keep_paper;
  computed = compute (model, image, &options);
  take_apart (computed, 1.0, &layers);
  g_assert_cmpint (layers.light, ==, drawing->light);
  g_assert_cmpint (layers.lines != NULL, ==, drawing->cleaned);
  for (int i = 0; i < W * H * 3; i++)
    g_assert_cmpfloat_with_epsilon (layers.colors->pixels[i],
                                    color_of (1.0, i % 3), 0.005);
  for (int i = 0; layers.lines && i < W * H; i++)
    {
      const float ink = (on_line (i) ? drawing->line_ink : drawing->paper_ink)[0];

      g_assert_cmpfloat_with_epsilon (layers.lines->pixels[i], drawing->light ? 1.0f - ink : ink,
                                      0.005);
    }
}

/* ---- Layers give the same result -------------------------------------------------------- */

/* Lays the lines, or the picture with its alpha, over the colors, as an image editor does. */
static float
lay_over (const P2pLayers *layers,
          const P2pImage  *image,
          int              i,
          int              k)
{
  const P2pImage *top = layers->lines ? layers->lines : image;
  const float    *pixel = top->pixels + i * top->channels;
  const float     color = layers->colors->pixels[3 * i + k];
  const float     value = pixel[top->channels >= 3 ? k : 0];
  const float     alpha = top->channels % 2 ? 1.0f : pixel[top->channels - 1];
  const float     mixed = layers->light ? color + value - color * value : color * value;

  return color + alpha * (mixed - color);
}

/* A pixel as it looks over paper. */
static float
seen (const P2pImage *image,
      int             i,
      int             k,
      float           paper)
{
  const float *pixel = image->pixels + i * image->channels;
  const float  alpha = image->channels % 2 ? 1.0f : pixel[image->channels - 1];

  return paper + alpha * (pixel[k] - paper);
}

/* Compares the layers with the blend at a strength, at a smaller working size. */
static void
check_same (const P2pImage *image,
            gboolean        keep_paper,
            double          strength)
{
  g_autoptr (P2pModel)    model = open_model ("lines", 1, 3);
  P2pApplyOptions         options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pComputed) computed = NULL;
  g_autoptr (P2pImage)    blended = NULL;
  g_auto (P2pLayers)      layers = { NULL };

  options.scale = "fit:64";
  options.keep_paper = keep_paper;
  computed = compute (model, image, &options);
  blended = p2p_apply_blend (computed, strength, 1.0, NULL, NULL);
  take_apart (computed, strength, &layers);
  g_assert_true (strength == 1.0 || ! layers.lines);
  for (int i = 0; i < image->width * image->height * 3; i++)
    g_assert_cmpfloat_with_epsilon (seen (blended, i / 3, i % 3, layers.light ? 0.0f : 1.0f),
                                    lay_over (&layers, image, i / 3, i % 3), 1e-5);
}

static void
test_same (gconstpointer data)
{
  const Drawing       *drawing = data;
  g_autoptr (P2pImage) image = draw (drawing, 3);

  check_same (image, drawing->keep_paper, 1.0);
  if (! drawing->cleaned)
    check_same (image, drawing->keep_paper, 0.4);
}

/* They are the same for pictures with alpha, which show the paper through, also for gray ones. */
static void
test_same_alpha (void)
{
  for (int channels = 2; channels <= 4; channels += 2)
    {
      g_autoptr (P2pImage) image = random_image (90, 70, channels);

      check_same (image, TRUE, 1.0);
      check_same (image, TRUE, 0.4);
    }
}

/* They are the same if a light drawing is half transparent. */
static void
test_same_light_alpha (void)
{
  g_autoptr (P2pImage) image = draw (&drawings[3], 4);

  for (int i = 0; i < W * H; i++)
    image->pixels[4 * i + 3] = i % 97 < 5 ? 0.5f : 1.0f;
  check_same (image, FALSE, 1.0);
  check_same (image, FALSE, 0.4);
}

/* ---- Alpha and strength ----------------------------------------------------------------- */

/* Strength 0 leaves the picture as it is, including hidden colors and alpha. */
static void
test_strength_none (void)
{
  g_autoptr (P2pModel) model = open_lines ();
  g_autoptr (P2pImage) image = random_image (90, 70, 4), result = NULL;
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  for (int i = 0; i < 90 * 70; i += 2)
    image->pixels[4 * i + 3] = i % 4 ? 0.0f : 1.0f;
  options.strength = 0.0;
  result = apply (model, image, &options);
  g_assert_cmpmem (result->pixels, image_bytes (result), image->pixels, image_bytes (image));
}

/* Transparent areas count as paper: the result is opaque and keeps its alpha channel. */
static void
test_opaque (void)
{
  g_autoptr (P2pModel) model = open_lines ();
  g_autoptr (P2pImage) image = draw (&drawings[0], 4), result = NULL;

  for (int i = 0; i < W * H; i += 3)
    image->pixels[4 * i + 3] = 0.0f;
  result = apply (model, image, NULL);
  g_assert_cmpint (result->channels, ==, 4);
  for (int i = 0; i < W * H; i++)
    g_assert_cmpfloat (result->pixels[4 * i + 3], ==, 1.0f);
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (result->pixels[k], color_of (1.0, k), 0.005);
}

/* Seen on paper, half strength is halfway between the picture and the result. */
static void
test_half (void)
{
  g_autoptr (P2pModel) model = open_lines ();
  g_autoptr (P2pImage) image = random_image (90, 70, 4), whole = NULL, half = NULL;
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.keep_paper = TRUE;
  whole = apply (model, image, &options);
  options.strength = 0.5;
  half = apply (model, image, &options);
  for (int i = 0; i < 90 * 70; i++)
    for (int k = 0; k < 3; k++)
      g_assert_cmpfloat_with_epsilon (seen (half, i, k, 1.0f),
                                      (seen (image, i, k, 1.0f) + whole->pixels[4 * i + k]) / 2,
                                      1e-5);
}

/* Below strength 1 the layer of colors is mixed with paper, which is black under a light
 * drawing. */
static void
test_paper (void)
{
  for (int which = 0; which <= 3; which += 3)
    {
      const float             paper = drawings[which].light ? 0.0f : 1.0f;
      g_autoptr (P2pModel)    model = open_lines ();
      g_autoptr (P2pImage)    image = draw (&drawings[which], 3);
      const P2pApplyOptions   options = P2P_APPLY_DEFAULTS;
      g_autoptr (P2pComputed) computed = compute (model, image, &options);
      g_auto (P2pLayers)      whole = { NULL }, part = { NULL };

      take_apart (computed, 1.0, &whole);
      take_apart (computed, 0.25, &part);
      for (int i = 0; i < W * H * 3; i++)
        g_assert_cmpfloat_with_epsilon (part.colors->pixels[i],
                                        0.75f * paper + 0.25f * whole.colors->pixels[i], 1e-5);
    }
}

/* ---- Which layering a model has --------------------------------------------------------- */

/* Colors made from lines lie below them.  Colors alone are chroma.  Hints do not matter for
 * this. */
static void
test_kinds (void)
{
  static const struct
  {
    const char *inputs;
    P2pOutput   output;
    P2pLayering layering;
  }
  kinds[] =
  {
    { "lines",                    P2P_OUTPUT_RGB,    P2P_LAYERING_UNDER },
    { "lines,hint-rgb,hint-mask", P2P_OUTPUT_RGB,    P2P_LAYERING_UNDER },
    { "lines",                    P2P_OUTPUT_GRAY,   P2P_LAYERING_NONE },
    { "lines",                    P2P_OUTPUT_LAB_AB, P2P_LAYERING_CHROMA },
    { "lines",                    P2P_OUTPUT_RGBA,   P2P_LAYERING_NONE },
    { "lab-l",                    P2P_OUTPUT_LAB_AB, P2P_LAYERING_CHROMA },
    { "lab-l,hint-ab,hint-mask",  P2P_OUTPUT_LAB_AB, P2P_LAYERING_CHROMA },
    { "rgb",                      P2P_OUTPUT_RGB,    P2P_LAYERING_NONE },
    { "gray",                     P2P_OUTPUT_RGB,    P2P_LAYERING_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      P2pInputs        inputs;
      g_autofree char *unknown = NULL;

      g_assert_true (p2p_inputs_parse (kinds[i].inputs, &inputs, &unknown));
      g_assert_cmpint (p2p_inputs_layering (&inputs, kinds[i].output), ==, kinds[i].layering);
    }
}

/* An open model and the list entry of its file agree. */
static void
test_told (void)
{
  static const char *const inputs[] = { "lines", "gray" };

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (P2pModel)     model = open_model (inputs[i], 1, 3);
      g_autoptr (P2pModelInfo) info = p2p_model_info_new (model->path, NULL, NULL);

      g_assert_cmpint (info->sees_lines, ==, i == 0);
      g_assert_cmpint (p2p_model_layering (model), ==,
                       i == 0 ? P2P_LAYERING_UNDER : P2P_LAYERING_NONE);
    }
}

/* A gray result is used as it is, and alpha stays. */
static void
test_gray (void)
{
  static const float   slope[] = { 0.9f };
  g_autoptr (P2pModel) model = open_small (&(SmallModel) { "lines", 1, 1, slope });
  g_autoptr (P2pImage) image = random_image (90, 70, 2), result = NULL;
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.keep_paper = TRUE;
  result = apply (model, image, &options);
  for (int i = 0; i < 90 * 70; i++)
    {
      g_assert_cmpfloat_with_epsilon (result->pixels[2 * i],
                                      color_of (seen (image, i, 0, 1.0f), 0), 1e-4);
      g_assert_cmpfloat (result->pixels[2 * i + 1], ==, image->pixels[2 * i + 1]);
    }
}

/* ---- Threads and cancelling ------------------------------------------------------------- */

static void
test_threads (void)
{
  g_autoptr (P2pModel)  model = open_lines ();
  g_autoptr (P2pImage)  image = draw (&drawings[1], 3), first = NULL;
  const P2pApplyOptions options = P2P_APPLY_DEFAULTS;

  for (int n = 1; n < 4; n++)
    {
      g_autoptr (P2pImage) result = NULL;

      p2p_model_set_threads (model, n);
      result = apply (model, image, &options);
      if (! first)
        first = g_steal_pointer (&result);
      else
        g_assert_cmpmem (first->pixels, image_bytes (first), result->pixels,
                         image_bytes (result));
    }
}

/* When cancelled, there are no layers. */
static void
test_cancelled (void)
{
  g_autoptr (P2pModel)     model = open_lines ();
  g_autoptr (P2pImage)     image = draw (&drawings[1], 3);
  const P2pApplyOptions    options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pComputed)  computed = compute (model, image, &options);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;
  P2pLayers                layers;

  g_cancellable_cancel (cancellable);
  g_assert_false (p2p_apply_layers (computed, 1.0, cancellable, &layers, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (! layers.colors && ! layers.lines);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (drawings); i++)
    {
      g_autofree char *merge = g_strconcat ("/layers/merge/", drawings[i].name, NULL);
      g_autofree char *apart = g_strconcat ("/layers/apart/", drawings[i].name, NULL);
      g_autofree char *same = g_strconcat ("/layers/same/", drawings[i].name, NULL);

      g_test_add_data_func (merge, &drawings[i], test_merge);
      g_test_add_data_func (apart, &drawings[i], test_layers);
      g_test_add_data_func (same, &drawings[i], test_same);
    }
  g_test_add_func ("/layers/same/alpha", test_same_alpha);
  g_test_add_func ("/layers/same/light-alpha", test_same_light_alpha);
  g_test_add_func ("/layers/strength-none", test_strength_none);
  g_test_add_func ("/layers/opaque", test_opaque);
  g_test_add_func ("/layers/half", test_half);
  g_test_add_func ("/layers/paper", test_paper);
  g_test_add_func ("/layers/kinds", test_kinds);
  g_test_add_func ("/layers/told", test_told);
  g_test_add_func ("/layers/gray", test_gray);
  g_test_add_func ("/layers/threads", test_threads);
  g_test_add_func ("/layers/cancelled", test_cancelled);
  return run_tests ();
}

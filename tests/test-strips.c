/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture in strips gives the same result as the whole with less memory, for each kind of U-Net,
 * number of levels and height of strips, and in an apply. */

#include "apply/plan.h"
#include "apply/strips.h"
#include "small-model.h"

#define WIDTH  (2 * SIDE)
#define HEIGHT (7 * SIDE)

/* Gives the small network another norm, with or without skips, and one of the ways of doubling.
 * Its weights are large enough for differences to show. */
static void
change (P2pModel    *model,
        P2pNormKind  norm,
        gboolean     skip,
        P2pUpsample  upsample)
{
  P2pGraphOptions      options = { 0 };
  g_autoptr (P2pGraph) graph = NULL;

  model->card->options.norm = norm;
  model->card->options.skip = skip;
  model->card->options.upsample = upsample;
  p2p_params_free (model->params);
  model->params = p2p_params_new ();
  graph = p2p_graph_new (model->params, model->parallel, &options);
  p2p_net_unet.build (p2p_at (graph), p2p_input (graph, 1, SIDE, SIDE, 3), &model->card->options);
  p2p_params_init (model->params, 7, NULL);
  for (guint i = 0; i < p2p_params_length (model->params); i++)
    {
      P2pParam *param = p2p_params_nth (model->params, i);

      for (gsize j = 0; j < param->n && param->n_dims == 4; j++)
        param->value[j] *= 5.0;
    }
  p2p_stats_free (model->running);
  model->running = p2p_stats_from_params (model->params);
}

/* ---- Running by hand -------------------------------------------------------------------- */

/* A value of the picture.  x counts columns and channels. */
static p2p_real
pixel (int row,
       int x)
{
  return 2 * p2p_random_uniform (5, row / 90, x) - 1 + 0.3 * p2p_random_uniform (6, row, x);
}

static void
fill (P2pNode  *picture,
      int       top,
      gpointer  data)
{
  int length = picture->w * picture->c;

  for (int i = 0; i < picture->h * length; i++)
    picture->x[i] = pixel (top + i / length, i % length);
}

static gboolean
run_graph (P2pGraph  *graph,
           gpointer   data,
           GError   **error)
{
  return p2p_graph_forward (graph, 1, NULL, NULL, NULL, error);
}

static void
take (const P2pNode *output,
      int            top,
      int            first,
      int            end,
      gpointer       data)
{
  p2p_real *result = data;
  gsize     length = (gsize) output->w * output->c;

  memcpy (result + first * length, output->x + (first - top) * length,
          (end - first) * length * sizeof *result);
}

static p2p_real *
run_strips (P2pModel        *model,
            const P2pStrips *strips,
            P2pModelMode     mode)
{
  p2p_real     *result = g_new0 (p2p_real, WIDTH * HEIGHT * 3);
  P2pStripsUser user = { fill, run_graph, take, result };
  GError       *error = NULL;

  p2p_strips_run (model, strips, mode, &user, &error);
  g_assert_no_error (error);
  return result;
}

static p2p_real *
run_whole (P2pModel     *model,
           P2pModelMode  mode)
{
  p2p_real *result = g_new (p2p_real, WIDTH * HEIGHT * 3);
  GError   *error = NULL;
  P2pGraph *graph = p2p_model_graph (model, WIDTH, HEIGHT, mode, &error);

  g_assert_no_error (error);
  p2p_graph_allocate (graph, NULL);
  fill (model->input, 0, NULL);
  run_graph (graph, NULL, &error);
  take (model->output, 0, 0, HEIGHT, result);
  return result;
}

/* ---- Tests ------------------------------------------------------------------------------ */

typedef struct
{
  const char  *name;
  P2pNormKind  norm;
  gboolean     no_skip, running, dropout;
  P2pUpsample  upsample;
  gboolean     no_third;    /* a third level saves no memory here */
} Case;

static const Case cases[] =
{
  { "batch", P2P_NORM_BATCH }, { "instance", P2P_NORM_INSTANCE }, { "none", P2P_NORM_NONE },
  { "no-skip", P2P_NORM_BATCH, .no_skip = TRUE, .no_third = TRUE },
  { "running", P2P_NORM_BATCH, .running = TRUE },
  { "noise", P2P_NORM_BATCH, .dropout = TRUE },
  { "resize", P2P_NORM_BATCH, .upsample = P2P_UPSAMPLE_RESIZE },
  { "smooth", P2P_NORM_BATCH, .upsample = P2P_UPSAMPLE_SMOOTH },
  { "bilinear", P2P_NORM_BATCH, .upsample = P2P_UPSAMPLE_BILINEAR, .no_third = TRUE },
};

/* From the cheapest strips to those that take the least memory, all give the same as the whole,
 * except for rounding.  Each takes less memory than the one before. */
static void
test_whole (gconstpointer data)
{
  const Case          *kind = data;
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  P2pModelMode         mode = { kind->running, kind->dropout };
  g_autofree p2p_real *whole = NULL;
  guint64              bytes = G_MAXUINT64;
  P2pStrips            strips;
  guint                seen = 0;

  change (model, kind->norm, ! kind->no_skip, kind->upsample);
  whole = run_whole (model, mode);
  while (p2p_strips_choose (model, WIDTH, HEIGHT, mode, bytes, &strips) && strips.bytes <= bytes)
    {
      g_autofree p2p_real *result = run_strips (model, &strips, mode);

      for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        if (! (fabs (result[i] - whole[i]) <= 5e-5))
          g_error ("%d levels in strips of %d: row %d is %g and not %g", strips.levels, strips.rows,
                   i / WIDTH / 3, result[i], whole[i]);
      seen |= 1 << strips.levels;
      bytes = strips.bytes - 1;
    }
  g_assert_cmpuint (seen, ==, kind->no_third ? 1 << 1 | 1 << 2 : 1 << 1 | 1 << 2 | 1 << 3);
}

/* Any number of threads gives the same bits. */
static void
test_threads (void)
{
  static const int     counts[] = { 1, 2, 7 };
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  P2pModelMode         mode = { 0 };
  g_autofree p2p_real *first = NULL;
  P2pStrips            strips;

  /* No strips take so little memory, so those that take the least are chosen. */
  g_assert_true (p2p_strips_choose (model, WIDTH, HEIGHT, mode, 0, &strips));
  g_assert_cmpuint (strips.bytes, >, 0);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree p2p_real *result = NULL;

      p2p_model_set_threads (model, counts[i]);
      result = run_strips (model, &strips, mode);
      if (! first)
        first = g_steal_pointer (&result);
      else
        g_assert_cmpmem (first, WIDTH * HEIGHT * 3 * sizeof *first, result,
                         WIDTH * HEIGHT * 3 * sizeof *first);
    }
}

/* An apply whose memory does not suffice for the whole at once gives the same result in strips,
 * with the picture's alpha, at any size and scale. */
static void
test_apply (void)
{
  static const char *const scales[] = { "native", "fit:600" };
  g_autoptr (P2pModel)     model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage)     image = random_image (701, 930, 4);

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
      g_autoptr (P2pImage) whole = NULL;
      P2pPlan              plan;
      int                  strips = 0;

      options.scale = scales[i];
      options.memory = G_MAXUINT64;
      whole = apply (model, image, &options);
      for (; p2p_plan_make (model, 701, 930, 4, &options, &plan, NULL)
             && p2p_plan_tiles (&plan) == 1; options.memory = plan.bytes - 1)
        {
          g_autoptr (P2pImage) result = NULL;

          g_assert_cmpuint (plan.bytes, <=, options.memory);
          if (! plan.strips.levels)
            continue;
          result = apply (model, image, &options);
          for (gsize j = 0; j < image_bytes (image) / sizeof (float); j++)
            g_assert_cmpfloat_with_epsilon (result->pixels[j], whole->pixels[j], 5e-5);
          strips++;
        }
      g_assert_cmpint (strips, >, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/strips/whole/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_whole);
    }
  g_test_add_func ("/strips/threads", test_threads);
  g_test_add_func ("/strips/apply", test_apply);
  return run_tests ();
}

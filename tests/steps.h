/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs some training steps from weights and batches that steps.py makes as well.  The options are a
 * line such as "net=unet num_downs=5 ngf=2 norm=batch". */

#pragma once

#include <stdlib.h>
#include <string.h>

#include "testing.h"
#include "train/recipe.h"

#define N_STEPS      10
#define STEPS_SEED_G 5
#define STEPS_RATE   2e-4

typedef struct
{
  P2pTrainOptions  options;
  const P2pRecipe *recipe;
  P2pParallel     *parallel;
  gpointer         training;
  double           losses[N_STEPS][P2P_MAX_LOSSES];
} Steps;

static inline double
steps_number (char      **words,
              const char *key)
{
  for (; *words; words++)
    if (g_str_has_prefix (*words, key) && (*words)[strlen (key)] == '=')
      return g_ascii_strtod (*words + strlen (key) + 1, NULL);
  g_error ("no %s in the options", key);
}

static inline int
steps_int (char      **words,
           const char *key)
{
  return steps_number (words, key);
}

/* The text of a key (newly allocated), or NULL. */
static inline char *
steps_text (char      **words,
            const char *key)
{
  for (; *words; words++)
    if (g_str_has_prefix (*words, key) && (*words)[strlen (key)] == '=')
      return g_strdup (*words + strlen (key) + 1);
  return NULL;
}

/* The number of a key that only some recipes have. */
static inline double
steps_number_or (char      **words,
                 const char *key,
                 double      otherwise)
{
  g_autofree char *text = steps_text (words, key);

  return text ? g_ascii_strtod (text, NULL) : otherwise;
}

static inline gboolean
steps_has (char      **words,
           const char *word)
{
  return g_strv_contains ((const char *const *) words, word);
}

static inline P2pTrainOptions
steps_options (const char *line)
{
  g_auto (GStrv)  words = g_strsplit (line, " ", -1);
  g_autofree char *upsample = steps_text (words, "upsample");
  P2pTrainOptions options = { .init_type = P2P_INIT_NORMAL, .init_gain = 0.02, .lr = STEPS_RATE,
                              .beta1 = 0.5, .lambda_l1 = 100.0, .seed = 3 };

  options.net_g = steps_has (words, "net=unet") ? &p2p_net_unet : &p2p_net_resnet;
  options.g = options.net_g->defaults;
  options.g.num_downs = options.g.n_blocks = steps_int (words, "depth");
  options.g.ngf = steps_int (words, "ngf");
  options.g.use_dropout = steps_int (words, "dropout");
  options.g.norm = steps_has (words, "norm=batch") ? P2P_NORM_BATCH
                   : steps_has (words, "norm=instance") ? P2P_NORM_INSTANCE : P2P_NORM_NONE;
  p2p_upsample_by_name (upsample, &options.g.upsample);
  options.g.input_nc = steps_int (words, "input_nc");
  options.pixel_d = steps_has (words, "d=pixel");
  options.ndf = steps_int (words, "ndf");
  options.n_layers_d = steps_int (words, "n_layers");
  options.conditional = steps_int (words, "conditional");
  options.gan_mode = steps_has (words, "gan=lsgan") ? P2P_GAN_LSGAN
                     : steps_has (words, "gan=hinge") ? P2P_GAN_HINGE : P2P_GAN_VANILLA;
  options.lambda_gan = steps_int (words, "lambda_gan");
  options.lambda_detail = steps_number_or (words, "lambda_detail", 0.0);
  options.batch_size = steps_int (words, "batch");
  options.crop_size.width = options.crop_size.height = steps_int (words, "size");
  options.accumulate = steps_int (words, "accumulate");
  options.ema = steps_number (words, "ema");
  options.diffaugment = steps_int (words, "diffaugment");
  options.recipe = steps_has (words, "recipe=cyclegan") ? P2P_RECIPE_CYCLEGAN
                                                        : P2P_RECIPE_PIX2PIX;
  options.lambda_a = steps_number_or (words, "lambda_A", 10.0);
  options.lambda_b = steps_number_or (words, "lambda_B", 10.0);
  options.lambda_identity = steps_number_or (words, "identity", 0.5);
  options.cycle_noise = steps_number_or (words, "cycle_noise", 0.0);
  options.identity_steps = steps_number_or (words, "identity_steps", 0.0);
  options.pool_size = steps_number_or (words, "pool", 0.0);
  options.teacher = steps_text (words, "teacher");
  if (options.teacher)
    {
      options.inputs = p2p_inputs_one (P2P_PLANE_RGB);
      options.lambda_teacher = steps_int (words, "lambda_teacher");
      options.mode = steps_int (words, "targets") ? P2P_DATA_ALIGNED : P2P_DATA_PICTURES;
    }
  return options;
}

/* Sets the weights of reference.py's random_weights (). */
static inline void
steps_fill (P2pParams *params,
            guint64    seed)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      P2pParam *param = p2p_params_nth (params, i);
      guint64   stream = p2p_random_stream (param->name);
      gboolean  positive = g_str_has_suffix (param->name, "weight")
                           || g_str_has_suffix (param->name, "running_var");

      for (gsize j = 0; j < param->n; j++)
        if (param->n_dims > 1)
          param->value[j] = 0.02 * p2p_random_normal (seed, stream, j);
        else
          param->value[j] = p2p_random_uniform (seed, stream, j) + (positive ? 0.5 : -0.5);
    }
  p2p_params_changed (params);
}

/* The number from which the initial weights of a network follow; −1: it has none of its own. */
static inline int
steps_seed (const char *network)
{
  static const char *const names[] = { "G", "D", "P" };
  static const char *const unpaired[] = { "G_A", "G_B", "D_A", "D_B" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], network) == 0)
      return STEPS_SEED_G + i;
  for (guint i = 0; i < G_N_ELEMENTS (unpaired); i++)
    if (strcmp (unpaired[i], network) == 0)
      return STEPS_SEED_G + i;
  return -1;
}

static inline Steps *
steps_new (const char *line,
           int         n_threads)
{
  Steps  *steps = g_new0 (Steps, 1);
  GError *error = NULL;

  steps->options = steps_options (line);
  steps->recipe = p2p_recipe_of (&steps->options);
  steps->parallel = p2p_parallel_new (n_threads);
  steps->training = steps->recipe->new (&steps->options, steps->parallel, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; steps->recipe->networks[i]; i++)
    {
      const char *network = steps->recipe->networks[i];
      P2pParams  *params = steps->recipe->params (steps->training, network);

      if (params && steps_seed (network) >= 0)
        steps_fill (params, steps_seed (network));
    }
  return steps;
}

static inline void
steps_free (Steps *steps)
{
  steps->recipe->free (steps->training);
  p2p_parallel_free (steps->parallel);
  g_free (steps->options.teacher);
  g_free (steps);
}

static inline void
steps_run (Steps *steps)
{
  const P2pTrainOptions *o = &steps->options;
  const int              n = o->batch_size * o->accumulate;
  const gsize            pixels = (gsize) n * o->crop_size.width * o->crop_size.height;
  g_autofree p2p_real   *a = g_new (p2p_real, pixels * o->g.input_nc);
  g_autofree p2p_real   *b = g_new (p2p_real, pixels * o->g.output_nc);
  P2pBatch               batch = { n, o->crop_size.height, o->crop_size.width, a, b };
  GError                *error = NULL;

  for (int step = 0; step < N_STEPS; step++)
    {
      fill_random (a, pixels * o->g.input_nc, 2 * step);
      fill_random (b, pixels * o->g.output_nc, 2 * step + 1);
      steps->recipe->step (steps->training, &batch, o->lr, step, steps->losses[step], &error);
      g_assert_no_error (error);
    }
}

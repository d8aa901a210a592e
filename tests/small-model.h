/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Shared by the tests of apply: a small U-Net or ResNet with random weights, which is written to a
 * file and opened like any other, and pictures for it. */

#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "files/safetensors.h"
#include "models/model.h"
#include "testing.h"

#define SIDE 64    /* pixels, for num_downs 6 */

static char *folder;

typedef struct
{
  const char  *inputs;
  int          input_nc, output_nc;
  const float *slopes;    /* [output_nc].  Then the network has one input channel and gives tanh
                           * (slope · x) at each pixel, whatever is around it.  NULL means random
                           * weights. */
  int          n_blocks;  /* of a ResNet; 0 means a U-Net */
} SmallModel;

/* Makes the weights of a ResNet so large that values keep their magnitude without norms. */
static inline void
enlarge_weights (P2pParams *params)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    for (gsize j = 0; j < p2p_params_nth (params, i)->n; j++)
      if (p2p_params_nth (params, i)->n_dims == 4)
        p2p_params_nth (params, i)->value[j] *= 8;
}

/* The first layer separates the four pixels that it sees, each as it is and negated.  The last
 * layer puts them together again.  The skip connection bypasses everything between. */
static inline void
set_slopes (P2pParams        *params,
            const SmallModel *small)
{
  P2pParam *first = p2p_params_lookup (params, "model.model.0.weight");    /* [8, 1, 4, 4] */
  P2pParam *last = p2p_params_lookup (params, "model.model.3.weight");     /* [16, out, 4, 4] */

  for (guint i = 0; i < p2p_params_length (params); i++)
    for (gsize j = 0; j < p2p_params_nth (params, i)->n; j++)
      p2p_params_nth (params, i)->value[j] = 0;
  for (int i = 0; i < 8; i++)
    {
      int tap = (i / 2 % 2 + 1) * 4 + i / 4 + 1, sign = i % 2 ? -1 : 1;

      first->value[i * 16 + tap] = sign;
      for (int k = 0; k < small->output_nc; k++)
        last->value[(i * small->output_nc + k) * 16 + tap] = sign * small->slopes[k];
    }
}

static inline void
add_tensors (P2pTensors *tensors,
             P2pParams  *params)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);
      gint64          dims[4];

      for (int k = 0; k < param->n_dims; k++)
        dims[k] = param->dims[k];
      p2p_tensors_add (tensors, param->name, P2P_F32, param->n_dims, dims, param->value, NULL);
    }
}

static inline P2pModel *
open_small (const SmallModel *small)
{
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &(P2pGraphOptions) { 0 });
  g_autoptr (P2pTensors)  tensors = p2p_tensors_new ();
  g_autoptr (P2pCard)     card = NULL;
  g_autoptr (GHashTable)  metadata = NULL;
  g_autoptr (GError)      error = NULL;
  g_autofree char        *path = g_build_filename (folder, "model.safetensors", NULL);
  P2pModel               *model;
  P2pNetOptions           options = { .num_downs = 6, .ngf = small->slopes ? 8 : 4,
                                      .input_nc = small->input_nc,
                                      .output_nc = small->output_nc, .norm = P2P_NORM_BATCH,
                                      .use_dropout = TRUE, .skip = TRUE,
                                      .n_blocks = small->n_blocks };
  const P2pNet           *net = small->n_blocks ? &p2p_net_resnet : &p2p_net_unet;

  net->build (p2p_at (graph), p2p_input (graph, 1, SIDE, SIDE, small->input_nc), &options);
  p2p_params_init (params, 3, NULL);
  if (small->n_blocks)
    enlarge_weights (params);
  if (small->slopes)
    set_slopes (params, small);
  add_tensors (tensors, params);
  g_hash_table_insert (tensors->metadata, g_strdup ("p2p.inputs"), g_strdup (small->inputs));
  card = p2p_card_new (tensors, &error);
  g_assert_no_error (error);
  if (strcmp (small->inputs, "labels") == 0)
    p2p_card_set (card, "palette", "wall=#ff0000, window=#0000ff", &error);
  g_assert_no_error (error);
  metadata = p2p_card_to_metadata (card);
  p2p_safetensors_write (path, tensors, metadata, FALSE, &error);
  g_assert_no_error (error);

  model = p2p_model_open (path, NULL, &error);
  g_assert_no_error (error);
  return model;
}

/* A model with random weights. */
static inline P2pModel *
open_model (const char *inputs,
            int         input_nc,
            int         output_nc)
{
  return open_small (&(SmallModel) { inputs, input_nc, output_nc, NULL });
}

static inline P2pImage *
random_image (int width,
              int height,
              int channels)
{
  P2pImage *image = p2p_image_new (width, height, channels);

  for (gsize i = 0; i < (gsize) width * height * channels; i++)
    image->pixels[i] = p2p_random_uniform (width, height, i);
  return image;
}

static inline P2pImage *
apply (P2pModel              *model,
       const P2pImage        *image,
       const P2pApplyOptions *options)
{
  P2pApplyOptions defaults = P2P_APPLY_DEFAULTS;
  GError         *error = NULL;
  P2pImage       *result = p2p_apply (model, image, options ? options : &defaults, NULL, NULL, NULL,
                                      &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->width, ==, image->width);
  g_assert_cmpint (result->height, ==, image->height);
  return result;
}

static inline gsize
image_bytes (const P2pImage *image)
{
  return (gsize) image->width * image->height * image->channels * sizeof (float);
}

static inline void
expect_error (P2pModel              *model,
              const P2pImage        *image,
              const P2pApplyOptions *options,
              int                    code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_apply (model, image, options, NULL, NULL, NULL, &error));
  g_assert_error (error, P2P_ERROR, code);
}

/* Runs the tests, with a folder for the models. */
static inline int
run_tests (void)
{
  g_autofree char *path = NULL;
  int              status;

  folder = g_dir_make_tmp ("pix2pix-apply-XXXXXX", NULL);
  status = g_test_run ();
  path = g_build_filename (folder, "model.safetensors", NULL);
  g_unlink (path);
  g_rmdir (folder);
  g_free (folder);
  return status;
}

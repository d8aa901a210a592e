/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The U-Net generator (Isola et al. 2017, sections 3.2.1 and 6.1.1; Ronneberger et al. 2015) in the
 * layout of the public PyTorch implementation: blocks nested from the outside in, each halving the
 * picture, running the block inside, and doubling it again. */

#include "intl.h"
#include "nets.h"
#include "p2p.h"

/* Channels that block i, from the outside, has inside. */
static int
channels (int                  i,
          const P2pNetOptions *options)
{
  return options->ngf * MIN (1 << i, 8);
}

static P2pNode *
join (P2pNode             *x,
      P2pNode             *y,
      const P2pNetOptions *options)
{
  return options->skip ? p2p_concat (x, y) : y;
}

/* Block i; x is already activated, which is what the skip carries upstream too, where LeakyReLU
 * works in place. */
static P2pNode *
block (P2pAt                at,
       P2pNode             *x,
       int                  i,
       const P2pNetOptions *options)
{
  gboolean bias = options->norm == P2P_NORM_INSTANCE;
  int      outer = channels (i - 1, options);
  P2pNode *y;

  y = p2p_conv (p2p_sub (at, "1"), x, channels (i, options), 4, 2, 1, bias);
  if (i == options->num_downs - 1)
    {
      y = p2p_conv_transpose (p2p_sub (at, "3"), p2p_relu (y), outer, 4, 2, 1, 0, bias);
      y = p2p_norm (p2p_sub (at, "4"), y, options->norm);
      return join (x, y, options);
    }

  y = p2p_norm (p2p_sub (at, "2"), y, options->norm);
  y = block (p2p_sub (at, "3.model"), p2p_leaky_relu (y, 0.2), i + 1, options);
  y = p2p_conv_transpose (p2p_sub (at, "5"), p2p_relu (y), outer, 4, 2, 1, 0, bias);
  y = p2p_norm (p2p_sub (at, "6"), y, options->norm);
  if (options->use_dropout && i >= 4)
    y = p2p_dropout (p2p_sub (at, "7"), y, 0.5);
  return join (x, y, options);
}

static P2pNode *
build (P2pAt                at,
       P2pNode             *x,
       const P2pNetOptions *options)
{
  P2pNode *y;

  at = p2p_sub (at, "model.model");
  y = p2p_conv (p2p_sub (at, "0"), x, options->ngf, 4, 2, 1, options->norm == P2P_NORM_INSTANCE);
  y = block (p2p_sub (at, "1.model"), p2p_leaky_relu (y, 0.2), 1, options);
  y = p2p_conv_transpose (p2p_sub (at, "3"), p2p_relu (y), options->output_nc, 4, 2, 1, 0, TRUE);
  return p2p_tanh (y);
}

static gboolean
check (const P2pNetOptions  *options,
       GError              **error)
{
  if (options->num_downs < 5 || options->num_downs > 9)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("A U-Net with %d down-samplings: from 5 to 9 can be run"), options->num_downs);
  else if (options->ngf < 1 || options->ngf > 512)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("A U-Net with ngf %d: from 1 to 512 can be run"), options->ngf);
  else
    return TRUE;
  return FALSE;
}

static int
side_multiple (const P2pNetOptions *options)
{
  return 1 << options->num_downs;
}

/* The innermost block sees the whole picture. */
static int
halo (const P2pNetOptions *options)
{
  return 0;
}

/* ---- Detection -------------------------------------------------------------------------- */

/* The 4×4 convolution weight path.name, or NULL. */
static const P2pTensor *
weight_4x4 (const P2pTensors *tensors,
            const char       *path,
            const char       *name)
{
  g_autofree char *full = g_strconcat (path, ".", name, ".weight", NULL);
  const P2pTensor *tensor = p2p_tensors_get (tensors, full);

  return tensor && tensor->n_dims == 4 && tensor->dims[2] == 4 && tensor->dims[3] == 4 ? tensor
                                                                                       : NULL;
}

static gboolean
has (const P2pTensors *tensors,
     const char       *path,
     const char       *name)
{
  g_autofree char *full = g_strconcat (path, ".", name, NULL);

  return p2p_tensors_get (tensors, full) != NULL;
}

static gboolean
detect (const P2pTensors *tensors,
        P2pNetOptions    *options)
{
  const P2pTensor    *first = weight_4x4 (tensors, "model.model", "0");
  const P2pTensor    *last = weight_4x4 (tensors, "model.model", "3");
  g_autoptr (GString) path = g_string_new ("model.model.1.model");

  if (! first || ! last || ! weight_4x4 (tensors, path->str, "1"))
    return FALSE;

  options->ngf = first->dims[0];
  options->input_nc = first->dims[1];
  options->output_nc = last->dims[1];
  options->skip = last->dims[0] == 2 * first->dims[0];

  /* Only batch norm has tensors, and only instance norm leaves the convolutions their bias. */
  options->norm = has (tensors, path->str, "2.weight") ? P2P_NORM_BATCH
                  : has (tensors, path->str, "1.bias") ? P2P_NORM_INSTANCE
                                                       : P2P_NORM_NONE;

  options->num_downs = 2;
  while (weight_4x4 (tensors, path->str, "5") && options->num_downs < 32)
    {
      g_string_append (path, ".3.model");
      options->num_downs++;
    }
  return weight_4x4 (tensors, path->str, "3") != NULL;
}

const P2pNet p2p_net_unet =
{
  "unet",
  (const char *const[]) { "num_downs", "ngf", "input_nc", "output_nc", "norm", "use_dropout",
                          "skip", NULL },
  { .num_downs = 8, .ngf = 64, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
    .use_dropout = TRUE, .skip = TRUE },
  check, side_multiple, halo, detect, build
};

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The ResNet generator (Johnson et al. 2016; Zhu et al. 2017, section 4 and appendix 7.2).  It
 * halves the picture twice, runs residual blocks (He et al. 2016, without their last ReLU as in
 * Gross and Wilber 2016) at a quarter of its size, and doubles the result twice.  Layers and names
 * are those of the public PyTorch implementation. */

#include "base/intl.h"
#include "nets.h"
#include "p2p.h"

static gboolean
has_bias (const P2pNetOptions *options)
{
  return options->norm == P2P_NORM_INSTANCE;
}

static P2pNode *
norm_relu (P2pAt                at,
           P2pNode             *x,
           const P2pNetOptions *options)
{
  return p2p_relu (p2p_norm (at, x, options->norm));
}

/* Appends a residual block, x + f (x).  Dropout counts in the names of PyTorch's modules: with it,
 * the second convolution is number 6 instead of 5. */
static P2pNode *
block (P2pAt                at,
       P2pNode             *x,
       const P2pNetOptions *options)
{
  int      channels = 4 * options->ngf, second = options->use_dropout ? 6 : 5;
  P2pNode *y;

  y = p2p_pad_reflect (x, 1);
  y = p2p_conv (p2p_sub (at, "1"), y, channels, 3, 1, 0, has_bias (options));
  y = norm_relu (p2p_sub (at, "2"), y, options);
  if (options->use_dropout)
    y = p2p_dropout (p2p_sub (at, "4"), y, 0.5);
  y = p2p_pad_reflect (y, 1);
  y = p2p_conv (p2p_sub (at, "%d", second), y, channels, 3, 1, 0, has_bias (options));
  y = p2p_norm (p2p_sub (at, "%d", second + 1), y, options->norm);
  return p2p_add (x, y);
}

/* Doubles the sides of x. */
static P2pNode *
upsample (P2pAt                at,
          P2pNode             *x,
          int                  out,
          const P2pNetOptions *options)
{
  int k = p2p_upsample_kernel (options->upsample);

  if (options->upsample == P2P_UPSAMPLE_BILINEAR)
    return p2p_conv_double (at, x, out, has_bias (options));
  if (k > 0)
    return p2p_conv_resize (at, x, out, k, has_bias (options));
  return p2p_conv_transpose (at, x, out, 3, 2, 1, 1, has_bias (options));
}

static P2pNode *
build (P2pAt                at,
       P2pNode             *x,
       const P2pNetOptions *options)
{
  gboolean bias = has_bias (options);
  int      ngf = options->ngf, i;

  at = p2p_sub (at, "model");
  x = p2p_conv (p2p_sub (at, "1"), p2p_pad_reflect (x, 3), ngf, 7, 1, 0, bias);
  x = norm_relu (p2p_sub (at, "2"), x, options);
  x = p2p_conv (p2p_sub (at, "4"), x, 2 * ngf, 3, 2, 1, bias);
  x = norm_relu (p2p_sub (at, "5"), x, options);
  x = p2p_conv (p2p_sub (at, "7"), x, 4 * ngf, 3, 2, 1, bias);
  x = p2p_feature (norm_relu (p2p_sub (at, "8"), x, options));

  for (i = 10; i < 10 + options->n_blocks; i++)
    {
      x = block (p2p_sub (at, "%d.conv_block", i), x, options);
      if (i + 1 == 10 + options->n_blocks / 2 || i + 1 == 10 + options->n_blocks)
        p2p_feature (x);
    }

  x = upsample (p2p_sub (at, "%d", i), x, 2 * ngf, options);
  x = norm_relu (p2p_sub (at, "%d", i + 1), x, options);
  x = upsample (p2p_sub (at, "%d", i + 3), x, ngf, options);
  x = norm_relu (p2p_sub (at, "%d", i + 4), x, options);
  x = p2p_conv (p2p_sub (at, "%d", i + 7), p2p_pad_reflect (x, 3), options->output_nc, 7, 1, 0,
                TRUE);
  return p2p_tanh (x);
}

static gboolean
check (const P2pNetOptions  *options,
       GError              **error)
{
  if (options->n_blocks < 1 || options->n_blocks > 64)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("A ResNet must have 1 to 64 blocks, not %d"), options->n_blocks);
  else if (options->ngf < 1 || options->ngf > 512)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The ngf of a ResNet must be 1 to 512, not %d"), options->ngf);
  else
    return TRUE;
  return FALSE;
}

static int
side_multiple (const P2pNetOptions *options)
{
  return 4;
}

/* A block reaches 2 pixels at a quarter of the picture's size, which are 8 pixels of the picture.
 * The other layers together reach 12 pixels, 15 where p2p_conv_resize () doubles, or 18 where
 * p2p_conv_double () does.  One side multiple more than 12 covers the first two, and two cover the
 * third; with transposed convolutions it also lets a tile be moved by up to 3 pixels onto the grid
 * of the quarter-size picture. */
static int
halo (const P2pNetOptions *options)
{
  const int multiples = options->upsample == P2P_UPSAMPLE_BILINEAR ? 2 : 1;

  return 8 * options->n_blocks + 12 + multiples * side_multiple (options);
}

/* ---- Detection -------------------------------------------------------------------------- */

/* Returns the tensor model.i.name when it is the weight of a k×k convolution, otherwise NULL. */
static const P2pTensor *
weight (const P2pTensors *tensors,
        int               i,
        const char       *name,
        int               k)
{
  g_autofree char *full = g_strdup_printf ("model.%d.%s", i, name);
  const P2pTensor *tensor = p2p_tensors_get (tensors, full);

  return tensor && tensor->n_dims == 4 && tensor->dims[2] == k && tensor->dims[3] == k ? tensor
                                                                                       : NULL;
}

/* The number of blocks tells the index that the last convolution must have.  Two related kinds of
 * network are not recognized: those with separable convolutions (compressed GANs), which have no
 * weight named conv_block.1, and those that halve the picture more often, whose blocks have other
 * numbers.  Only some tensors are looked at here; loading the file reports the missing ones. */
static gboolean
detect (const P2pTensors *tensors,
        P2pNetOptions    *options)
{
  const P2pTensor *first = weight (tensors, 1, "weight", 7), *up, *last;
  int              i = 10;

  while (weight (tensors, i, "conv_block.1.weight", 3))
    i++;
  up = weight (tensors, i, "weight", 3);
  last = weight (tensors, i + 7, "weight", 7);
  if (! first || ! last)
    return FALSE;

  options->n_blocks = i - 10;
  options->ngf = first->dims[0];
  options->input_nc = first->dims[1];
  options->output_nc = last->dims[0];
  options->use_dropout = weight (tensors, 10, "conv_block.6.weight", 3) != NULL;

  /* Doubling halves the number of channels.  The first dimension of a weight is the output channels
   * in a convolution, and the input channels in a transposed one.  So the first is smaller than the
   * second in a convolution after doubling. */
  options->upsample = weight (tensors, i, "weight", 2) ? P2P_UPSAMPLE_SMOOTH
                      : up && up->dims[0] < up->dims[1] ? P2P_UPSAMPLE_RESIZE
                                                        : P2P_UPSAMPLE_TRANSPOSED;

  /* Only batch norm has weights, and only with instance norm the convolutions have a bias.  Running
   * statistics prove nothing: stale ones may come from instance norm. */
  options->norm = p2p_tensors_get (tensors, "model.2.weight") ? P2P_NORM_BATCH
                  : p2p_tensors_get (tensors, "model.1.bias") ? P2P_NORM_INSTANCE
                                                              : P2P_NORM_NONE;
  return TRUE;
}

/* The defaults are those of define_G () in the public PyTorch implementation, batch norm and no
 * dropout.  CycleGAN's recipe asks for instance norm. */
const P2pNet p2p_net_resnet =
{
  "resnet",
  (const char *const[]) { "n_blocks", "ngf", "input_nc", "output_nc", "norm", "use_dropout",
                          "upsample", NULL },
  { .n_blocks = 9, .ngf = 64, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH },
  check, side_multiple, halo, detect, build
};

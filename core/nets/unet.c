/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The U-Net generator (Isola et al. 2017, sections 3.2.1 and 6.1.1; Ronneberger et al. 2015).  Its
 * num_downs blocks are nested: block i halves the picture (down), runs block i + 1 on it, and
 * doubles the result (up).  Block 0 is the whole network.  Layers and names are those of the public
 * PyTorch implementation, where block 1 is model.model.1.model, block 2 is
 * model.model.1.model.3.model, and so on. */

#include "base/intl.h"
#include "nets.h"
#include "p2p.h"

#define FEATURE_BLOCKS 3    /* results of blocks 1 to 3 are features, besides the bottleneck */

/* Channels of the value that block i computes with its first convolution. */
static int
channels (int                  i,
          const P2pNetOptions *options)
{
  return options->ngf * MIN (1 << i, 8);
}

/* The skip connection: joins x from the way down to y from the way up. */
static P2pNode *
join (P2pNode             *x,
      P2pNode             *y,
      const P2pNetOptions *options)
{
  return options->skip ? p2p_concat (x, y) : y;
}

/* The scope of block i > 0. */
static P2pAt
block_at (P2pAt at,
          int   i)
{
  at = p2p_sub (at, "model.model.1.model");
  while (--i > 0)
    at = p2p_sub (at, "3.model");
  return at;
}

/* Appends the convolution with which block i begins. */
static P2pNode *
down (P2pAt                at,
      P2pNode             *x,
      int                  i,
      const P2pNetOptions *options)
{
  at = i ? p2p_sub (block_at (at, i), "1") : p2p_sub (at, "model.model.0");
  return p2p_conv (at, x, channels (i, options), 4, 2, 1, options->norm == P2P_NORM_INSTANCE);
}

/* Appends the norm (not in block 0) and the LeakyReLU that follow down () in every block except the
 * innermost. */
static P2pNode *
activate (P2pAt                at,
          P2pNode             *y,
          int                  i,
          const P2pNetOptions *options)
{
  if (i > 0)
    y = p2p_norm (p2p_sub (block_at (at, i), "2"), y, options->norm);
  return p2p_leaky_relu (y, 0.2);
}

/* Doubles the sides of y. */
static P2pNode *
upsample (P2pAt                at,
          P2pNode             *y,
          int                  out,
          gboolean             bias,
          const P2pNetOptions *options)
{
  int k = p2p_upsample_kernel (options->upsample);

  if (options->upsample == P2P_UPSAMPLE_BILINEAR)
    return p2p_conv_double (at, y, out, bias);
  if (k > 0)
    return p2p_conv_resize (at, y, out, k, bias);
  return p2p_conv_transpose (at, y, out, 4, 2, 1, 0, bias);
}

/* Appends the ReLU and the convolution that double the picture at the end of block i > 0. */
static P2pNode *
up (P2pAt                at,
    P2pNode             *y,
    int                  i,
    const P2pNetOptions *options)
{
  return upsample (p2p_sub (block_at (at, i), i == options->num_downs - 1 ? "3" : "5"),
                   p2p_relu (y), channels (i - 1, options), options->norm == P2P_NORM_INSTANCE,
                   options);
}

/* Appends the norm and the dropout that follow up (). */
static P2pNode *
finish (P2pAt                at,
        P2pNode             *y,
        int                  i,
        const P2pNetOptions *options)
{
  gboolean innermost = i == options->num_downs - 1;

  at = block_at (at, i);
  y = p2p_norm (p2p_sub (at, innermost ? "4" : "6"), y, options->norm);
  if (options->use_dropout && i >= 4 && ! innermost)
    y = p2p_dropout (p2p_sub (at, "7"), y, 0.5);
  return y;
}

/* Appends block i > 0 to x, which has passed the LeakyReLU already.  The skip connection also
 * carries this value and not the one before LeakyReLU: in the PyTorch implementation LeakyReLU
 * works in place, so the same happens there. */
static P2pNode *
block (P2pAt                at,
       P2pNode             *x,
       int                  i,
       const P2pNetOptions *options)
{
  P2pNode *y = down (at, x, i, options);

  if (i < options->num_downs - 1)
    {
      y = activate (at, y, i, options);
      y = join (y, block (at, y, i + 1, options), options);
    }
  else
    p2p_feature (y);
  y = finish (at, up (at, y, i, options), i, options);
  return i <= FEATURE_BLOCKS ? p2p_feature (y) : y;
}

/* Appends the end of block 0, which computes the result. */
static P2pNode *
outermost (P2pAt                at,
           P2pNode             *y,
           const P2pNetOptions *options)
{
  return p2p_tanh (upsample (p2p_sub (at, "model.model.3"), p2p_relu (y), options->output_nc, TRUE,
                             options));
}

static P2pNode *
build (P2pAt                at,
       P2pNode             *x,
       const P2pNetOptions *options)
{
  x = activate (at, down (at, x, 0, options), 0, options);
  return outermost (at, join (x, block (at, x, 1, options), options), options);
}

/* ---- Levels (P2pNetLevels) -------------------------------------------------------------- */

static P2pNode *
encode (P2pAt                at,
        P2pNode             *x,
        int                  level,
        const P2pNetOptions *options,
        const char         **norm)
{
  P2pNode *y = down (at, x, 0, options);

  for (int i = 1; i < level; i++)
    y = down (at, activate (at, y, i - 1, options), i, options);
  *norm = level > 1 ? p2p_sub (block_at (at, level - 1), "2").path : NULL;
  return y;
}

static P2pNode *
inside (P2pAt                at,
        P2pNode             *x,
        int                  levels,
        const P2pNetOptions *options)
{
  return block (at, activate (at, x, levels - 1, options), levels, options);
}

static P2pNode *
decode (P2pAt                at,
        P2pNode             *x,
        P2pNode             *y,
        int                  levels,
        int                  level,
        const P2pNetOptions *options,
        const char         **norm)
{
  P2pNode *skips[P2P_MOST_LEVELS] = { NULL };

  for (int i = 0; i < levels && options->skip; i++)
    skips[i] = x = activate (at, down (at, x, i, options), i, options);
  *norm = level > 0 ? p2p_sub (block_at (at, level), "6").path : NULL;
  for (int i = levels - 1; i > 0; i--)
    {
      y = up (at, join (skips[i], y, options), i, options);
      if (i == level)
        return y;
      y = finish (at, y, i, options);
    }
  return outermost (at, join (skips[0], y, options), options);
}

static const P2pNetLevels levels = { encode, inside, decode };

static gboolean
check (const P2pNetOptions  *options,
       GError              **error)
{
  if (options->num_downs < 5 || options->num_downs > 10)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("A U-Net must have 5 to 10 down-samplings, not %d"), options->num_downs);
  else if (options->ngf < 1 || options->ngf > 512)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The ngf of a U-Net must be 1 to 512, not %d"), options->ngf);
  else
    return TRUE;
  return FALSE;
}

static int
side_multiple (const P2pNetOptions *options)
{
  return 1 << options->num_downs;
}

/* The innermost block sees the whole picture, so no halo is large enough. */
static int
halo (const P2pNetOptions *options)
{
  return 0;
}

/* ---- Detection -------------------------------------------------------------------------- */

/* Returns the tensor path.name.weight when it is the weight of a k×k convolution, otherwise
 * NULL. */
static const P2pTensor *
weight (const P2pTensors *tensors,
        const char       *path,
        const char       *name,
        int               k)
{
  g_autofree char *full = g_strconcat (path, ".", name, ".weight", NULL);
  const P2pTensor *tensor = p2p_tensors_get (tensors, full);

  return tensor && tensor->n_dims == 4 && tensor->dims[2] == k && tensor->dims[3] == k ? tensor
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

/* Finds the weight of the last layer.  Its kernel tells how the network doubles: transposed
 * convolutions have 4×4, the others have p2p_upsample_kernel (). */
static const P2pTensor *
find_last (const P2pTensors *tensors,
           P2pUpsample      *upsample)
{
  const P2pTensor *last = weight (tensors, "model.model", "3", 4);

  *upsample = P2P_UPSAMPLE_TRANSPOSED;
  while (! last && *upsample < P2P_UPSAMPLE_SMOOTH)
    last = weight (tensors, "model.model", "3", p2p_upsample_kernel (++*upsample));
  return last;
}

static gboolean
detect (const P2pTensors *tensors,
        P2pNetOptions    *options)
{
  const P2pTensor    *first = weight (tensors, "model.model", "0", 4);
  const P2pTensor    *last = find_last (tensors, &options->upsample);
  g_autoptr (GString) path = g_string_new ("model.model.1.model");
  gboolean            resized = options->upsample != P2P_UPSAMPLE_TRANSPOSED;
  int                 k = resized ? p2p_upsample_kernel (options->upsample) : 4;

  if (! first || ! last || ! weight (tensors, path->str, "1", 4))
    return FALSE;

  options->ngf = first->dims[0];
  options->input_nc = first->dims[1];
  options->output_nc = last->dims[resized ? 0 : 1];
  options->skip = last->dims[resized ? 1 : 0] == 2 * first->dims[0];

  /* Only batch norm has tensors, and only with instance norm the convolutions have a bias. */
  options->norm = has (tensors, path->str, "2.weight") ? P2P_NORM_BATCH
                  : has (tensors, path->str, "1.bias") ? P2P_NORM_INSTANCE
                                                       : P2P_NORM_NONE;

  options->num_downs = 2;
  while (weight (tensors, path->str, "5", k) && options->num_downs < 32)
    {
      g_string_append (path, ".3.model");
      options->num_downs++;
    }
  return weight (tensors, path->str, "3", k) != NULL;
}

const P2pNet p2p_net_unet =
{
  "unet",
  (const char *const[]) { "num_downs", "ngf", "input_nc", "output_nc", "norm", "use_dropout",
                          "skip", "upsample", NULL },
  { .num_downs = 8, .ngf = 64, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
    .use_dropout = TRUE, .skip = TRUE },
  check, side_multiple, halo, detect, build, &levels
};

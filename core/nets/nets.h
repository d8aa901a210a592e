/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The networks: a table, one file each in nets/.  To add one, write its file and its row. */

#pragma once

#include "graph/graph.h"
#include "ops/ops.h"

/* How a generator doubles its values' sides. */
typedef enum
{
  P2P_UPSAMPLE_TRANSPOSED,   /* a transposed convolution */
  P2P_UPSAMPLE_RESIZE,       /* nearest neighbor and a 3×3 convolution: flat areas stay flat,
                              * without the checkerboard that a transposed one may leave */
  P2P_UPSAMPLE_SMOOTH,       /* linear interpolation and a 2×2 convolution: without the faint grid,
                              * too, that is left where colors run into each other */
} P2pUpsample;

/* A network's own numbers, as the card holds them; each network uses those that it knows. */
typedef struct
{
  int         num_downs;     /* unet: down-samplings */
  int         n_blocks;      /* resnet: residual blocks */
  int         ngf;           /* channels of the first layer */
  int         input_nc, output_nc;
  P2pNormKind norm;
  gboolean    use_dropout;   /* dropout layers are part of the network (and of its names) */
  gboolean    skip;          /* unet: FALSE is the paper's encoder-decoder */
  P2pUpsample upsample;
} P2pNetOptions;

/* A network whose outer levels are local and may be computed in strips (strips.h).  Level i has
 * sides of a 2^i-th; the picture is level 0.  Each appends a part and gives its output. */
typedef struct
{
  /* x, the picture → what level > 0 begins with, before its norm, of which norm is the scope (NULL:
   * none). */
  P2pNode * (* encode) (P2pAt at, P2pNode *x, int level, const P2pNetOptions *options,
                        const char **norm);

  /* That of level levels → what goes up from there. */
  P2pNode * (* inside) (P2pAt at, P2pNode *x, int levels, const P2pNetOptions *options);

  /* x, the picture, and y, what goes up from level levels → what goes up from level level, before
   * its norm; of level 0 the result. */
  P2pNode * (* decode) (P2pAt at, P2pNode *x, P2pNode *y, int levels, int level,
                        const P2pNetOptions *options, const char **norm);
} P2pNetLevels;

#define P2P_MOST_LEVELS 3    /* in strips */

typedef struct
{
  const char    *name;

  /* The numbers that it has, by their card keys; NULL ends them. */
  const char *const *keys;
  P2pNetOptions      defaults;

  /* Checks the numbers; P2P_ERROR_UNSUPPORTED says which one is out of range. */
  gboolean    (* check)         (const P2pNetOptions *options, GError **error);

  /* The sides of the picture must be multiples of this. */
  int         (* side_multiple) (const P2pNetOptions *options);

  /* Pixels around a part of a picture with which its result is that of the whole, whose grid of
   * side multiples the part keeps; 0 when the context is global. */
  int         (* halo)          (const P2pNetOptions *options);

  /* Recognises the network by the names and shapes of a state dict and fills options (dropout
   * as far as it can be told); FALSE when it is another network. */
  gboolean    (* detect)        (const P2pTensors *tensors, P2pNetOptions *options);

  /* Appends the network: x [n,h,w,input_nc] → [n,h,w,output_nc].  Marks its features
   * (p2p_feature ()), those of the same size so that later ones are nearer to the result. */
  P2pNode *   (* build)         (P2pAt at, P2pNode *x, const P2pNetOptions *options);

  const P2pNetLevels *levels;    /* NULL: no strips */
} P2pNet;

const P2pNet * p2p_net_by_name (const char *name);

/* The first network that recognises the tensors, or NULL. */
const P2pNet * p2p_net_detect  (const P2pTensors *tensors, P2pNetOptions *options);

/* Builds the network in empty params, which then know its weights' names and shapes.  The numbers
 * have passed the network's check (). */
gboolean       p2p_net_declare (const P2pNet *net, const P2pNetOptions *options, P2pParams *params,
                                P2pParallel *parallel, GError **error);

/* Whether it has the number of a card key such as "num_downs". */
gboolean       p2p_net_has     (const P2pNet *net, const char *key);

/* The network and its numbers in one line (newly allocated), as the card's keys have them. */
char *         p2p_net_describe (const P2pNet *net, const P2pNetOptions *options);

/* "batch" …, and back (FALSE when there is no such norm). */
const char *   p2p_norm_name    (P2pNormKind kind);
gboolean       p2p_norm_by_name (const char *name, P2pNormKind *kind);

/* "transposed" …, and back (FALSE when there is no such way). */
const char *   p2p_upsample_name    (P2pUpsample upsample);
gboolean       p2p_upsample_by_name (const char *name, P2pUpsample *upsample);

/* The side of the kernel after doubling (p2p_conv_resize ()); 0: a transposed convolution's. */
int            p2p_upsample_kernel  (P2pUpsample upsample);

extern const P2pNet p2p_net_resnet;   /* nets/resnet.c */
extern const P2pNet p2p_net_unet;     /* nets/unet.c */

/* ---- Discriminators (nets/patchgan.c) --------------------------------------------------- */

typedef struct
{
  gboolean    pixel;      /* judges single pixels instead of patches */
  int         ndf;        /* channels of the first layer */
  int         n_layers;   /* of PatchGAN */
  P2pNormKind norm;
} P2pDiscriminatorOptions;

/* Appends a discriminator: x [n,h,w,c], what is judged and what it was made of → logits
 * [n,h',w',1]. */
P2pNode *      p2p_discriminator (P2pAt at, P2pNode *x, const P2pDiscriminatorOptions *options);

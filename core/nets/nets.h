/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The networks.  Each generator has a file in nets/, which defines its P2pNet, and a row in the
 * table of nets.c.  To add a generator, write its file, declare its P2pNet here and add its row. */

#pragma once

#include "graph/graph.h"
#include "ops/ops.h"

/* How a generator doubles the height and width of its values. */
typedef enum
{
  P2P_UPSAMPLE_TRANSPOSED,   /* a transposed convolution */
  P2P_UPSAMPLE_RESIZE,       /* nearest neighbor and a 3×3 convolution: leaves no checkerboard in
                              * flat areas, as transposed convolutions may */
  P2P_UPSAMPLE_SMOOTH,       /* linear interpolation and a 2×2 convolution: leaves less of a
                              * grid, too, where one color runs into another */
  P2P_UPSAMPLE_BILINEAR,     /* linear interpolation and a 3×3 convolution: slower, for models that
                              * other programs have trained so */
} P2pUpsample;

/* The options of a generator, as the model's card holds them.  A network reads only those that its
 * P2pNet lists in keys.  The card, detect () or the trainer's command line fills them in. */
typedef struct
{
  int         num_downs;     /* unet: how often the picture is halved */
  int         n_blocks;      /* resnet: residual blocks */
  int         ngf;           /* channels of the first layer's result */
  int         input_nc, output_nc;    /* channels of the picture and of the result */
  P2pNormKind norm;
  gboolean    use_dropout;   /* the network has dropout layers, which count in its weights' names */
  gboolean    skip;          /* unet: with skip connections; FALSE: the paper's encoder-decoder */
  P2pUpsample upsample;
} P2pNetOptions;

/* The parts of a network whose outer levels are local, so that they can be computed in strips
 * (strips.h).  At level i the sides are 2^i times smaller than those of the picture, which is level
 * 0.  With L levels computed in strips (the parameter levels), the parts make up the whole network:
 *
 *   x, the picture  →  encode  →  value at level L  →  inside  →  y, another value at level L
 *   x, y            →  decode  →  result
 *
 * Each function appends its part to the graph of at and returns the part's last node.  The result
 * of encode, and of decode with level > 0, is a value before a norm, so that the caller can collect
 * the norm's statistics over all strips.  *norm is set to the scope of this norm, or to NULL where
 * the network never has one. */
typedef struct
{
  /* From the picture x down to the first value of a level > 0, before its norm. */
  P2pNode * (* encode) (P2pAt at, P2pNode *x, int level, const P2pNetOptions *options,
                        const char **norm);

  /* From x, the value of encode at level levels, through all deeper levels to the value y. */
  P2pNode * (* inside) (P2pAt at, P2pNode *x, int levels, const P2pNetOptions *options);

  /* From y, the value of inside, up to the value at level, before its norm; with level 0 up to the
   * result.  Values of the skip connections are computed from the picture x. */
  P2pNode * (* decode) (P2pAt at, P2pNode *x, P2pNode *y, int levels, int level,
                        const P2pNetOptions *options, const char **norm);
} P2pNetLevels;

#define P2P_MOST_LEVELS 3    /* levels that can be computed in strips */

/* A kind of generator.  All are static tables in nets/ and never freed. */
typedef struct
{
  const char    *name;    /* as in the card, such as "unet" */

  /* The card keys of the options that the network has; the list ends with NULL. */
  const char *const *keys;
  P2pNetOptions      defaults;

  /* Checks the options.  The error P2P_ERROR_UNSUPPORTED says which one is out of range. */
  gboolean    (* check)         (const P2pNetOptions *options, GError **error);

  /* The sides of the picture must be multiples of this. */
  int         (* side_multiple) (const P2pNetOptions *options);

  /* The halo: pixels around a part of a picture that the network must see, so that the part's
   * result is the same as in the whole picture.  The part must begin at a side multiple.  0 means
   * that the whole picture matters for each pixel. */
  int         (* halo)          (const P2pNetOptions *options);

  /* Recognizes the network by the names and shapes of the tensors in a state dict, and fills
   * options (use_dropout as far as the tensors tell).  Returns FALSE when it is another network;
   * options may then be changed, too. */
  gboolean    (* detect)        (const P2pTensors *tensors, P2pNetOptions *options);

  /* Appends the network: x [n,h,w,input_nc] → [n,h,w,output_nc].  Marks its features with
   * p2p_feature (): among features of the same size, later ones are nearer to the result. */
  P2pNode *   (* build)         (P2pAt at, P2pNode *x, const P2pNetOptions *options);

  const P2pNetLevels *levels;    /* NULL when the network cannot be computed in strips */
} P2pNet;

/* Returns the generator with this name, or NULL. */
const P2pNet * p2p_net_by_name (const char *name);

/* Returns the first generator that recognizes the tensors, and fills options.  Returns NULL when
 * none does. */
const P2pNet * p2p_net_detect  (const P2pTensors *tensors, P2pNetOptions *options);

/* Builds the network once on empty params, which declares the names and shapes of its weights
 * there.  The options must have passed the network's check ().  Returns FALSE with the error of
 * p2p_graph_plan (). */
gboolean       p2p_net_declare (const P2pNet *net, const P2pNetOptions *options, P2pParams *params,
                                P2pParallel *parallel, GError **error);

/* Whether the network has the option with this card key, such as "num_downs". */
gboolean       p2p_net_has     (const P2pNet *net, const char *key);

/* Returns the network and its options in one line, such as "unet, num_downs 8, ngf 64, …", with the
 * card's keys and untranslated.  Caller frees the result. */
char *         p2p_net_describe (const P2pNet *net, const P2pNetOptions *options);

/* The name of a norm in cards and options: "none", "batch" or "instance"; and the norm with a name.
 * p2p_norm_by_name () returns FALSE when there is no such norm. */
const char *   p2p_norm_name    (P2pNormKind kind);
gboolean       p2p_norm_by_name (const char *name, P2pNormKind *kind);

/* The ways to double, by P2pUpsample: "transposed", "resize", "smooth", "bilinear", NULL. */
extern const char *const p2p_upsamplings[];

/* The same as for norms. */
const char *   p2p_upsample_name    (P2pUpsample upsample);
gboolean       p2p_upsample_by_name (const char *name, P2pUpsample *upsample);

/* The side of the kernel of the convolution after doubling: 3 for "resize" and "bilinear", 2 for
 * "smooth".  Returns 0 for "transposed", which has no such convolution. */
int            p2p_upsample_kernel  (P2pUpsample upsample);

extern const P2pNet p2p_net_resnet;   /* nets/resnet.c */
extern const P2pNet p2p_net_unet;     /* nets/unet.c */

/* ---- Discriminators (nets/patchgan.c) --------------------------------------------------- */

typedef struct
{
  gboolean    pixel;      /* judges single pixels instead of patches */
  int         ndf;        /* channels of the first layer's result */
  int         n_layers;   /* of PatchGAN; more layers judge larger patches */
  P2pNormKind norm;
} P2pDiscriminatorOptions;

/* Appends a discriminator: x [n,h,w,c] → logits [n,h',w',1].  x holds the channels of the picture
 * to judge and of the picture from which it was made. */
P2pNode *      p2p_discriminator (P2pAt at, P2pNode *x, const P2pDiscriminatorOptions *options);

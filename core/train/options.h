/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The options of a training.  Names and defaults are those of the public PyTorch implementation of
 * pix2pix.  option-table.h has the options as texts. */

#pragma once

#include "models/card.h"

/* The method of a training (recipe.h). */
typedef enum
{
  P2P_RECIPE_PIX2PIX,
  P2P_RECIPE_CYCLEGAN,
} P2pRecipeKind;

typedef enum
{
  P2P_DATA_ALIGNED,     /* each picture holds A left and B right */
  P2P_DATA_FOLDERS,     /* A and B lie in two folders, in files with the same stem */
  P2P_DATA_COLORIZE,    /* any pictures: lightness → colors */
  P2P_DATA_SKETCH,      /* colored drawings: line art, drawn or made from them → colored drawing */
  P2P_DATA_PICTURES,    /* any pictures, which are A; the teacher makes B from them */
  P2P_DATA_UNPAIRED,    /* A and B lie in two folders, and do not belong together */
} P2pDataMode;

/* What is done with a picture before the network is trained with it. */
typedef enum
{
  P2P_PREPROCESS_RESIZE_AND_CROP,      /* scaled to load_size, in its shape too, then cropped */
  P2P_PREPROCESS_CROP,                 /* cropped at its own size */
  P2P_PREPROCESS_SCALE_WIDTH,          /* scaled to the width of load_size, keeping its shape */
  P2P_PREPROCESS_SCALE_WIDTH_AND_CROP, /* the same, then cropped */
  P2P_PREPROCESS_NONE,                 /* its own size, rounded to what the network needs */
} P2pPreprocess;

typedef enum
{
  P2P_GAN_VANILLA,      /* binary cross entropy on logits (Goodfellow et al. 2014) */
  P2P_GAN_LSGAN,        /* least squares (Mao et al. 2017) */
  P2P_GAN_HINGE,        /* hinge loss (Lim and Ye 2017) */
} P2pGanMode;

typedef enum
{
  P2P_RATE_LINEAR,      /* constant for n_epochs, then linear towards zero for n_epochs_decay */
  P2P_RATE_COSINE,      /* half a cosine over all epochs (Loshchilov and Hutter 2017) */
} P2pRatePolicy;

typedef enum
{
  P2P_INIT_NORMAL,      /* N(0, gain) */
  P2P_INIT_XAVIER,      /* normal distribution by both fans, with gain (Glorot and Bengio 2010) */
  P2P_INIT_KAIMING,     /* normal distribution by fan-in, without gain (He et al. 2015) */
  P2P_INIT_ORTHOGONAL,  /* orthogonal matrices, with gain (Saxe et al. 2014) */
} P2pInitType;

/* A size in pixels. */
typedef struct
{
  int width, height;
} P2pSize;

/* All options.  They begin with their defaults (p2p_train_options_init ()), are set by name, and
 * are completed by p2p_train_options_check (); then a training reads them. */
typedef struct
{
  P2pRecipeKind recipe;

  /* Data */
  char         *data, *val;        /* folders of pictures; val NULL: no validation */
  P2pDataMode   mode;
  gboolean      b_to_a;            /* the network makes A from B */
  P2pInputs     inputs;
  P2pOutput     output;
  gboolean      hints;             /* with sketch and colorize: the generator sees hints */
  char         *lines;             /* with sketch: folder of drawn lines; NULL: lines are made */
  P2pPreprocess preprocess;
  P2pSize       load_size;
  P2pSize       crop_size;         /* smaller pictures are left out, even if none is cropped */
  double        scale_jitter;      /* most by which load_size grows at random, a factor; 1: not */
  double        color_jitter;      /* most by which inputs' colors change at random; 0: not */
  gboolean      flip;              /* pictures are mirrored at random */

  /* Networks */
  const P2pNet *net_g;
  P2pNetOptions g;                 /* input_nc and output_nc follow from inputs and output */
  gboolean      pixel_d;           /* the discriminator has 1×1 convolutions, instead of PatchGAN */
  int           ndf, n_layers_d;
  gboolean      conditional;       /* the discriminator sees the input too */
  P2pInitType   init_type;
  double        init_gain;
  char         *start_from;        /* model whose weights the generator begins with; NULL: random */
  char         *teacher;           /* model that the generator learns from (distill.h), or NULL */

  /* Losses and Adam (Kingma and Ba 2015) */
  P2pGanMode    gan_mode;
  double        lambda_gan, lambda_l1;
  double        lambda_detail;     /* weight of the difference in the strength of details */
  double        lambda_teacher;    /* weight of the difference from the teacher's picture */
  double        lambda_a, lambda_b;   /* with cyclegan: weights of the cycles from A and from B */
  double        lambda_identity;   /* with cyclegan: weight of the identities, in cycles' weights */
  double        cycle_noise;       /* with cyclegan: most noise on results that are turned back */
  int           identity_steps;    /* with cyclegan: first steps, of the identities alone */
  int           pool_size;         /* with cyclegan: earlier results that D may see */
  double        lr, beta1;
  P2pRatePolicy lr_policy;
  double        ema;               /* decay of the weights' moving average; 0: no average */
  gboolean      diffaugment;       /* the discriminator sees changed pictures (augment.h) */

  /* Course */
  int           batch_size;        /* pictures that the networks see at a time */
  int           accumulate;        /* batches in a step, after which the weights change */
  gboolean      half_gradients;    /* gradients are rounded to 16 bits, and sent so (tree.h) */
  int           n_epochs, n_epochs_decay;   /* epochs at lr; epochs in which it falls to zero */
  guint64       seed;

  /* What is kept of the training.  These come last: p2p_train_options_to_text () leaves out all
   * options from print_freq on. */
  int           print_freq;        /* steps in a row of the log */
  int           save_epoch_freq;   /* epochs between checkpoints */
  int           val_epoch_freq;    /* epochs between validations */
  double        save_minutes;      /* most minutes between checkpoints */
} P2pTrainOptions;

/* A description of one option (option-table.h). */
typedef struct _P2pTrainOption P2pTrainOption;

/* Sets all options to their defaults. */
void         p2p_train_options_init  (P2pTrainOptions *options);

/* Frees the texts of options, but not options itself. */
void         p2p_train_options_clear (P2pTrainOptions *options);

/* Sets network, inputs and output to those of a model, whose weights the training starts from. */
void         p2p_train_options_from_card (P2pTrainOptions *options, const P2pCard *card);

/* "256" for a square, else "512x256" (newly allocated). */
char *       p2p_size_to_text        (P2pSize size);

/* The learning rate in an epoch, which counts from 0. */
double       p2p_train_options_rate (const P2pTrainOptions *options, int epoch);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pTrainOptions, p2p_train_options_clear)

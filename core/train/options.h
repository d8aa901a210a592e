/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a training is told.  Names and defaults are those of the public PyTorch implementation of
 * pix2pix; option-table.h knows them as texts. */

#pragma once

#include "models/card.h"

typedef enum
{
  P2P_DATA_ALIGNED,     /* one picture holds A left and B right */
  P2P_DATA_FOLDERS,     /* A/ and B/, same stems */
  P2P_DATA_COLORIZE,    /* any pictures: lightness → colours */
  P2P_DATA_SKETCH,      /* colored drawings: line art, made of them or drawn → colored drawing */
  P2P_DATA_PICTURES,    /* any pictures, as A; the teacher makes B of them */
} P2pDataMode;

/* How a picture becomes one that the network is trained with. */
typedef enum
{
  P2P_PREPROCESS_RESIZE_AND_CROP,      /* scaled to load_size, whatever its shape, then cropped */
  P2P_PREPROCESS_CROP,                 /* cropped at its own size */
  P2P_PREPROCESS_SCALE_WIDTH,          /* scaled to the width of load_size, in its own shape */
  P2P_PREPROCESS_SCALE_WIDTH_AND_CROP, /* the same, then cropped */
  P2P_PREPROCESS_NONE,                 /* as it is, but for multiples that the network needs */
} P2pPreprocess;

typedef enum
{
  P2P_GAN_VANILLA,      /* binary cross entropy on logits (Goodfellow et al. 2014) */
  P2P_GAN_LSGAN,        /* least squares (Mao et al. 2017) */
  P2P_GAN_HINGE,        /* (Lim and Ye 2017) */
} P2pGanMode;

typedef enum
{
  P2P_RATE_LINEAR,      /* constant for n_epochs, then linear towards zero for n_epochs_decay */
  P2P_RATE_COSINE,      /* half a cosine over all epochs (Loshchilov and Hutter 2017) */
} P2pRatePolicy;

typedef enum
{
  P2P_INIT_NORMAL,      /* N(0, gain) */
  P2P_INIT_XAVIER,      /* (Glorot and Bengio 2010), normal, with gain */
  P2P_INIT_KAIMING,     /* (He et al. 2015), normal, fan in, without gain */
  P2P_INIT_ORTHOGONAL,  /* (Saxe et al. 2014), with gain */
} P2pInitType;

/* In pixels. */
typedef struct
{
  int width, height;
} P2pSize;

typedef struct
{
  /* Data */
  char         *data, *val;        /* folders; val NULL: no validation */
  P2pDataMode   mode;
  gboolean      b_to_a;
  P2pInputs     inputs;
  P2pOutput     output;
  gboolean      hints;             /* of sketch and colorize: the generator sees hints */
  char         *lines;             /* of sketch: the folder with drawn lines; NULL: they are made */
  P2pPreprocess preprocess;
  P2pSize       load_size;
  P2pSize       crop_size;         /* smaller pictures are left out, also where none is cropped */
  double        scale_jitter;      /* load_size grows at random by up to this factor; 1: never */
  double        color_jitter;      /* how far colors of inputs change at random; 0: never */
  gboolean      flip;

  /* Networks */
  const P2pNet *net_g;
  P2pNetOptions g;                 /* input_nc and output_nc follow from inputs and output */
  gboolean      pixel_d;           /* 1×1 convolutions instead of PatchGAN */
  int           ndf, n_layers_d;
  gboolean      conditional;       /* D sees A too */
  P2pInitType   init_type;
  double        init_gain;
  char         *start_from;        /* a model whose weights G begins with; NULL: from the seed */
  char         *teacher;           /* a model that G learns from (distill.h); NULL: none */

  /* Losses and Adam (Kingma and Ba 2015) */
  P2pGanMode    gan_mode;
  double        lambda_gan, lambda_l1;
  double        lambda_teacher;    /* weight of the difference from the teacher's picture */
  double        lr, beta1;
  P2pRatePolicy lr_policy;
  double        ema;               /* decay of the weights' average, the model; 0: no average */
  gboolean      diffaugment;       /* D sees pictures changed at random (augment.h) */

  /* Course */
  int           batch_size;        /* pictures at a time */
  int           accumulate;        /* so many times, before the weights change */
  int           n_epochs, n_epochs_decay;   /* at lr, and falling to zero */
  guint64       seed;

  /* What is kept of it: last, see p2p_train_options_to_text () */
  int           print_freq;        /* steps that a line of the log sums up */
  int           save_epoch_freq;   /* epochs between checkpoints */
  int           val_epoch_freq;    /* epochs between validations */
  double        save_minutes;      /* between checkpoints, at most */
} P2pTrainOptions;

/* One of them as a text: option-table.h. */
typedef struct _P2pTrainOption P2pTrainOption;

void         p2p_train_options_init  (P2pTrainOptions *options);
void         p2p_train_options_clear (P2pTrainOptions *options);

/* Takes network, input and output of a model whose weights the training is to start from. */
void         p2p_train_options_from_card (P2pTrainOptions *options, const P2pCard *card);

/* "256" for a square, else "512x256" (newly allocated). */
char *       p2p_size_to_text        (P2pSize size);

/* The learning rate of an epoch, from 0. */
double       p2p_train_options_rate (const P2pTrainOptions *options, int epoch);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pTrainOptions, p2p_train_options_clear)

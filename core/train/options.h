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

typedef enum
{
  P2P_GAN_VANILLA,      /* binary cross entropy on logits (Goodfellow et al. 2014) */
  P2P_GAN_LSGAN,        /* least squares (Mao et al. 2017) */
  P2P_GAN_HINGE,        /* (Lim and Ye 2017) */
} P2pGanMode;

typedef enum
{
  P2P_INIT_NORMAL,      /* N(0, gain) */
  P2P_INIT_XAVIER,      /* (Glorot and Bengio 2010), normal, with gain */
  P2P_INIT_KAIMING,     /* (He et al. 2015), normal, fan in, without gain */
  P2P_INIT_ORTHOGONAL,  /* (Saxe et al. 2014), with gain */
} P2pInitType;

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
  int           load_size, crop_size;
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

  /* Course */
  int           batch_size;
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

/* The learning rate of an epoch, from 0: constant, then linear towards zero. */
double       p2p_train_options_rate (const P2pTrainOptions *options, int epoch);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pTrainOptions, p2p_train_options_clear)

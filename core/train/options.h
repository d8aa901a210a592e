/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a training is told.  Names and defaults are those of the public PyTorch implementation of
 * pix2pix; options.c knows them as texts. */

#pragma once

#include "nets.h"

typedef enum
{
  P2P_DATA_ALIGNED,     /* one picture holds A left and B right */
  P2P_DATA_FOLDERS,     /* A/ and B/, same stems */
  P2P_DATA_COLORIZE,    /* any pictures: lightness → colours */
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
  int           load_size, crop_size;
  gboolean      flip;

  /* Networks */
  const P2pNet *net_g;
  P2pNetOptions g;                 /* input_nc and output_nc follow from the mode and the data */
  gboolean      pixel_d;           /* 1×1 convolutions instead of PatchGAN */
  int           ndf, n_layers_d;
  gboolean      conditional;       /* D sees A too */
  P2pInitType   init_type;
  double        init_gain;

  /* Losses and Adam (Kingma and Ba 2015) */
  P2pGanMode    gan_mode;
  double        lambda_gan, lambda_l1;
  double        lr, beta1;

  /* Course */
  int           batch_size;
  int           n_epochs, n_epochs_decay;   /* at lr, and falling to zero */
  guint64       seed;
} P2pTrainOptions;

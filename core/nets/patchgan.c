/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The discriminators of pix2pix (Isola et al. 2017, sections 3.2.2 and 6.1.2).  Layers and names
 * are those of the public PyTorch implementation.  PatchGAN judges overlapping patches of the
 * picture, which with 3 layers are 70 × 70 pixels.  The pixel discriminator judges each pixel by
 * itself. */

#include "nets.h"

static gboolean
has_bias (const P2pDiscriminatorOptions *options)
{
  return options->norm == P2P_NORM_INSTANCE;
}

static P2pNode *
build_patch (P2pAt                          at,
             P2pNode                       *x,
             const P2pDiscriminatorOptions *options)
{
  int i = 2;    /* the layer's index in PyTorch's nn.Sequential */

  at = p2p_sub (at, "model");
  x = p2p_conv (p2p_sub (at, "0"), x, options->ndf, 4, 2, 1, TRUE);
  x = p2p_leaky_relu (x, 0.2);

  for (int layer = 1; layer <= options->n_layers; layer++, i += 3)
    {
      int stride = layer < options->n_layers ? 2 : 1;

      x = p2p_conv (p2p_sub (at, "%d", i), x, options->ndf * MIN (1 << layer, 8), 4, stride, 1,
                    has_bias (options));
      x = p2p_norm (p2p_sub (at, "%d", i + 1), x, options->norm);
      x = p2p_leaky_relu (x, 0.2);
    }
  return p2p_conv (p2p_sub (at, "%d", i), x, 1, 4, 1, 1, TRUE);
}

static P2pNode *
build_pixel (P2pAt                          at,
             P2pNode                       *x,
             const P2pDiscriminatorOptions *options)
{
  at = p2p_sub (at, "net");
  x = p2p_conv (p2p_sub (at, "0"), x, options->ndf, 1, 1, 0, TRUE);
  x = p2p_leaky_relu (x, 0.2);
  x = p2p_conv (p2p_sub (at, "2"), x, 2 * options->ndf, 1, 1, 0, has_bias (options));
  x = p2p_norm (p2p_sub (at, "3"), x, options->norm);
  x = p2p_leaky_relu (x, 0.2);
  return p2p_conv (p2p_sub (at, "5"), x, 1, 1, 1, 0, has_bias (options));
}

P2pNode *
p2p_discriminator (P2pAt                          at,
                   P2pNode                       *x,
                   const P2pDiscriminatorOptions *options)
{
  return options->pixel ? build_pixel (at, x, options) : build_patch (at, x, options);
}

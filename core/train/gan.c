/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "adam.h"
#include "base/intl.h"
#include "gan.h"
#include "ops/ops.h"
#include "p2p.h"

#define MOST_LAYERS 6
#define MOST_NDF    512

/* The kinds of GAN loss, which compare D's logits x with a target. */
static const struct
{
  P2pNode * (* d_loss) (P2pNode *x, double target);    /* D's loss for what it is shown */
  P2pNode * (* g_loss) (P2pNode *x, double target);    /* G's loss, for D's logits of its picture */
  double       fake, real;                             /* the targets */
}
gans[] =
{
  [P2P_GAN_VANILLA] = { p2p_loss_bce,   p2p_loss_bce,     0.0, 1.0 },
  [P2P_GAN_LSGAN]   = { p2p_loss_mse,   p2p_loss_mse,     0.0, 1.0 },
  [P2P_GAN_HINGE]   = { p2p_loss_hinge, p2p_loss_linear, -1.0, 1.0 },
};

P2pJudgment
p2p_gan_judge (const P2pTrainOptions *options,
               P2pGraph              *graph,
               P2pNode               *x)
{
  const P2pGanMode        mode = options->gan_mode;
  P2pDiscriminatorOptions net = { options->pixel_d, options->ndf, options->n_layers_d,
                                  options->g.norm };
  P2pNode                *logits = p2p_discriminator (p2p_at (graph), x, &net);
  P2pJudgment             said = { gans[mode].d_loss (logits, gans[mode].fake),
                                   gans[mode].d_loss (logits, gans[mode].real),
                                   gans[mode].g_loss (logits, gans[mode].real) };

  p2p_output (said.fake);
  p2p_output (said.real);
  p2p_output (said.g);
  return said;
}

gboolean
p2p_gan_check (const P2pTrainOptions  *options,
               GError                **error)
{
  const P2pSize crop = options->crop_size;
  const int     multiple = options->net_g->side_multiple (&options->g);

  if (! options->net_g->check (&options->g, error))
    return FALSE;
  if (crop.width < 1 || crop.width % multiple || crop.height < 1 || crop.height % multiple)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("Training pictures have %d×%d pixels, but this generator needs multiples of %d"),
                 crop.width, crop.height, multiple);
  else if (options->n_layers_d < 1 || options->n_layers_d > MOST_LAYERS)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The discriminator cannot have %d layers: it can have from 1 to %d"),
                 options->n_layers_d, MOST_LAYERS);
  else if (options->ndf < 1 || options->ndf > MOST_NDF)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The discriminator's ndf cannot be %d: it can be from 1 to %d"), options->ndf,
                 MOST_NDF);
  else if (options->batch_size < 1)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("A batch cannot have %d pictures: it needs at least one"), options->batch_size);
  else
    return TRUE;
  return FALSE;
}

void
p2p_gan_adam (const P2pTrainOptions *options,
              P2pParallel           *parallel,
              P2pParams             *params,
              P2pParams             *average,
              double                 lr,
              guint64                step)
{
  P2pAdam adam = { lr, options->beta1, step, average, options->ema };

  p2p_adam (params, parallel, &adam);
}

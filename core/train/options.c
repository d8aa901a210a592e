/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "options.h"

void
p2p_train_options_init (P2pTrainOptions *options)
{
  *options = (P2pTrainOptions) {
    .inputs = p2p_inputs_one (P2P_PLANE_RGB), .load_size = { 286, 286 },
    .crop_size = { 256, 256 }, .scale_jitter = 1.0, .flip = TRUE,
    .net_g = &p2p_net_unet,
    .g = { .num_downs = 8, .ngf = 64, .norm = P2P_NORM_BATCH, .use_dropout = TRUE,
           .skip = TRUE },
    .ndf = 64, .n_layers_d = 3, .conditional = TRUE, .init_gain = 0.02,
    .lambda_gan = 1.0, .lambda_l1 = 100.0, .lambda_teacher = 100.0, .lambda_a = 10.0,
    .lambda_b = 10.0, .lambda_identity = 0.5, .pool_size = 50, .lr = 0.0002, .beta1 = 0.5,
    .batch_size = 1, .accumulate = 1, .n_epochs = 100, .n_epochs_decay = 100,
    .print_freq = 100, .save_epoch_freq = 5, .val_epoch_freq = 1, .save_minutes = 10.0,
  };
}

void
p2p_train_options_clear (P2pTrainOptions *options)
{
  g_clear_pointer (&options->data, g_free);
  g_clear_pointer (&options->val, g_free);
  g_clear_pointer (&options->start_from, g_free);
  g_clear_pointer (&options->teacher, g_free);
  g_clear_pointer (&options->lines, g_free);
}

void
p2p_train_options_from_card (P2pTrainOptions *options,
                             const P2pCard   *card)
{
  options->net_g = card->net;
  options->g = card->options;
  options->inputs = card->inputs;
  options->output = card->output;
}

char *
p2p_size_to_text (P2pSize size)
{
  return size.width == size.height ? g_strdup_printf ("%d", size.width)
                                   : g_strdup_printf ("%dx%d", size.width, size.height);
}

double
p2p_train_options_rate (const P2pTrainOptions *options,
                        int                    epoch)
{
  const double n = options->n_epochs + options->n_epochs_decay;
  const double beyond = MAX (0, epoch + 1 - options->n_epochs);

  if (options->lr_policy == P2P_RATE_COSINE)
    return options->lr * 0.5 * (1.0 + cos (G_PI * epoch / n));
  return options->lr * (1.0 - beyond / (options->n_epochs_decay + 1));
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Small functions that the trainer's files share. */

#include "trainer-state.h"

char *
p2p_trainer_path (const P2pTrainer *trainer,
                  const char       *name)
{
  return g_build_filename (trainer->folder, name, NULL);
}

char *
p2p_trainer_model_path (const P2pTrainer *trainer,
                        const char       *name,
                        int               way)
{
  static const char *const endings[P2P_MAX_WAYS] = { "", "-back" };
  g_autofree char         *file = g_strdup_printf ("%s%s.safetensors", name, endings[way]);

  return p2p_trainer_path (trainer, file);
}

P2pDataKind
p2p_trainer_kind (const P2pTrainer *trainer)
{
  const P2pTrainOptions *options = &trainer->options;

  return (P2pDataKind) { options->mode, options->b_to_a, options->inputs, options->output,
                         options->lines };
}

double
p2p_trainer_speed (const P2pTrainer *trainer)
{
  return (trainer->state.step - trainer->first)
         / ((g_get_monotonic_time () - trainer->began) / 1e6);
}

double
p2p_trainer_seconds_left (const P2pTrainer *trainer)
{
  const guint64 left = trainer->n_steps - trainer->state.step;

  /* The speed is not known before this process has done a step.  A process that resumes a stopped
   * validation, for example, begins without one. */
  return trainer->state.step > trainer->first ? left / p2p_trainer_speed (trainer) : 0.0;
}

void
p2p_trainer_message (P2pTrainer *trainer,
                     const char *message)
{
  if (g_hash_table_add (trainer->messages, g_strdup (message)))
    trainer->tell.message (message, trainer->tell.data);
}

void
p2p_trainer_warning (P2pTrainer *trainer,
                     const char *warning)
{
  if (g_hash_table_add (trainer->messages, g_strdup (warning)))
    trainer->tell.warning (warning, trainer->tell.data);
}

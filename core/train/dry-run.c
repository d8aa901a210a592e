/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A few steps, to see what all of them will take. */

#include <sys/resource.h>

#include "loader.h"
#include "p2p.h"
#include "sheet.h"
#include "trainer-state.h"
#include "trainer.h"

/* The first step also prepares what the others find; the fastest of the rest counts. */
#define STEPS 4

static gboolean
save_sheet (const P2pTrainer  *trainer,
            const P2pBatch    *batch,
            const char        *path,
            GError           **error)
{
  const P2pDataKind    kind = p2p_trainer_kind (trainer);
  const gsize          pixels = (gsize) batch->h * batch->w;
  g_autoptr (P2pImage) sheet = p2p_sheet_new (batch->n, 2, batch->h);
  g_autofree float    *rgb = g_new (float, 3 * pixels);

  for (int i = 0; i < batch->n; i++)
    {
      const p2p_real *a = batch->a + i * pixels * trainer->options.g.input_nc;
      const p2p_real *b = batch->b + i * pixels * trainer->options.g.output_nc;

      p2p_rgb_of_input (&kind, a, pixels, rgb);
      p2p_sheet_put (sheet, batch->h, i, 0, rgb);
      p2p_rgb_of_output (&kind, a, b, pixels, rgb);
      p2p_sheet_put (sheet, batch->h, i, 1, rgb);
    }
  return p2p_image_save (sheet, path, error);
}

static gboolean
time_step (P2pTrainer      *trainer,
           const P2pBatch  *batch,
           guint64          step,
           double          *seconds,
           GError         **error)
{
  double losses[P2P_MAX_LOSSES];
  gint64 start = g_get_monotonic_time ();

  if (! trainer->recipe->step (trainer->training, batch, trainer->options.lr, step, losses, error))
    return FALSE;
  *seconds = (g_get_monotonic_time () - start) / 1e6;
  return TRUE;
}

static guint64
peak_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (guint64) usage.ru_maxrss * 1024;
}

gboolean
p2p_trainer_dry_run (P2pTrainer  *trainer,
                     P2pDryRun   *dry,
                     GError     **error)
{
  g_autoptr (P2pLoader) loader = p2p_loader_new (trainer->data, &trainer->options, 0, 1);
  P2pLoad              *load = p2p_loader_take (loader);

  for (guint i = 0; i < load->skipped->len; i++)
    p2p_trainer_message (trainer, load->skipped->pdata[i]);
  if (load->error)
    {
      g_propagate_error (error, g_error_copy (load->error));
      return FALSE;
    }

  *dry = (P2pDryRun) { p2p_trainer_path (trainer, "first-batch.png"),
                       p2p_dataset_length (trainer->data),
                       p2p_dataset_listing (trainer->data)->left_out->len, trainer->n_steps,
                       trainer->epoch_steps };
  for (int i = 0; trainer->recipe->networks[i]; i++)
    dry->parameters[i] = p2p_params_count (
      trainer->recipe->params (trainer->training, trainer->recipe->networks[i]), P2P_TRAINABLE);
  for (int i = 0; i < STEPS; i++)
    {
      double seconds;

      if (! time_step (trainer, &load->batch, i, &seconds, error))
        return FALSE;
      if (i == 1 || (i > 1 && seconds < dry->seconds_per_step))
        dry->seconds_per_step = seconds;
    }
  dry->memory = peak_memory ();

  /* After the steps, which make the targets where the data has none. */
  return save_sheet (trainer, &load->batch, dry->sheet, error);
}

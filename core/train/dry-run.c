/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dry run: trains a few steps to measure what time and memory the whole training will take. */

#include <sys/resource.h>

#include "base/memory.h"
#include "loader.h"
#include "p2p.h"
#include "sheet.h"
#include "trainer-state.h"
#include "trainer.h"

/* Steps that are trained.  The first one also builds the graphs, so it is not counted.  The fastest
 * of the others is. */
#define STEPS 4

/* Most rows in the picture that shows the first batch; a batch may be larger. */
#define MOST_ROWS 16

static gboolean
save_sheet (const P2pTrainer  *trainer,
            const P2pBatch    *batch,
            const char        *path,
            GError           **error)
{
  const P2pDataKind     kind = p2p_trainer_kind (trainer);
  const gsize           pixels = (gsize) batch->h * batch->w;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_image_free);
  g_autofree float     *a_rgb = p2p_try_new (float, 3 * pixels, error);
  g_autofree float     *b_rgb = a_rgb ? p2p_try_new (float, 3 * pixels, error) : NULL;
  const float *const    both[] = { a_rgb, b_rgb };
  g_autoptr (P2pImage)  sheet = NULL;

  if (! b_rgb)
    return FALSE;
  for (int i = 0; i < MIN (batch->n, MOST_ROWS); i++)
    {
      const p2p_real *a = batch->a + i * pixels * trainer->options.g.input_nc;
      const p2p_real *b = batch->b + i * pixels * trainer->options.g.output_nc;
      P2pImage       *row;

      p2p_rgb_of_input (&kind, a, pixels, a_rgb);
      p2p_rgb_of_output (&kind, a, b, pixels, b_rgb);
      row = p2p_sheet_row (batch->w, batch->h, both, 2, error);
      if (! row)
        return FALSE;
      g_ptr_array_add (rows, row);
    }
  sheet = p2p_sheet_stack (rows, error);
  return sheet && p2p_image_save (sheet, path, error);
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
  g_autoptr (P2pLoader) loader = p2p_loader_new (trainer->data, &trainer->options, NULL, 0, 1);
  P2pLoad              *load = p2p_loader_take (loader);

  if (! p2p_trainer_look_at (trainer, load, error))
    return FALSE;
  *dry = (P2pDryRun) { p2p_trainer_path (trainer, "first-batch.png"),
                       p2p_dataset_entries (trainer->data), p2p_dataset_left_out (trainer->data),
                       trainer->n_steps, trainer->epoch_steps };
  for (int i = 0; trainer->recipe->networks[i]; i++)
    {
      P2pParams *params = trainer->recipe->params (trainer->training,
                                                   trainer->recipe->networks[i]);

      if (params && p2p_params_nth (params, 0)->gradient)
        dry->parameters[i] = p2p_params_count (params, P2P_TRAINABLE);
    }
  for (int i = 0; i < STEPS; i++)
    {
      double seconds;

      if (! time_step (trainer, &load->batch, i, &seconds, error))
        return FALSE;
      if (i == 1 || (i > 1 && seconds < dry->seconds_per_step))
        dry->seconds_per_step = seconds;
    }
  dry->memory = peak_memory ();

  /* This comes after the steps, because they write the targets where the data has none. */
  return save_sheet (trainer, &load->batch, dry->sheet, error);
}

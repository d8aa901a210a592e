/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a training leaves in its folder. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/intl.h"
#include "files/safetensors.h"
#include "option-table.h"
#include "p2p.h"
#include "pictures/picture-file.h"
#include "report.h"
#include "sheet.h"
#include "trainer-state.h"

#define SAMPLE_ROWS 4
#define VAL_DOTS    10    /* hints for each picture, where the network takes them */

static P2pParams *
generator (const P2pTrainer *trainer)
{
  return trainer->recipe->params (trainer->training, trainer->recipe->networks[0]);
}

/* ---- The model -------------------------------------------------------------------------- */

/* A card that tells the network and nothing else. */
static P2pCard *
bare_card (const P2pTrainOptions  *options,
           GError                **error)
{
  g_autoptr (P2pTensors) nothing = p2p_tensors_new ();
  g_autoptr (P2pCard)    card = NULL;
  const char            *output = p2p_outputs[options->output].name;
  g_autofree char       *n_in = g_strdup_printf ("%d", options->g.input_nc);
  g_autofree char       *n_out = g_strdup_printf ("%d", options->g.output_nc);

  g_hash_table_insert (nothing->metadata, g_strdup ("p2p.format"), g_strdup ("1"));
  g_hash_table_insert (nothing->metadata, g_strdup ("p2p.net"), g_strdup (options->net_g->name));
  g_hash_table_insert (nothing->metadata, g_strdup ("p2p.input_nc"), g_steal_pointer (&n_in));
  g_hash_table_insert (nothing->metadata, g_strdup ("p2p.output_nc"), g_steal_pointer (&n_out));
  g_hash_table_insert (nothing->metadata, g_strdup ("p2p.inputs"),
                       p2p_inputs_to_text (&options->inputs));
  g_hash_table_insert (nothing->metadata, g_strdup ("p2p.output"), g_strdup (output));
  card = p2p_card_new (nothing, error);
  if (! card)
    return NULL;

  card->options = options->g;
  card->train_size = options->crop_size;
  /* A network that sees the whole at once knows it at that size alone. */
  card->fit = options->net_g->halo (&options->g) == 0 ? options->crop_size : 0;
  return g_steal_pointer (&card);
}

/* FALSE when the user's texts say something else of the network than the training's options. */
static gboolean
check_card (const P2pCard          *card,
            const P2pTrainOptions  *options,
            GError                **error)
{
  if (card->net == options->net_g && p2p_inputs_equal (&card->inputs, &options->inputs)
      && card->output == options->output && card->train_size == options->crop_size
      && memcmp (&card->options, &options->g, sizeof options->g) == 0)
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("The network, its input and its output on the card are what the "
                         "training's own options say: give those, not --card"));
  return FALSE;
}

/* Where the pictures come from, when the user does not say. */
static char *
describe_data (const P2pTrainer *trainer)
{
  g_autofree char *parent = g_path_get_dirname (trainer->options.data);
  g_autofree char *above = g_path_get_basename (parent);
  g_autofree char *base = g_path_get_basename (trainer->options.data);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *outer = g_filename_display_name (above);

  return g_strdup_printf ("%s/%s, %u", outer, name, trainer->state.entries);
}

P2pCard *
p2p_trainer_card (const P2pTrainer  *trainer,
                  GError           **error)
{
  const P2pTrainOptions *options = &trainer->options;
  g_autoptr (P2pCard)    card = bare_card (options, error);
  g_autofree char       *data = describe_data (trainer);
  g_autofree char       *line = p2p_train_options_to_text (options);
  g_autofree char       *teacher = options->teacher ? p2p_trainer_teacher_id (trainer) : NULL;
  g_autofree char       *all = teacher ? g_strdup_printf ("%s%s--teacher %s", line,
                                                          *line ? " " : "", teacher) : NULL;
  g_autofree char       *readers = p2p_image_readers ();
  GHashTableIter         iter;
  gpointer               key, value;

  if (! card || ! p2p_card_set (card, "data", data, error)
      || ! p2p_card_set (card, "options", all ? all : line, error)
      || ! p2p_card_set (card, "created", trainer->state.created, error)
      || ! p2p_card_set (card, "readers", readers, error)
      || (trainer->state.metrics
          && ! p2p_card_set (card, "metrics", trainer->state.metrics, error)))
    return NULL;
  g_hash_table_iter_init (&iter, trainer->card);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (! p2p_card_set (card, key, value, error))
      return NULL;
  return check_card (card, options, error) ? g_steal_pointer (&card) : NULL;
}

gboolean
p2p_trainer_save_model (P2pTrainer  *trainer,
                        const char  *name,
                        GError     **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  g_autoptr (P2pCard)    card = p2p_trainer_card (trainer, error);
  g_autoptr (GHashTable) metadata = card ? p2p_card_to_metadata (card) : NULL;
  g_autofree char       *path = p2p_trainer_path (trainer, name);

  if (! card || ! p2p_params_check (generator (trainer), error))
    return FALSE;
  p2p_params_add_values (generator (trainer), "", tensors);
  return p2p_safetensors_write (path, tensors, metadata, FALSE, error);
}

/* ---- Pictures --------------------------------------------------------------------------- */

static void
on_skip (const char *message,
         gpointer    data)
{
  p2p_trainer_message (data, message);
}

/* Runs the generator as it is applied: with the statistics that its card says, without dropout. */
static gboolean
evaluate (P2pTrainer     *trainer,
          P2pEvaluation  *evaluation,
          GCancellable   *stop,
          P2pMetrics     *metrics,
          GError        **error)
{
  const P2pTrainOptions *options = &trainer->options;
  g_autoptr (P2pCard)    card = p2p_trainer_card (trainer, error);
  g_autoptr (P2pStats)   running = p2p_stats_from_params (generator (trainer));
  const gboolean         given = card && card->running_statistics && running;
  const P2pGraphOptions  mode = { given ? P2P_STATS_GIVEN : P2P_STATS_OWN, given ? running : NULL };
  g_autoptr (P2pGraph)   graph = NULL;

  if (! card)
    return FALSE;
  graph = p2p_graph_new (generator (trainer), trainer->parallel, &mode);
  evaluation->graph = graph;
  evaluation->input = p2p_input (graph, 1, options->crop_size, options->crop_size,
                                 options->g.input_nc);
  evaluation->output = options->net_g->build (p2p_at (graph), evaluation->input, &options->g);
  evaluation->kind = p2p_trainer_kind (trainer);
  evaluation->answer = options->mode == P2P_DATA_PICTURES ? trainer->recipe->answer : NULL;
  evaluation->training = trainer->training;
  p2p_output (evaluation->output);
  return p2p_graph_plan (graph, error) && p2p_evaluate (evaluation, stop, metrics, error);
}

gboolean
p2p_trainer_validate (P2pTrainer    *trainer,
                      GCancellable  *stop,
                      GError       **error)
{
  P2pEvaluation    evaluation = { .dataset = trainer->val, .n = G_MAXUINT, .n_dots = VAL_DOTS,
                                  .skip = on_skip, .data = trainer };
  g_autofree char *text = NULL;

  if (! evaluate (trainer, &evaluation, stop, &trainer->metrics, error))
    return FALSE;
  text = p2p_metrics_to_text (&trainer->metrics);
  g_free (trainer->state.metrics);
  trainer->state.metrics = g_strdup_printf ("%s (%u, epoch %d)", text, trainer->metrics.n,
                                            trainer->state.epochs_ended + 1);
  return TRUE;
}

static gboolean
add_to_sheet (const P2pEvaluated  *evaluated,
              guint                index,
              gpointer             data,
              GError             **error)
{
  p2p_sheet_put (data, evaluated->side, index, 0, evaluated->input);
  p2p_sheet_put (data, evaluated->side, index, 1, evaluated->output);
  p2p_sheet_put (data, evaluated->side, index, 2, evaluated->target);
  return TRUE;
}

gboolean
p2p_trainer_save_sample (P2pTrainer  *trainer,
                         GError     **error)
{
  P2pDataset          *dataset = trainer->val ? trainer->val : trainer->data;
  const guint          n = MIN (SAMPLE_ROWS, p2p_dataset_length (dataset));
  g_autoptr (P2pImage) sheet = p2p_sheet_new (n, 3, trainer->options.crop_size);
  P2pEvaluation        evaluation = { .dataset = dataset, .n = n, .n_dots = VAL_DOTS,
                                      .tell = add_to_sheet, .data = sheet };
  P2pMetrics           metrics;
  g_autofree char     *folder = p2p_trainer_path (trainer, "samples");
  g_autofree char     *name = g_strdup_printf ("epoch-%04d.png", trainer->state.epochs_ended);
  g_autofree char     *path = g_build_filename (folder, name, NULL);

  if (g_mkdir_with_parents (folder, 0777))
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   _("The folder “%s” cannot be made: %s"), folder, g_strerror (errno));
      return FALSE;
    }
  return evaluate (trainer, &evaluation, NULL, &metrics, error)
         && p2p_image_save (sheet, path, error);
}

/* ---- All of it -------------------------------------------------------------------------- */

gboolean
p2p_trainer_save (P2pTrainer  *trainer,
                  GError     **error)
{
  g_autofree char *path = p2p_trainer_path (trainer, "checkpoint.safetensors");

  if (! p2p_trainer_save_model (trainer, "model.safetensors", error)
      || ! p2p_report_write (trainer, error))
    return FALSE;
  trainer->state.log_length = p2p_log_sync (trainer->log, error);
  if (trainer->state.log_length < 0
      || ! p2p_checkpoint_write (path, trainer->recipe, trainer->training, &trainer->options,
                                 trainer->card, &trainer->state, error))
    return FALSE;
  trainer->saved = g_get_monotonic_time ();
  return TRUE;
}

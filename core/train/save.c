/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writes what a training leaves in its folder: models, samples and checkpoints. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "agree.h"
#include "base/intl.h"
#include "crop.h"
#include "files/safetensors.h"
#include "option-table.h"
#include "p2p.h"
#include "pictures/picture-file.h"
#include "report.h"
#include "sheet.h"
#include "trainer-state.h"

#define SAMPLE_ROWS    4
#define UNPAIRED_FRAME 64    /* pixels */
#define VAL_DOTS       10    /* hint dots on each picture, if the network takes hints */

static P2pParams *
generator (const P2pTrainer *trainer,
           int               way)
{
  return trainer->recipe->model (trainer->training, way);
}

/* ---- The model -------------------------------------------------------------------------- */

/* Makes a card that describes the network and nothing else. */
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
  card->train_size = p2p_view_train_size (options);
  /* Without a halo, the network sees the whole picture at once, and knows only pictures of the size
   * that it was trained on.  Without pairs, however, it learns colors and textures, which are alike
   * at all sizes, and it may learn that pictures are darker at their edges. */
  if (options->net_g->halo (&options->g) == 0 && options->mode == P2P_DATA_UNPAIRED)
    card->frame = UNPAIRED_FRAME;
  else if (options->net_g->halo (&options->g) == 0)
    card->fit = p2p_view_fit (options);
  return g_steal_pointer (&card);
}

/* Whether the card, with the user's texts, still describes the network that the training's options
 * give. */
static gboolean
check_card (const P2pCard          *card,
            const P2pTrainOptions  *options,
            GError                **error)
{
  if (card->net == options->net_g && p2p_inputs_equal (&card->inputs, &options->inputs)
      && card->output == options->output && card->train_size == p2p_view_train_size (options)
      && memcmp (&card->options, &options->g, sizeof options->g) == 0)
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("The network, its input and its output on the card follow from the "
                         "training's own options: give those, not --card"));
  return FALSE;
}

/* The card's text about the pictures, if the user gives none: their folder and their number. */
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

/* Sets one of the user's texts.  They tell what way 0 does, so the title of way 1 says that it goes
 * back. */
static gboolean
set_text (P2pCard     *card,
          int          way,
          const char  *key,
          const char  *value,
          GError     **error)
{
  g_autofree char *back = NULL;

  if (way == 1 && (strcmp (key, "title") == 0 || g_str_has_prefix (key, "title.")))
    back = g_strdup_printf ("%s (B → A)", value);
  return p2p_card_set (card, key, back ? back : value, error);
}

P2pCard *
p2p_trainer_card (const P2pTrainer  *trainer,
                  int                way,
                  GError           **error)
{
  const P2pTrainOptions *options = &trainer->options;
  g_autoptr (P2pCard)    card = bare_card (options, error);
  g_autofree char       *data = describe_data (trainer);
  g_autofree char       *line = p2p_train_options_to_text (options);
  g_autofree char       *teacher = options->teacher ? p2p_trainer_teacher_id (trainer) : NULL;
  g_autofree char       *quoted = teacher ? g_shell_quote (teacher) : NULL;
  g_autofree char       *all = teacher ? g_strdup_printf ("%s%s--teacher %s", line,
                                                          *line ? " " : "", quoted) : NULL;
  g_autofree char       *readers = p2p_image_readers ();
  GHashTableIter         iter;
  gpointer               key, value;

  if (! card || ! p2p_card_set (card, "data", data, error)
      || ! p2p_card_set (card, "options", all ? all : line, error)
      || ! p2p_card_set (card, "created", trainer->state.created, error)
      || ! p2p_card_set (card, "readers", readers, error)
      || (trainer->state.metrics[way]
          && ! p2p_card_set (card, "metrics", trainer->state.metrics[way], error)))
    return NULL;
  g_hash_table_iter_init (&iter, trainer->card);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (! set_text (card, way, key, value, error))
      return NULL;
  return check_card (card, options, error) ? g_steal_pointer (&card) : NULL;
}

static gboolean
save_way (P2pTrainer  *trainer,
          const char  *name,
          int          way,
          GError     **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  g_autoptr (P2pCard)    card = p2p_trainer_card (trainer, way, error);
  g_autoptr (GHashTable) metadata = card ? p2p_card_to_metadata (card) : NULL;
  g_autofree char       *path = p2p_trainer_model_path (trainer, name, way);

  if (! card || ! p2p_params_check (generator (trainer, way), error))
    return FALSE;
  p2p_params_add_values (generator (trainer, way), "", tensors);
  return p2p_safetensors_write (path, tensors, metadata, FALSE, error);
}

gboolean
p2p_trainer_save_model (P2pTrainer  *trainer,
                        const char  *name,
                        GError     **error)
{
  for (int way = 0; way < trainer->recipe->n_ways; way++)
    if (! save_way (trainer, name, way, error))
      return FALSE;
  return TRUE;
}

/* ---- Pictures --------------------------------------------------------------------------- */

/* An evaluation of the generator during its training. */
typedef struct
{
  P2pTrainer            *trainer;
  int                    way;
  const P2pGraphOptions *mode;
  P2pGraph              *graph;    /* for the size of the last picture */
  GPtrArray             *rows;     /* gets a row of input, output and target; NULL: not wanted */
  GPtrArray             *skipped;
} Run;

static P2pGraph *
get_graph (int        w,
           int        h,
           P2pNode  **input,
           P2pNode  **output,
           gpointer   data,
           GError   **error)
{
  Run                   *run = data;
  P2pTrainer            *trainer = run->trainer;
  const P2pTrainOptions *options = &trainer->options;

  g_clear_pointer (&run->graph, p2p_graph_free);
  run->graph = p2p_graph_new (generator (trainer, run->way), trainer->parallel, run->mode);
  *input = p2p_input (run->graph, 1, h, w, options->g.input_nc);
  *output = options->net_g->build (p2p_at (run->graph), *input, &options->g);
  p2p_output (*output);
  return p2p_graph_plan (run->graph, error) ? run->graph : NULL;
}

static void
on_skip (P2pDataset *dataset,
         guint       index,
         const char *message,
         gpointer    data)
{
  Run *run = data;

  p2p_skipped_add (run->skipped, dataset, index, message);
}

static gboolean
on_picture (const P2pEvaluated  *evaluated,
            guint                index,
            gpointer             data,
            GError             **error)
{
  Run               *run = data;
  const float *const all[] = { evaluated->input, evaluated->output, evaluated->target };
  P2pImage          *row;

  if (! run->rows)
    return TRUE;
  row = p2p_sheet_row (evaluated->w, evaluated->h, all, G_N_ELEMENTS (all), error);
  if (row)
    g_ptr_array_add (run->rows, row);
  return row != NULL;
}

/* Evaluates the generator of a way on the first n pictures of dataset, or of its partner for way 1,
 * which ranks share (NULL: this rank evaluates all).  It runs as it is applied: with the norm
 * statistics that its card asks for, and without dropout. */
static gboolean
evaluate (P2pTrainer      *trainer,
          const P2pRanks  *ranks,
          int              way,
          P2pDataset      *dataset,
          guint            n,
          GPtrArray       *rows,
          GCancellable    *stop,
          P2pMetrics      *metrics,
          GError         **error)
{
  P2pDataset           *partner = p2p_dataset_partner (dataset);
  const gboolean        answers = trainer->options.mode == P2P_DATA_PICTURES || partner;
  g_autoptr (P2pCard)   card = p2p_trainer_card (trainer, way, error);
  g_autoptr (P2pStats)  running = p2p_stats_from_params (generator (trainer, way));
  const gboolean        given = card && card->running_statistics && running;
  const P2pGraphOptions mode = { given ? P2P_STATS_GIVEN : P2P_STATS_OWN, given ? running : NULL };
  g_autoptr (GPtrArray) skipped = p2p_skipped_list ();
  Run                   run = { trainer, way, &mode, .rows = rows, .skipped = skipped };
  const P2pEvaluation   evaluation = {
    .graph = get_graph, .dataset = way == 0 ? dataset : partner,
    .like = way == 0 ? partner : dataset, .kind = p2p_trainer_kind (trainer),
    .options = &trainer->options, .ranks = ranks, .n = n, .n_dots = VAL_DOTS, .skip = on_skip,
    .tell = on_picture, .data = &run,
    .answer = answers ? trainer->recipe->answer : NULL, .training = trainer->training,
    .way = way,
  };
  gboolean              done = card && p2p_evaluate (&evaluation, stop, metrics, error);

  p2p_graph_free (run.graph);
  p2p_trainer_warn_of_data (trainer, ranks, dataset);
  return p2p_trainer_leave_out (trainer, ranks, dataset, skipped, done ? error : NULL) && done;
}

gboolean
p2p_trainer_validate (P2pTrainer    *trainer,
                      GCancellable  *stop,
                      GError       **error)
{
  P2pMetrics metrics[P2P_MAX_WAYS] = { 0 };

  for (int way = 0; way < trainer->recipe->n_ways; way++)
    if (! evaluate (trainer, trainer->ranks, way, trainer->val, G_MAXUINT, NULL, stop,
                    &metrics[way], error))
      return FALSE;

  trainer->metrics = metrics[0];
  for (int way = 0; way < trainer->recipe->n_ways; way++)
    {
      g_autofree char *text = p2p_metrics_to_text (&metrics[way]);

      g_free (trainer->state.metrics[way]);
      trainer->state.metrics[way] = g_strdup_printf ("%s (%u, epoch %d)", text, metrics[way].n,
                                                     trainer->state.epochs_ended + 1);
    }
  return TRUE;
}

gboolean
p2p_trainer_save_sample (P2pTrainer  *trainer,
                         GError     **error)
{
  P2pDataset           *dataset = trainer->val ? trainer->val : trainer->data;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_image_free);
  g_autoptr (P2pImage)  sheet = NULL;
  P2pMetrics            metrics;
  g_autofree char      *folder = p2p_trainer_path (trainer, "samples");
  g_autofree char      *name = g_strdup_printf ("epoch-%04d.png", trainer->state.epochs_ended);
  g_autofree char      *path = g_build_filename (folder, name, NULL);

  if (g_mkdir_with_parents (folder, 0777))
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   _("The folder “%s” cannot be made: %s"), folder, g_strerror (errno));
      return FALSE;
    }
  for (int way = 0; way < trainer->recipe->n_ways; way++)
    if (! evaluate (trainer, NULL, way, dataset, SAMPLE_ROWS, rows, NULL, &metrics, error))
      return FALSE;
  sheet = p2p_sheet_stack (rows, error);
  return sheet && p2p_image_save (sheet, path, error);
}

/* ---- The training ----------------------------------------------------------------------- */

gboolean
p2p_trainer_save (P2pTrainer  *trainer,
                  GError     **error)
{
  g_autofree char *path = p2p_trainer_path (trainer, "checkpoint.safetensors");

  if (! p2p_trainer_save_model (trainer, "model", error)
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

/* Removes the temporary files of p2p_replace_file () from a folder. */
static void
remove_leftovers (const char *folder)
{
  static const char *const patterns[] = { "*.safetensors.??????", "report.html.??????",
                                          "epoch-*.png.??????" };
  g_autoptr (GDir)         dir = g_dir_open (folder, 0, NULL);
  const char              *name;

  while (dir && (name = g_dir_read_name (dir)))
    for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
      if (g_pattern_match_simple (patterns[i], name))
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);

          g_unlink (path);
        }
}

void
p2p_trainer_remove_leftovers (const P2pTrainer *trainer)
{
  g_autofree char *samples = p2p_trainer_path (trainer, "samples");

  remove_leftovers (trainer->folder);
  remove_leftovers (samples);
}

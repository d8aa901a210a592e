/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix train` begins a training or resumes one.  train/option-table.c has the options of the
 * training itself. */

#include "cli.h"

#include "base/intl.h"
#include "models/model.h"
#include "train/agree.h"
#include "train/guess.h"
#include "train/option-table.h"
#include "train/presets.h"
#include "train/trainer.h"
#include "train-tell.h"

#include <string.h>
#include <unistd.h>

#define MAX_OPTIONS 64

typedef struct
{
  char        *output, *resume, *threads;   /* as given, or NULL */
  char        *preset;
  char       **settings;                    /* KEY=VALUE; may be NULL */
  gboolean     dry_run, quiet;
  char        *texts[MAX_OPTIONS];          /* values of the training's options, or NULL */
  gboolean     flags[MAX_OPTIONS];          /* whether an option without a value was given */
  char        *model;                       /* --model of the public implementation, or NULL */
  GPtrArray   *arguments;                   /* owns the arguments that were translated */
  char        *line;                        /* the command line, quoted for a shell */

  int          n_threads;
  P2pTeller    teller;

  const P2pRanks *ranks;                    /* NULL: there is only one */
} Job;

static void
job_clear (Job *job)
{
  g_free (job->output);
  g_free (job->resume);
  g_free (job->threads);
  g_free (job->preset);
  g_strfreev (job->settings);
  for (int i = 0; i < MAX_OPTIONS; i++)
    g_free (job->texts[i]);
  g_free (job->model);
  g_ptr_array_unref (job->arguments);
  g_free (job->line);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* ---- The command line --------------------------------------------------------------------- */

static gboolean
parse (Job    *job,
       int    *argc,
       char ***argv)
{
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  const GOptionEntry own[]   = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &job->output,
      N_("begin a training in this folder"), N_("RUN") },
    { "resume", 0, 0, G_OPTION_ARG_FILENAME, &job->resume,
      N_("go on with the training in this folder"), N_("RUN") },
    { "preset", 0, 0, G_OPTION_ARG_STRING, &job->preset,
      N_("a set of options that go well together (see the presets below)"), N_("NAME") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &job->dry_run,
      N_("only show the first batch, and how much time and memory the training would take"),
      NULL },
    { "card", 0, 0, G_OPTION_ARG_STRING_ARRAY, &job->settings,
      N_("set a key of the model's card: title, authors, licence, palette …"), N_("KEY=VALUE") },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &job->threads,
      N_("threads that compute (default: one for each processor)"), "N" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job->quiet, N_("show no progress"), NULL },
    { "model", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &job->model, NULL, NULL },
  };
  g_autofree char   *help  = p2p_cli_train_help ();
  g_autoptr (GError) error = NULL;

  g_array_append_vals (entries, own, G_N_ELEMENTS (own));
  for (guint i = 0; p2p_train_option (i); i++)
    {
      const P2pTrainOption *option = p2p_train_option (i);
      GOptionEntry          entry  = { p2p_train_option_name (option), 0, G_OPTION_FLAG_HIDDEN };
      const char           *wants;

      g_assert (i < MAX_OPTIONS);
      p2p_train_option_help (option, &wants);
      entry.arg = wants ? G_OPTION_ARG_STRING : G_OPTION_ARG_NONE;
      entry.arg_data = wants ? (gpointer) &job->texts[i] : &job->flags[i];
      g_array_append_val (entries, entry);
    }

  job->line = p2p_cli_train_line (*argc, *argv);
  if (! p2p_cli_train_names (*argc, *argv, job->arguments, &error))
    {
      p2p_cli_usage (error);
      return FALSE;
    }
  return p2p_cli_parse_more (argc, argv, (GOptionEntry *) entries->data, _("- train a model"),
                             _("Learns how to turn one kind of picture into another, from pairs "
                               "or from two folders.\nThe options have the names and defaults of "
                               "the public PyTorch implementation.\nCtrl-C saves the training and "
                               "stops; --resume goes on with it."), help,
                             "train --preset quick --data facades/train --val facades/val "
                             "-o facades-run") &&
         p2p_cli_no_more (*argc, *argv);
}

/* The value of the training's option i as a text, or NULL if it was not given. */
static const char *
given (const Job *job,
       guint      i)
{
  return job->flags[i] ? "true" : job->texts[i];
}

static const char *
given_by_name (const Job  *job,
               const char *name)
{
  for (guint i = 0; p2p_train_option (i); i++)
    if (p2p_train_option (i) == p2p_train_option_find (name))
      return given (job, i);
  g_return_val_if_reached (NULL);
}

static void
tell_guess (const Job  *job,
            const char *said)
{
  if (said && ! job->quiet && job->teller.speaks)
    g_printerr ("pix2pix: %s\n", said);
}

/* Guesses --mode and --direction from the pictures if they were not given. */
static gboolean
guess (const Job        *job,
       P2pTrainOptions  *options,
       GError          **error)
{
  g_autofree char *mode = NULL, *direction = NULL;

  if (! given_by_name (job, "mode") && ! p2p_guess_mode (options, &mode, error))
    return FALSE;
  tell_guess (job, mode);
  if (! given_by_name (job, "direction"))
    direction = p2p_guess_direction (options);
  tell_guess (job, direction);
  return TRUE;
}

static void
tell_preset (const Job             *job,
             const P2pTrainPreset  *preset,
             const P2pTrainOptions *options)
{
  g_autofree char *kept = p2p_train_preset_kept (preset, options);

  if (! job->quiet && *kept && job->teller.speaks)
    g_printerr (_("pix2pix: --preset %s stands for %s\n"), preset->name, kept);
}

/* Sets options.  Later sources override earlier ones: the defaults, the preset, the recipe, the
 * model of --start-from (or else inputs and output of the teacher), and the options that were
 * given. */
static gboolean
read_options (const Job        *job,
              P2pTrainOptions  *options,
              GError          **error)
{
  const char           *start   = given_by_name (job, "start-from");
  const char           *teacher = given_by_name (job, "teacher");
  const P2pTrainPreset *preset  = NULL;

  p2p_train_options_init (options);
  if (job->preset)
    {
      preset = p2p_train_preset_find (job->preset, error);
      if (! preset || ! p2p_train_preset_set (preset, options, error))
        return FALSE;
    }
  /* The recipe comes before the model, whose network is kept, and not again with the others: it
   * brings defaults only once. */
  if (given_by_name (job, "recipe") &&
      ! p2p_train_options_set (options, p2p_train_option_find ("recipe"),
                               given_by_name (job, "recipe"), error))
    return FALSE;
  if (start || teacher)
    {
      g_autoptr (P2pModel) model = p2p_model_open (start ? start : teacher, NULL, error);

      if (! model)
        return FALSE;
      if (start)
        p2p_train_options_from_card (options, model->card);
      options->inputs = model->card->inputs;
      options->output = model->card->output;
    }

  for (guint i = 0; p2p_train_option (i); i++)
    if (given (job, i) &&
        ! p2p_train_options_set (options, p2p_train_option (i), given (job, i), error))
      return FALSE;
  if (preset)
    tell_preset (job, preset, options);
  return (! options->data || guess (job, options, error)) &&
         p2p_train_options_check (options, job->line, error);
}

/* Returns the options that were given, name → value, for a training that is resumed.  The strings
 * belong to job and to the table of options.
 * Errors: P2P_ERROR_OPTION for an option that must stay the same during a training. */
static GHashTable *
read_changes (const Job  *job,
              GError    **error)
{
  g_autoptr (GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; p2p_train_option (i); i++)
    {
      const P2pTrainOption *option = p2p_train_option (i);

      if (! given (job, i))
        continue;
      if (! p2p_train_option_resume (option))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("--%s cannot be changed when a training is resumed"),
                       p2p_train_option_name (option));
          return NULL;
        }
      g_hash_table_insert (changes, (char *) p2p_train_option_name (option),
                           (char *) given (job, i));
    }
  return g_steal_pointer (&changes);
}

static GHashTable *
read_card (const Job  *job,
           GError    **error)
{
  g_autoptr (GHashTable) card = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (char **setting = job->settings; setting && *setting; setting++)
    {
      const char *equals = strchr (*setting, '=');

      if (! equals)
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("--card wants KEY=VALUE, not “%s”"), *setting);
          return NULL;
        }
      g_hash_table_insert (card, g_strndup (*setting, equals - *setting), g_strdup (equals + 1));
    }
  return g_steal_pointer (&card);
}

/* ---- The work ----------------------------------------------------------------------------- */

static void
report (const Job    *job,
        const GError *error)
{
  if (job->teller.speaks)
    p2p_cli_report (error);
}

static int
run (Job        *job,
     P2pTrainer *trainer)
{
  g_autoptr (GError) error    = NULL;
  const char        *folder   = job->resume ? job->resume : job->output;
  gboolean           finished = FALSE, done;
  P2pDryRun          dry      = { 0 };

  if (job->dry_run)
    {
      done = p2p_trainer_dry_run (trainer, &dry, &error);
      if (done)
        p2p_cli_train_dry_run (trainer, &dry);
      g_free (dry.sheet);
    }
  else
    {
      done = p2p_trainer_run (trainer, p2p_cli_cancel_on_signals (), &finished, &error);
      p2p_cli_train_clear_bar (&job->teller);
      if (done && ! finished && job->teller.speaks)
        p2p_cli_train_stopped (folder);
      else if (done && ! job->quiet && job->teller.speaks)
        p2p_cli_train_done (trainer, folder);
    }

  if (done)
    return P2P_CLI_DONE;
  report (job, error);
  if (job->teller.speaks)
    p2p_cli_train_failed (folder, error);
  return P2P_CLI_FAILED;
}

/* Takes the public implementation's name of the recipe, unless --recipe is given too.  FALSE when
 * there is no such recipe. */
static gboolean
take_model (Job *job)
{
  const gboolean unpaired = g_strcmp0 (job->model, "cycle_gan") == 0;

  for (guint i = 0; unpaired && p2p_train_option (i); i++)
    if (p2p_train_option (i) == p2p_train_option_find ("recipe") && ! job->texts[i])
      job->texts[i] = g_strdup ("cyclegan");
  return ! job->model || unpaired || strcmp (job->model, "pix2pix") == 0;
}

static gboolean
check_job (Job     *job,
           GError **error)
{
  if (! job->output == ! job->resume)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                         _("name a folder for a new training with -o, or the folder of one to go "
                           "on with by --resume"));
  else if (job->resume && (job->dry_run || job->settings || job->preset))
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                         _("--dry-run, --card and --preset are only for new trainings"));
  else if (job->ranks && job->dry_run)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                         _("--dry-run looks at a single process: leave out mpirun"));
  else if (! take_model (job))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("--model %s cannot be trained, only pix2pix and cycle_gan can: leave --model "
                   "out, and choose with --recipe"), job->model);
  else
    return p2p_cli_integer ("--threads", job->threads, 1, P2P_CLI_MAX_THREADS, &job->n_threads,
                            error);
  return FALSE;
}

/* The threads that compute on this rank: those that were asked for, or else those of the machine,
 * which the ranks on it share.  0: one for each processor. */
static int
threads (const Job *job)
{
  return job->ranks && job->n_threads == 0
         ? MAX (1, (int) g_get_num_processors () / job->ranks->n_here) : job->n_threads;
}

/* Begins or resumes the training.  On failure, *usage tells whether the command line is wrong, or
 * else the training could not be opened. */
static P2pTrainer *
open_trainer (Job       *job,
              gboolean  *usage,
              GError   **error)
{
  const P2pTrainTell     tell    = p2p_cli_train_tell (&job->teller, job->line);
  g_autoptr (GHashTable) changes = job->resume ? read_changes (job, error) : NULL;
  g_autoptr (GHashTable) card    = read_card (job, error);
  g_auto (P2pTrainOptions) options = { 0 };

  *usage = TRUE;
  if (! card || (job->resume ? ! changes : ! read_options (job, &options, error)))
    return NULL;
  *usage = FALSE;
  return job->resume
         ? p2p_trainer_resume (job->resume, changes, threads (job), job->ranks, &tell, error)
         : p2p_trainer_new (job->output, &options, card, threads (job), job->ranks, &tell, error);
}

/* Opens the training and runs it.  Ranks do so together: if one of them cannot, none does. */
static int
work (Job     *job,
      int      argc,
      char   **argv)
{
  g_autoptr (GError)     error   = NULL;
  g_autoptr (P2pTrainer) trainer = NULL;
  gboolean               usage   = TRUE;

  if (! p2p_agree (job->ranks, parse (job, &argc, &argv), NULL))
    return P2P_CLI_USAGE;
  job->teller.quiet = job->quiet;
  job->teller.terminal = isatty (STDERR_FILENO);
  if (check_job (job, &error))
    trainer = open_trainer (job, &usage, &error);
  if (p2p_agree (job->ranks, trainer != NULL, &error))
    return run (job, trainer);
  if (usage)
    return job->teller.speaks ? p2p_cli_usage (error) : P2P_CLI_USAGE;
  report (job, error);
  return P2P_CLI_FAILED;
}

int
p2p_cli_train (int    argc,
               char **argv)
{
  g_auto (Job)       job   = { .arguments = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GError) error = NULL;
  int                status;

  if (! p2p_ranks_begin (&job.ranks, &error))
    {
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }
  job.teller.speaks = ! job.ranks || job.ranks->rank == 0;
  status = work (&job, argc, argv);
  p2p_ranks_end (job.ranks);
  return status;
}

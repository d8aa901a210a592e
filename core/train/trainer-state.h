/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The trainer's state, and the functions that its files share: trainer.c (the loop over the steps),
 * trainer-open.c (what comes before it), trainer-data.c (the pictures), trainer-teacher.c (the
 * teacher's file), trainer-ranks.c, save.c (models, samples and checkpoints), report.c and
 * dry-run.c. */

#pragma once

#include "checkpoint.h"
#include "loader.h"
#include "log.h"
#include "progress.h"

typedef struct _P2pTrainer P2pTrainer;

struct _P2pTrainer
{
  char             *folder;          /* in which all that is kept of the training lies */
  const P2pRecipe  *recipe;
  gpointer          training;        /* the recipe's */
  P2pTrainOptions   options;
  GHashTable       *card;            /* texts for the model's card, by key */
  P2pTrainState     state;
  const P2pRanks   *ranks;           /* not owned; NULL: there is only one */
  P2pTrainTell      tell;
  GHashTable       *messages;        /* all messages and warnings so far: each is given once */
  P2pParallel      *parallel;
  P2pDataset       *data, *val;      /* val NULL: no validation */
  P2pLog           *log;             /* NULL on ranks that do not write */
  P2pMetrics        metrics;         /* of way 0's last validation in this process; n 0: none */

  guint64           epoch_steps, n_steps;    /* steps in an epoch, and in all */
  gint64            began, saved;    /* monotonic times at which the run began and last saved */
  gint64            next_report;     /* monotonic time from which report.html is due again */
  gboolean          stopped;         /* the run has ended before the training was finished */
  gboolean          failed;          /* the run has ended with an error */
  guint64           first;           /* the step with which this process began */
  double            step_seconds, waiting_seconds;    /* spent in steps; waiting for pictures */
};

/* Opens the folders of pictures, data and val, and reports the files that are left out.
 * Errors: those of p2p_dataset_new () and p2p_dataset_check (); P2P_ERROR_OPTION the pictures are
 * too small. */
gboolean    p2p_trainer_open_data (P2pTrainer *trainer, GError **error);

/* Replaces options.teacher by the path of the teacher's file, and keeps the file's SHA-256 in the
 * state.
 * Errors: those of p2p_model_open (); P2P_ERROR_OPTION a resumed training was begun with another
 * file, or without a teacher. */
gboolean    p2p_trainer_find_teacher (P2pTrainer *trainer, GError **error);

/* The teacher's id, which is its file's name without ending (newly allocated). */
char *      p2p_trainer_teacher_id (const P2pTrainer *trainer);

/* Whether this rank writes to the training's folder, which only rank 0 does. */
gboolean    p2p_trainer_writes (const P2pTrainer *trainer);

/* Whether the ranks have the same program, options, pictures and weights.
 * Errors: P2P_ERROR_OPTION says what differs. */
gboolean    p2p_trainer_compare_ranks (const P2pTrainer *trainer, GError **error);

P2pDataKind p2p_trainer_kind (const P2pTrainer *trainer);

/* Steps per second since the run began, with validations and saving in between; 0: no step is done
 * yet. */
double   p2p_trainer_speed        (const P2pTrainer *trainer);

/* The seconds that the remaining steps take at that speed; 0: the speed is not known yet. */
double   p2p_trainer_seconds_left (const P2pTrainer *trainer);

/* The path of a file in the training's folder (newly allocated). */
char *   p2p_trainer_path (const P2pTrainer *trainer, const char *name);

/* The path of a way's model in the training's folder (newly allocated): NAME.safetensors, or
 * NAME-back.safetensors for way 1. */
char *   p2p_trainer_model_path (const P2pTrainer *trainer, const char *name, int way);

/* Reports a message, unless it has been reported before. */
void     p2p_trainer_message (P2pTrainer *trainer, const char *message);

/* Reports a warning, unless it has been reported before. */
void     p2p_trainer_warning (P2pTrainer *trainer, const char *warning);

/* Reports the warnings about files that ranks (NULL: there is only one) have read for dataset. */
void     p2p_trainer_warn_of_data (P2pTrainer *trainer, const P2pRanks *ranks,
                                   P2pDataset *dataset);

/* Reports entries of dataset, and of its partner, that ranks could not read (P2pSkipped).  Each of
 * them calls this with those that it has tried (NULL: there is only one rank).
 * Errors: P2P_ERROR_FILE another rank can read one of the entries, so that they would not train
 * with the same pictures. */
gboolean p2p_trainer_leave_out (P2pTrainer *trainer, const P2pRanks *ranks, P2pDataset *dataset,
                                const GPtrArray *skipped, GError **error);

/* Reports the messages and warnings about a load of the training's pictures.
 * Errors: a copy of the load's error, if a rank has one; those of p2p_trainer_leave_out (). */
gboolean p2p_trainer_look_at (P2pTrainer *trainer, P2pLoad *load, GError **error);

/* Makes the card of a way's generator, with the metrics of its last validation.
 * Errors: P2P_ERROR_OPTION the user's texts have a key that cards do not have, or contradict the
 * training's options; those of p2p_card_set (). */
P2pCard * p2p_trainer_card (const P2pTrainer *trainer, int way, GError **error);

/* Validates the generator of each way, and keeps the metrics in words in the state; those of way 0,
 * which choose the best model, also in trainer->metrics.
 * Errors: G_IO_ERROR_CANCELLED; those of p2p_evaluate (). */
gboolean p2p_trainer_validate (P2pTrainer *trainer, GCancellable *stop, GError **error);

/* Writes the generators, with their cards, to the training's folder: that of way 0 to
 * NAME.safetensors, that of way 1, if there is one, to NAME-back.safetensors.
 * Errors: P2P_ERROR_FILE a weight is not finite; those of p2p_trainer_card () and of
 * p2p_replace_file (). */
gboolean p2p_trainer_save_model (P2pTrainer *trainer, const char *name, GError **error);

/* Writes a sheet with the results for the first few pictures of val, or of data if there is no
 * val.  Errors: those of p2p_evaluate () and of p2p_image_save (). */
gboolean p2p_trainer_save_sample (P2pTrainer *trainer, GError **error);

/* Writes the model, the report, the log and the checkpoint, in this order.  The checkpoint comes
 * last because it is what a training goes on from: all else is then complete.
 * Errors: those of writing them. */
gboolean p2p_trainer_save (P2pTrainer *trainer, GError **error);

/* Removes temporary files, which a process leaves if it is killed while it writes. */
void     p2p_trainer_remove_leftovers (const P2pTrainer *trainer);

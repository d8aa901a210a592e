/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The trainer from inside: its state, which trainer.c, trainer-data.c, trainer-teacher.c, save.c,
 * report.c and dry-run.c share.  trainer.c goes through the steps, save.c keeps what comes of
 * them. */

#pragma once

#include "checkpoint.h"
#include "loader.h"
#include "log.h"
#include "progress.h"

typedef struct _P2pTrainer P2pTrainer;

struct _P2pTrainer
{
  char             *folder;
  const P2pRecipe  *recipe;
  gpointer          training;
  P2pTrainOptions   options;
  GHashTable       *card;            /* texts for the model's card */
  P2pTrainState     state;
  P2pTrainTell      tell;
  GHashTable       *messages;        /* those that were told: each is told once */
  P2pParallel      *parallel;
  P2pDataset       *data, *val;      /* val NULL: no validation */
  P2pLog           *log;
  P2pMetrics        metrics;         /* of the last validation in this process; n 0: none */

  guint64           epoch_steps, n_steps;
  gint64            began, saved;    /* monotonic time */
  gint64            next_report;     /* and when report.html is to be renewed */
  gboolean          stopped;         /* the run has ended before the training, and is saved */
  gboolean          failed;          /* it has ended with an error */
  guint64           first;           /* the step with which this process began */
  double            step_seconds, waiting_seconds;
};

/* Opens the folders of pictures and tells what is left out of them.
 * Errors: those of p2p_dataset_new () and p2p_dataset_check (); P2P_ERROR_OPTION the pictures are
 * too small. */
gboolean    p2p_trainer_open_data (P2pTrainer *trainer, GError **error);

/* Makes options.teacher the path of its file, and keeps the file's checksum in the state.
 * Errors: those of p2p_model_open (); P2P_ERROR_OPTION the state knows another file, or none
 * though the training goes on. */
gboolean    p2p_trainer_find_teacher (P2pTrainer *trainer, GError **error);

/* What the teacher is called: its file's name without ending (newly allocated). */
char *      p2p_trainer_teacher_id (const P2pTrainer *trainer);

P2pDataKind p2p_trainer_kind (const P2pTrainer *trainer);

/* Steps a second since this process began, with all that is done between them; 0: none yet. */
double   p2p_trainer_speed        (const P2pTrainer *trainer);

/* What the remaining steps take at that speed. */
double   p2p_trainer_seconds_left (const P2pTrainer *trainer);

/* The path of a file in the folder (newly allocated). */
char *   p2p_trainer_path (const P2pTrainer *trainer, const char *name);

/* Tells a message that has not been told. */
void     p2p_trainer_message (P2pTrainer *trainer, const char *message);

/* The same of a warning, and of those about the files that have been read. */
void     p2p_trainer_warning (P2pTrainer *trainer, const char *warning);
void     p2p_trainer_warn_of_data (P2pTrainer *trainer, P2pDataset *dataset);

/* Tells what there is to tell of a load of the training's pictures, and gives its error. */
gboolean p2p_trainer_look_at (P2pTrainer *trainer, P2pLoad *load, GError **error);

/* The generator's card as of now.
 * Errors: P2P_ERROR_OPTION a text that cards do not have. */
P2pCard * p2p_trainer_card (const P2pTrainer *trainer, GError **error);

/* Validates: metrics go to trainer->metrics and to the state.
 * Errors: G_IO_ERROR_CANCELLED; those of p2p_evaluate (). */
gboolean p2p_trainer_validate (P2pTrainer *trainer, GCancellable *stop, GError **error);

/* Writes the generator under a name, with its card. */
gboolean p2p_trainer_save_model (P2pTrainer *trainer, const char *name, GError **error);

/* A sheet of the first few entries to validate with, or to train with. */
gboolean p2p_trainer_save_sample (P2pTrainer *trainer, GError **error);

/* Model, report and checkpoint, the checkpoint last. */
gboolean p2p_trainer_save (P2pTrainer *trainer, GError **error);

/* Removes what a process that was killed while it wrote has left: files under temporary names. */
void     p2p_trainer_remove_leftovers (const P2pTrainer *trainer);

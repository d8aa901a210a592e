/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a training reports while it runs. */

#pragma once

#include "evaluate.h"

/* How far a training is.  The trainer fills it; it lives as long as the call. */
typedef struct
{
  guint64            step, n_steps;       /* steps done, and all steps */
  int                epoch, n_epochs;     /* the present epoch, from 1, and all epochs */
  double             steps_per_second;    /* 0: no step is done yet in this process */
  double             seconds_left;
  const char *const *names;               /* of the losses */
  const double      *losses;              /* means over the present row of the log */
  gboolean           row_ends;            /* the row is complete and in the log */
  const P2pMetrics  *val;                 /* of the validation in this row, or NULL */
} P2pTrainProgress;

/* The functions that receive the reports.  All are called on the thread that runs the trainer. */
typedef struct
{
  /* Called after each step, and after each row of the log. */
  void   (* progress) (const P2pTrainProgress *progress, gpointer data);
  void   (* message)  (const char *message, gpointer data);   /* about files that are left out */
  void   (* warning)  (const char *message, gpointer data);   /* about files that are used anyway */
  gpointer  data;

  /* The command line that began the training, to which error messages add options that work; NULL:
   * there is none. */
  const char *command;
} P2pTrainTell;

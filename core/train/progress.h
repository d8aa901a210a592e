/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a training says while it runs. */

#pragma once

#include "evaluate.h"

typedef struct
{
  guint64            step, n_steps;       /* done, and in all */
  int                epoch, n_epochs;     /* from 1 */
  double             steps_per_second;    /* 0: there was none yet in this process */
  double             seconds_left;
  const char *const *names;               /* of the losses */
  const double      *losses;              /* means over the log's running row */
  gboolean           row_ends;            /* the row is complete, and in the log */
  const P2pMetrics  *val;                 /* of the validation that the row tells of, or NULL */
} P2pTrainProgress;

/* Who hears of it. */
typedef struct
{
  void   (* progress) (const P2pTrainProgress *progress, gpointer data);   /* after each step */
  void   (* message)  (const char *message, gpointer data);   /* about what is left out */
  void   (* warning)  (const char *message, gpointer data);   /* about what is used all the same */
  gpointer  data;

  /* The command line that began the training, to which messages add options; NULL: none. */
  const char *command;
} P2pTrainTell;

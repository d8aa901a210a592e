/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* log.csv: the losses and metrics of a training, one row for every few steps (--print-freq) and for
 * the end of each epoch.  It holds nothing that differs between two runs of the same training, such
 * as times. */

#pragma once

#include "evaluate.h"
#include "recipe.h"

typedef struct
{
  guint64    step;                     /* steps done */
  int        epoch;                    /* from 1 */
  double     rate;                     /* learning rate */
  double     losses[P2P_MAX_LOSSES];   /* means over the row's steps; NaN when it has none */
  P2pMetrics val;                      /* n 0: no validation in this row */
} P2pLogRow;

typedef struct
{
  char              *path;
  const char *const *names;            /* of the losses (not owned) */
  guint              n_columns;        /* of the metrics; a log of an earlier version has fewer */
  GArray            *rows;             /* P2pLogRow: all rows of the file */
  int                fd;
} P2pLog;

/* Opens the log at path and cuts it to its first length bytes, which are those that a checkpoint
 * knows of.  0 begins a new log.  names: the losses, ended by NULL, must live longer than the log.
 * Errors: G_FILE_ERROR. */
P2pLog * p2p_log_new  (const char *path, const char *const *names, gint64 length, GError **error);
void     p2p_log_free (P2pLog *log);

/* Appends a row to the file and to rows.  Errors: G_FILE_ERROR. */
gboolean p2p_log_add  (P2pLog *log, const P2pLogRow *row, GError **error);

/* Waits until the log is on the disk (fsync), and returns its length in bytes; −1 with error. */
gint64   p2p_log_sync (P2pLog *log, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pLog, p2p_log_free)

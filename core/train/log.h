/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* log.csv: the course of a training, a row for every few steps.  It holds nothing that differs
 * between two runs of the same training, such as times. */

#pragma once

#include "evaluate.h"
#include "recipe.h"

typedef struct
{
  guint64    step;                     /* done */
  int        epoch;                    /* from 1 */
  double     rate;                     /* learning rate */
  double     losses[P2P_MAX_LOSSES];   /* means over the row's steps */
  P2pMetrics val;                      /* n 0: not validated */
} P2pLogRow;

typedef struct
{
  char              *path;
  const char *const *names;            /* of the losses */
  guint              n_columns;        /* of the metrics; a log of an earlier version has fewer */
  GArray            *rows;             /* P2pLogRow */
  int                fd;
} P2pLog;

/* Opens a log and cuts it to its first length bytes, or to what is there.
 * Errors: G_FILE_ERROR. */
P2pLog * p2p_log_new  (const char *path, const char *const *names, gint64 length, GError **error);
void     p2p_log_free (P2pLog *log);

/* Appends a row. */
gboolean p2p_log_add  (P2pLog *log, const P2pLogRow *row, GError **error);

/* The log's length, once it is on the disk; −1 with error. */
gint64   p2p_log_sync (P2pLog *log, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pLog, p2p_log_free)

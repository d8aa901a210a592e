/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How one model is shown. */

#pragma once

#include <gtk/gtk.h>

#include "p2p.h"

/* A kind of picture as cards write it and as people say it. */
typedef struct
{
  const char *id, *name;    /* name is to be translated */
} P2pKind;

/* All that are known; the last one's id is NULL. */
extern const P2pKind p2p_kinds[];

/* What kind of picture turns into what, as people say it. */
char *      p2p_model_task_text (const char *task);

/* A row for a list box: before and after, title, one line.  info lives longer. */
GtkWidget * p2p_model_row_new   (const P2pModelInfo *info);

const P2pModelInfo * p2p_model_row_info (GtkListBoxRow *row);

/* Loads the thumbnail: "NAME.png" beside the model "NAME.safetensors", before and after side by
 * side. */
void        p2p_model_row_load  (GtkListBoxRow *row);

/* Whether the row's model is made for such pictures as the layer; FALSE for NULL. */
gboolean    p2p_model_row_suits     (GtkListBoxRow *row);
void        p2p_model_row_set_suits (GtkListBoxRow *row, gboolean suits);

/* Is words, in whatever case, in a text of the model? */
gboolean    p2p_model_row_has     (GtkListBoxRow *row, const char *words);

/* Fills box with where the model comes from and, of a label model, what its colors mean. */
void        p2p_model_about     (GtkContainer *box, const P2pModelInfo *info);

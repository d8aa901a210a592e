/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How one model is shown: its row in the list, and the facts about it. */

#pragma once

#include <gtk/gtk.h>

#include "p2p.h"

/* A kind of picture: the id by which a model's card (the description inside the file) names the
 * kind in its task, and the name for people. */
typedef struct
{
  const char *id, *name;    /* name is to be translated */
} P2pKind;

/* All known kinds.  The last one's id is NULL. */
extern const P2pKind p2p_kinds[];

/* A task of a card, such as "labels-to-photo", in words for people (translated, newly
 * allocated). */
char *      p2p_model_task_text (const char *task);

/* A row for a list box: thumbnail, title, and one line of description.  info must outlive it. */
GtkWidget * p2p_model_row_new   (const P2pModelInfo *info);

/* The model that the row shows; NULL when row is NULL. */
const P2pModelInfo * p2p_model_row_info (GtkListBoxRow *row);

/* Loads the thumbnail (thumbnail.h), if the model has one. */
void        p2p_model_row_load  (GtkListBoxRow *row);

/* Whether the row's model is made for the layer's kind of picture; FALSE when row is NULL. */
gboolean    p2p_model_row_suits     (GtkListBoxRow *row);
void        p2p_model_row_set_suits (GtkListBoxRow *row, gboolean suits);

/* Whether the title, description, task or id of the row's model contains the string words, ignoring
 * case. */
gboolean    p2p_model_row_has     (GtkListBoxRow *row, const char *words);

/* Fills box with facts about the model: the meaning of its colors if it has a palette, its
 * description and origin, and the figures of its training. */
void        p2p_model_about     (GtkContainer *box, const P2pModelInfo *info);

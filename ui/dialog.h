/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dialog in which a user chooses the model and its settings, sees what they do, and applies
 * them. */

#pragma once

#include <libgimp/gimp.h>

#include "p2p.h"

/* The layer that the dialog is for, and what only the plug-in can do with it. */
typedef struct
{
  int       width, height;
  int       channels;    /* as those of P2pImage */
  P2pRect   selected;    /* without pixels: nothing of it */
  int       n_layers;    /* that are selected and will be translated, this one included */
  gboolean  filters;     /* some of them have live filters */
  GimpDrawable *drawable;

  /* Pixels of rect of a drawable when it is scaled, without its live filters: 8 bits a sample, RGB
   * and alpha. */
  void     (* read)  (GimpDrawable *drawable, P2pRect rect, double scale, guint8 *rgba,
                      gpointer data);

  /* How much of each pixel is selected, 255 being all; NULL: there is no selection. */
  void     (* read_selection) (P2pRect rect, double scale, guint8 *mask, gpointer data);

  /* Adds a transparent layer above a drawable.  NULL: GIMP refused, error says what. */
  GimpDrawable * (* add_above) (GimpDrawable *drawable, const char *name, GError **error);

  /* Does what is set; the main loop runs meanwhile. */
  gboolean (* apply) (P2pProgress progress, gpointer progress_data, GCancellable *cancellable,
                      GError **error, gpointer data);
  gpointer  data;
} P2pDialogLayer;

/* Shows the dialog for procedure's arguments, config's properties being those, until what they say
 * has been done.  FALSE: cancelled, or P2P_ERROR_UNSUPPORTED when there is no display. */
gboolean p2p_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config,
                         const P2pDialogLayer *layer, GError **error);

/* What config says; scale is what options->scale points to, to be freed. */
void     p2p_dialog_get_options (GimpProcedureConfig *config, P2pApplyOptions *options,
                                 char **scale);

/* The longer side at which the network works, fit being the model's own; 0: the layer's. */
int      p2p_dialog_get_fit (const char *scale, int fit);

/* Says that there is no model and where to put one (newly allocated). */
char *   p2p_dialog_no_models (void);

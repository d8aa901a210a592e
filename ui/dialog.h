/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dialog in which a user chooses a model and its settings, sees their effect in a preview, and
 * applies the model. */

#pragma once

#include <libgimp/gimp.h>

#include "p2p.h"

/* The layer that the dialog shows, and the functions with which the dialog reads and changes the
 * image.  The plug-in fills it, and it must outlive the dialog.  The dialog calls the functions on
 * the main thread, most of them with data. */
typedef struct
{
  int       width, height;
  int       channels;    /* 1 to 4, as in P2pImage */
  P2pRect   selected;    /* the part inside the selection; width 0 when nothing is selected */
  int       n_layers;    /* number of layers that will be translated, this one included */
  gboolean  filters;     /* at least one of these layers has live filters */
  GimpDrawable *drawable;

  /* Reads the pixels of a drawable, without its live filters, reduced by scale (1: not reduced).
   * rect is in pixels of the reduced drawable.  rgba [rect.height, rect.width, 4] has 8 bits a
   * sample and straight alpha. */
  void     (* read)  (GimpDrawable *drawable, P2pRect rect, double scale, guint8 *rgba,
                      gpointer data);

  /* Reads how much of each pixel of drawable is selected, 0 to 255, into mask [rect.height,
   * rect.width]; rect and scale are as above.  The pointer is NULL when the image has no selection,
   * which means that all of the layer is translated. */
  void     (* read_selection) (P2pRect rect, double scale, guint8 *mask, gpointer data);

  /* Adds a transparent layer above a drawable.  Returns NULL with an error when GIMP refuses. */
  GimpDrawable * (* add_above) (GimpDrawable *drawable, const char *name, GError **error);

  /* Translates all layers with the settings of the config.  The main loop runs meanwhile. */
  gboolean (* apply) (P2pProgress progress, gpointer progress_data, GCancellable *cancellable,
                      GError **error, gpointer data);
  gpointer  data;
} P2pDialogLayer;

/* Shows the dialog for the arguments of procedure, which are the properties of config, and applies
 * the chosen model with them.  If the apply fails, the dialog shows the error and stays.  Returns
 * TRUE after an apply has succeeded.  Returns FALSE without an error when the user cancels, and
 * with P2P_ERROR_UNSUPPORTED when there is no display. */
gboolean p2p_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config,
                         const P2pDialogLayer *layer, GError **error);

/* Fills options from config.  *scale gets the string (newly allocated) that options->scale points
 * to; the caller frees it when options are no longer needed. */
void     p2p_dialog_get_options (GimpProcedureConfig *config, P2pApplyOptions *options,
                                 char **scale);

/* The longer side, in pixels, at which the network works.  scale is as in P2pApplyOptions, and fit
 * is the model's default, as in P2pModelInfo.  Returns 0 for the layer's own size. */
int      p2p_dialog_get_fit (const char *scale, int fit);

/* A translated text (newly allocated) that says that there is no model and where to put one. */
char *   p2p_dialog_no_models (void);

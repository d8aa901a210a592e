/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A model run over layers: everything is computed first, in a worker thread, then written as one
 * undo step.  The worker knows nothing of GIMP: libgimp and GEGL stay on the main thread. */

#pragma once

#include <libgimp/gimp.h>

#include "check.h"
#include "p2p.h"

/* Translates drawables where they are selected, with the hints of a layer (NULL: none) where it
 * lies over them.  It tells progress on the main thread, whose loop runs meanwhile; a gray image
 * becomes an RGB one where the result is in colour.  nothing_selected: the selection touches none
 * of them. new_image: the image that was made, if output asks for one.
 *
 * Layers and hints are translated as they are seen, with their live filters.  In place the filters
 * are merged before the result is written; without merge_filters the pixels below them are
 * translated instead, and the filters act on the result.
 *
 * Errors: those of p2p_apply () and p2p_check (); P2P_ERROR_OPTION hints are one of the
 * drawables; P2P_ERROR_UNSUPPORTED when the user changed a layer meanwhile.  The image is as it was
 * then. */
gboolean p2p_translate (P2pModel *model, const P2pApplyOptions *options, GimpImage *image,
                        GimpDrawable **drawables, GimpDrawable *hints, P2pDestination output,
                        gboolean merge_filters, P2pProgress progress, gpointer data,
                        GCancellable *cancellable, gboolean *nothing_selected,
                        GimpImage **new_image, GError **error);

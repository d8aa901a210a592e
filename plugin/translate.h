/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs a model over layers.  A worker thread computes all results first; then they are written as
 * one undo step.  The worker does not touch GIMP: libgimp and GEGL are used on the main thread
 * alone. */

#pragma once

#include <libgimp/gimp.h>

#include "check.h"
#include "p2p.h"

/* Translates the selected parts of drawables (NULL-terminated).  hints is a layer of color hints,
 * of which the parts over the drawables count; NULL: none.  Called on the main thread, whose loop
 * runs until the results are computed; progress is called there, too.  A grayscale image becomes an
 * RGB image if a result in color is written into it.
 *
 * *nothing_selected becomes TRUE when the selection touches none of the drawables, which is no
 * error.  *new_image gets the new image when output is P2P_NEW_IMAGE; it is not displayed yet.
 *
 * Layers and hints are translated as the user sees them, with their live filters.  For P2P_IN_PLACE
 * the filters are merged into the layer before the result is written.  But if merge_filters is
 * FALSE, P2P_IN_PLACE translates the pixels without filters, and the filters act on the result.
 *
 * Errors: those of p2p_apply () and p2p_check (); P2P_ERROR_OPTION when hints are one of the
 * drawables, were deleted, or have no alpha or no color; P2P_ERROR_UNSUPPORTED when the user has
 * changed a layer meanwhile, or when GIMP refuses.  After an error the image is as it was, unless
 * GIMP refuses a step when others are done already; these are one undo step. */
gboolean p2p_translate (P2pModel *model, const P2pApplyOptions *options, GimpImage *image,
                        GimpDrawable **drawables, GimpDrawable *hints, P2pDestination output,
                        gboolean merge_filters, P2pProgress progress, gpointer data,
                        GCancellable *cancellable, gboolean *nothing_selected,
                        GimpImage **new_image, GError **error);

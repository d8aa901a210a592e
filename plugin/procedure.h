/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The GIMP procedure: its menu entry and arguments, and how a call of it runs. */

#pragma once

#include <libgimp/gimp.h>

#define P2P_PROCEDURE_NAME "plug-in-pix2pix"

/* Arguments, beside GIMP's run-mode, image and drawables:
 *
 *   model        string   id or path; "": the first model found
 *   strength     double   0 leaves the picture as it is, 1 is the model's result
 *   scale        string   "default" (the model's), "native", "fit:N" (longer side N pixels)
 *   chroma       double   of models that give colours alone: factor on their chroma, 0 to 10
 *   snap-labels  boolean  of models with a palette: each pixel to its nearest colour first
 *   output       choice   "in-place", "new-layer", "new-image"
 *   merge-filters boolean in place: live filters are merged into the layer and what they show is
 *                         translated; FALSE: they act on the result
 *   statistics   choice   "model", "image", "running"
 *   noise        boolean  dropout on, with seed
 *   seed         int
 *   memory       int      budget in MiB; 0: half of what is available
 *   tile         int      longest side of tiles in pixels; 0: as memory allows
 *   overlap      int      of neighbouring tiles, in pixels; -1: as the network needs
 *
 * It returns the image that was made, otherwise the image that was given, because Script-Fu warns
 * of a call that returns none.  A call that fails changes nothing.  It returns a calling error
 * where an argument of a script makes no sense (no such model, a bad scale), and an execution error
 * otherwise. */
GimpProcedure * p2p_procedure_new (GimpPlugIn *plug_in);

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The GIMP procedure: its menu entry, its arguments, and how it runs when it is called. */

#pragma once

#include <libgimp/gimp.h>

#define P2P_PROCEDURE_NAME "plug-in-pix2pix"

/* Makes the procedure.  Its arguments, besides GIMP's run-mode, image and drawables:
 *
 *   model        string   id or path; "": the first model found
 *   strength     double   0 leaves the picture as it is, 1 is the model's result
 *   scale        string   "default" (the model's), "native", "fit:N" (longer side N pixels)
 *   chroma       double   for models that only give colors: factor on their chroma, 0 to 10
 *   snap-labels  boolean  for models with a palette: before the model sees the picture, each pixel
 *                         is replaced by the nearest color of the palette
 *   hints        drawable for models that take hints: the layer of color hints; may be missing
 *   keep-paper   boolean  for models that color line art: keeps the tone of the paper
 *   line-strength double  for models that color line art: factor on the lines' darkness, 0 to 4
 *   output       choice   "in-place", "new-layer", "new-image"
 *   merge-filters boolean for "in-place".  TRUE: the layer is translated with its live filters,
 *                         which are merged into it.  FALSE: the layer is translated without its
 *                         live filters, which stay and act on the result
 *   statistics   choice   "model", "image", "running", as in P2pStatistics
 *   noise        boolean  dropout is on and depends on seed
 *   seed         int
 *   memory       int      budget in MiB; 0: half of what is available
 *   tile         int      longest side of tiles in pixels; 0: as large as memory allows
 *   overlap      int      of neighboring tiles, in pixels; -1: as the network needs
 *
 * It returns the new image if there is one.  Otherwise it returns the image that was given, because
 * Script-Fu warns when a call returns no image.  A call that fails changes nothing, unless GIMP
 * refuses a step when a part of the result is written already; this part is one undo step.  A call
 * ends with a calling error when a script passes an argument that makes no sense (an unknown model,
 * a bad scale).  After all other errors it ends with an execution error. */
GimpProcedure * p2p_procedure_new (GimpPlugIn *plug_in);

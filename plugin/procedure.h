/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The GIMP procedure: its menu entry and arguments, and how a call of it runs. */

#pragma once

#include <libgimp/gimp.h>

#define P2P_PROCEDURE_NAME "plug-in-pix2pix"

/* Arguments, beside GIMP's run-mode, image and drawables:
 *
 *   model       string   id or path; "": the first model found
 *   strength    double   0 leaves the picture as it is, 1 is the model's result
 *   scale       string   "default" (the model's), "native", "fit:N" (longer side N pixels)
 *   output      choice   "in-place", "new-layer"
 *   statistics  choice   "model", "image", "running"
 *   noise       boolean  dropout on, with seed
 *   seed        int
 *
 * A call that fails changes nothing.  It returns a calling error where an argument of a script
 * makes no sense (no such model, a bad scale), and an execution error otherwise. */
GimpProcedure * p2p_procedure_new (GimpPlugIn *plug_in);

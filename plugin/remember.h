/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Remembers which layer of hints and which layer of clean lines belong to a drawing.  The drawing's
 * parasites hold this, so that it is saved in the image's file.  GIMP's last values of a procedure
 * would not do: GIMP 3.0 and 3.2 cannot keep a layer among them, and print a warning. */

#pragma once

#include <libgimp/gimp.h>

/* From now on these hints belong to drawing, or none for NULL.  This can be undone. */
void           p2p_remember_hints   (GimpDrawable *drawing, GimpDrawable *hints);

/* The hints that belong to drawing, or NULL when there are none or their layer was deleted. */
GimpDrawable * p2p_remembered_hints (GimpDrawable *drawing);

/* The same for the topmost layer of clean lines that was made from drawing. */
void           p2p_remember_lines   (GimpDrawable *drawing, GimpDrawable *lines);
GimpDrawable * p2p_remembered_lines (GimpDrawable *drawing);

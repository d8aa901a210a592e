/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Remembers which layer of hints and which layer of clean lines belong to a drawing.  GIMP 3.0 and
 * 3.2 cannot keep a layer among a procedure's last values, and warn of it.  So parasites of the
 * drawing remember the layers, and the image's file keeps them. */

#pragma once

#include <libgimp/gimp.h>

/* From now on these hints belong to drawing, or none for NULL.  This can be undone. */
void           p2p_remember_hints   (GimpDrawable *drawing, GimpDrawable *hints);

/* The hints that belong to drawing, or NULL when there are none or their layer was deleted. */
GimpDrawable * p2p_remembered_hints (GimpDrawable *drawing);

/* The same for the topmost layer of clean lines that was made from drawing. */
void           p2p_remember_lines   (GimpDrawable *drawing, GimpDrawable *lines);
GimpDrawable * p2p_remembered_lines (GimpDrawable *drawing);

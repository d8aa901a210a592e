/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which layers of hints and of clean lines belong to a drawing.  GIMP 3.0 and 3.2 cannot keep a
 * layer among a procedure's last values and warn of it, so the drawing keeps them, in its file
 * too. */

#pragma once

#include <libgimp/gimp.h>

/* From now on these hints belong to drawing; NULL: none.  It can be undone. */
void           p2p_remember_hints   (GimpDrawable *drawing, GimpDrawable *hints);

/* The hints that belong to drawing; NULL: none, or they are gone. */
GimpDrawable * p2p_remembered_hints (GimpDrawable *drawing);

/* The same of the topmost layer of clean lines that was made of drawing. */
void           p2p_remember_lines   (GimpDrawable *drawing, GimpDrawable *lines);
GimpDrawable * p2p_remembered_lines (GimpDrawable *drawing);

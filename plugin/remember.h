/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which layer of hints belongs to a drawing.  GIMP 3.0 and 3.2 cannot keep a layer among a
 * procedure's last values and warn of it, so the drawing keeps it, in its file too. */

#pragma once

#include <libgimp/gimp.h>

/* From now on these hints belong to drawing; NULL: none.  It can be undone. */
void           p2p_remember_hints   (GimpDrawable *drawing, GimpDrawable *hints);

/* The hints that belong to drawing; NULL: none, or they are gone. */
GimpDrawable * p2p_remembered_hints (GimpDrawable *drawing);

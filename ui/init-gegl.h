/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* Initializes GEGL without its operations, of which the plug-in uses none: it only reads and writes
 * buffers and converts colors.  Call this from the main thread before any of that; further calls
 * do nothing.  GEGL is initialized late, so that the dialog appears sooner. */
void p2p_gegl_init (void);

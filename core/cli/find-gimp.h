/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The part of `pix2pix doctor` that looks at GIMP. */

#pragma once

#include "finding.h"

/* Tells of GIMP, of the user's folders of it, and of the plug-in in them.  From then on models
 * beside the plug-ins are found. */
void p2p_doctor_gimp (P2pDoctor *doctor);

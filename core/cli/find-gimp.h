/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The part of `pix2pix doctor` that checks GIMP. */

#pragma once

#include "finding.h"

/* Prints what it finds about GIMP, its folders for plug-ins and the plug-in.  Also adds the models
 * beside each plug-in to the folders that are searched (p2p_models_add_folder ()). */
void p2p_doctor_gimp (P2pDoctor *doctor);

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Translated texts, the core's domain being the program's and the plug-in's own. */

#pragma once

#include <glib/gi18n-lib.h>

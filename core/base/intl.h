/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Translated texts.  The core uses the same gettext domain as the program and the plug-in. */

#pragma once

#include <glib/gi18n-lib.h>

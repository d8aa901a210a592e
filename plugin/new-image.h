/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Results in an image of their own. */

#pragma once

#include "write.h"

/* Makes an image of the results of targets (array of P2pTarget), which lie there as they do in
 * image, each in a layer of its own.  title is the model's.  Precision, resolution, unit, comment
 * and, unless a grayscale image gets a result in color, the profile are those of image.
 * Errors: G_IO_ERROR_CANCELLED; those of p2p_drawable_add (). */
GimpImage * p2p_new_image (GPtrArray *targets, GimpImage *image, const char *title,
                           GCancellable *cancellable, GError **error);

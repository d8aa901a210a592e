/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Puts results into a new image. */

#pragma once

#include "write.h"

/* Makes an image of the results of targets (P2pTarget), each in a layer of its own, arranged as in
 * image.  title is the model's title.  The new image has the precision, resolution, unit and
 * comment of image.  It also has the profile of image, unless image is grayscale and a result is in
 * color.  The caller shows or returns the new image.  Errors: G_IO_ERROR_CANCELLED; those of
 * p2p_drawable_add (). */
GimpImage * p2p_new_image (GPtrArray *targets, GimpImage *image, const char *title,
                           GCancellable *cancellable, GError **error);

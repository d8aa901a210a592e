/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From results to the image: into the layers, onto layers of their own, or into a new image. */

#pragma once

#include "translate.h"

/* One layer on its way, with what must still hold when its result is written. */
typedef struct
{
  GimpDrawable *drawable;
  int           width, height;
  gboolean      gray;
  P2pRect       area;
  gboolean      filters;     /* it has live filters, and what they show is translated */

  P2pLayering   layering;    /* of the result */
  GeglBuffer   *result;      /* in a new layer of P2P_LAYERING_UNDER: the colors alone */
  GeglBuffer   *lines;       /* the cleaned drawing above them; NULL: the layer itself serves */
  gboolean      light;       /* the drawing is light on dark */
  gboolean      color;       /* the result is in color */
  gboolean      gets_alpha;  /* the result has alpha, and the layer none */
} P2pTarget;

void     p2p_target_free (P2pTarget *target);

/* What the layer of a target's result is called (newly allocated); title is the model's. */
char *   p2p_target_name (P2pTarget *target, const char *title);

/* Takes the layers' results (array of P2pTarget) into their image, as one undo step that also hides
 * hints (NULL: none) and leaves the drawables selected; or into *new_image.
 * Errors: P2P_ERROR_UNSUPPORTED when the user changed a layer meanwhile, or GIMP refused. */
gboolean p2p_write (GPtrArray *targets, GimpImage *image, GimpDrawable *hints,
                    P2pDestination output, const char *title, GCancellable *cancellable,
                    GimpImage **new_image, GError **error);

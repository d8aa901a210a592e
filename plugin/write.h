/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writes results into the layers, onto new layers, or into a new image. */

#pragma once

#include "translate.h"

/* A layer that is being translated, filled by translate.c.  Width, height, gray and area must still
 * be the same when the result is written. */
typedef struct
{
  GimpDrawable *drawable;
  int           width, height;
  gboolean      gray;
  P2pRect       area;        /* the bounds of the selected part */
  gboolean      filters;     /* it has live filters and is translated with them */

  P2pLayering   layering;    /* how the result is combined with the drawable in layers */
  GeglBuffer   *result;      /* all of the result, or the colors alone for a new layer with
                              * P2P_LAYERING_UNDER */
  GeglBuffer   *lines;       /* the cleaned drawing, to lie above the colors; NULL: none, the
                              * drawable itself is the layer of lines */
  gboolean      light;       /* the drawing is light on dark */
  gboolean      color;       /* the result is in color */
  gboolean      gets_alpha;  /* the result has alpha, and the layer has none */
} P2pTarget;

void     p2p_target_free (P2pTarget *target);

/* The name (newly allocated) for a layer with a target's result; title is the model's title. */
char *   p2p_target_name (P2pTarget *target, const char *title);

/* Writes the results of targets (P2pTarget) into their image as one undo step, which also hides the
 * layer hints (NULL: none) and selects the translated layers.  For P2P_NEW_IMAGE makes *new_image
 * instead and does not touch image.  title is the model's title.  Errors: P2P_ERROR_UNSUPPORTED
 * when the user has changed a layer meanwhile, or when GIMP refuses; G_IO_ERROR_CANCELLED.  If GIMP
 * refuses a step when others are done already, these stay as the undo step. */
gboolean p2p_write (GPtrArray *targets, GimpImage *image, GimpDrawable *hints,
                    P2pDestination output, const char *title, GCancellable *cancellable,
                    GimpImage **new_image, GError **error);

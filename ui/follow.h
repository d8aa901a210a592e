/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Follows the layer that is translated and the layer of color hints while the user paints on them:
 * reads both, then notices changes.  It runs on the main thread alone. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "worker.h"

typedef struct _P2pFollow P2pFollow;

typedef enum
{
  P2P_FOLLOW_ROWS,         /* more rows of the layer were read */
  P2P_FOLLOW_SETTLED,      /* reading has ended: a result can be computed, unless the layer is
                            * gone */
  P2P_FOLLOW_PAINTED,      /* pixels have changed, the layer or the hints were moved, or the hints
                            * are gone */
  P2P_FOLLOW_GONE,         /* the layer was deleted or has another size */
} P2pFollowEvent;

typedef void (* P2pFollowFunc) (P2pFollowEvent event, gpointer data);

/* Follows layer, which must outlive the result, and the layer in config's property "hints".  Calls
 * func on the main thread.  Reads nothing before p2p_follow_start (). */
P2pFollow * p2p_follow_new   (const P2pDialogLayer *layer, GimpProcedureConfig *config,
                              P2pFollowFunc func, gpointer data);
void        p2p_follow_free  (P2pFollow *follow);

/* Begins to read the layers, in idle time.  Calling it again does nothing. */
void        p2p_follow_start (P2pFollow *follow);

/* Checks whether the layers have changed since they were read, and reads the changed parts. */
void        p2p_follow_look  (P2pFollow *follow);

/* The layer's pixels, which follow owns.  p2p_follow_scale () is 1, or less when they are reduced
 * because the layer is very large or memory is short. */
P2pPixels * p2p_follow_pixels (P2pFollow *follow);
double      p2p_follow_scale  (P2pFollow *follow);

/* Whether the layer and the hints are read. */
gboolean    p2p_follow_is_read (P2pFollow *follow);

/* The factor by which pixels are reduced once more for a first, quick result; 1: not at all. */
int         p2p_follow_quick  (P2pFollow *follow);

/* Gives request the pixels and the hints, both reduced by factor, which is 1 or
 * p2p_follow_quick ().  hints is FALSE for a model that takes no hints; then request gets none.
 * request->pixels and request->hints stay NULL when there is no memory for them. */
void        p2p_follow_fill   (P2pFollow *follow, int factor, gboolean hints, P2pRequest *request);

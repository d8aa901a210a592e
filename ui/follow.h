/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Follows the layer that is translated and the layer of color hints, while the user paints on
 * them. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "worker.h"

typedef struct _P2pFollow P2pFollow;

typedef enum
{
  P2P_FOLLOW_ROWS,         /* more rows of the layer were read */
  P2P_FOLLOW_SETTLED,      /* all that was chosen is read: something can be computed */
  P2P_FOLLOW_PAINTED,      /* pixels are others now */
  P2P_FOLLOW_GONE,         /* the layer was deleted or has another size */
} P2pFollowEvent;

typedef void (* P2pFollowFunc) (P2pFollowEvent event, gpointer data);

/* The hints are config's "hints".  layer lives longer.  Nothing happens before it is started. */
P2pFollow * p2p_follow_new   (const P2pDialogLayer *layer, GimpProcedureConfig *config,
                              P2pFollowFunc func, gpointer data);
void        p2p_follow_free  (P2pFollow *follow);

/* Reads the layers; again it does nothing. */
void        p2p_follow_start (P2pFollow *follow);

/* Sees what has become of them since they were read. */
void        p2p_follow_look  (P2pFollow *follow);

/* The layer's pixels, reduced by scale where it is very large. */
P2pPixels * p2p_follow_pixels (P2pFollow *follow);
double      p2p_follow_scale  (P2pFollow *follow);
gboolean    p2p_follow_is_read (P2pFollow *follow);

/* By how much pixels are reduced once more for a first, quick result. */
int         p2p_follow_quick  (P2pFollow *follow);

/* Gives request the pixels and the hints, reduced by factor: 1 or p2p_follow_quick ().  hints:
 * whether the model takes some.  What there is no memory for stays NULL. */
void        p2p_follow_fill   (P2pFollow *follow, int factor, gboolean hints, P2pRequest *request);

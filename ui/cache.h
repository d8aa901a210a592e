/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the worker thread keeps: the models it opened and the results it found.  It belongs to that
 * thread alone. */

#pragma once

#include "pace.h"
#include "pixels.h"

typedef struct
{
  char     *id, *network;
  P2pModel *model;
  P2pPace   pace;     /* of its last run */
} P2pOpenModel;

/* What was computed for a request. */
typedef struct
{
  char         *key;
  P2pOpenModel *model;
  P2pPixels    *pixels;     /* that it was computed from */
  P2pImage     *image;      /* as the network took it */
  P2pComputed  *computed;   /* NULL, and image too: of a model for which chroma does not matter */
  double        chroma;     /* of result */
  P2pPixels    *result;     /* NULL: not mixed yet */
} P2pCacheEntry;

typedef struct
{
  GQueue models, entries;   /* the last used first */
} P2pCache;

/* Opens the model if need be, and then may close the one that was not used for longest. */
P2pOpenModel *  p2p_cache_model  (P2pCache *cache, const char *id, const char *network,
                                   GError **error);

/* NULL: there is none. */
P2pCacheEntry * p2p_cache_find   (P2pCache *cache, const char *key);

/* Takes key, image and computed. */
P2pCacheEntry * p2p_cache_add    (P2pCache *cache, char *key, P2pOpenModel *model,
                                  P2pPixels *pixels, P2pImage *image, P2pComputed *computed);

/* Drops the results that were not used for longest, while they take too much. */
void            p2p_cache_shrink (P2pCache *cache);

void            p2p_cache_clear  (P2pCache *cache);

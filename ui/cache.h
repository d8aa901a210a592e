/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the worker thread (worker.c) keeps between requests: open models and computed results.  Only
 * that thread may use the cache, so there is no lock. */

#pragma once

#include "pace.h"
#include "pixels.h"

/* An open model.  p2p_cache_model () fills it, and the worker updates pace. */
typedef struct
{
  char     *id, *network;
  P2pModel *model;
  P2pPace   pace;     /* how fast its last run was */
} P2pOpenModel;

/* What was computed for a request.  p2p_cache_add () fills it, except for chroma and result, which
 * the worker sets when it blends. */
typedef struct
{
  char         *key;        /* from p2p_request_key () */
  P2pOpenModel *model;
  P2pPixels    *pixels;     /* the pixels that it was computed from */
  P2pImage     *image;      /* the part of them that the network was given */
  P2pComputed  *computed;   /* to blend again with another chroma.  Where chroma has no effect,
                             * computed and image are NULL once there is a result */
  double        chroma;     /* with which result was blended */
  P2pPixels    *result;     /* NULL: not blended yet */
} P2pCacheEntry;

typedef struct
{
  GQueue models, entries;   /* P2pOpenModel, P2pCacheEntry; the most recently used first */
} P2pCache;

/* Returns a model, which the cache owns, and opens it if necessary.  id may be a path; network is
 * as for p2p_model_open ().  At most three models stay open: the least recently used one is closed,
 * and its results are dropped.  Errors: those of p2p_model_open (). */
P2pOpenModel *  p2p_cache_model  (P2pCache *cache, const char *id, const char *network,
                                   GError **error);

/* Returns the entry with that key, which the cache owns, or NULL when there is none. */
P2pCacheEntry * p2p_cache_find   (P2pCache *cache, const char *key);

/* Adds an entry and returns it; the cache owns it.  It takes ownership of key, image and computed,
 * and references to model and pixels. */
P2pCacheEntry * p2p_cache_add    (P2pCache *cache, char *key, P2pOpenModel *model,
                                  P2pPixels *pixels, P2pImage *image, P2pComputed *computed);

/* Goes from the most recently used result to the oldest, and drops each one that would take more
 * than 256 MiB together with those kept so far.  The most recently used one always stays. */
void            p2p_cache_shrink (P2pCache *cache);

void            p2p_cache_clear  (P2pCache *cache);

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cache.h"

#define MOST_BYTES  (256 << 20)
#define MOST_MODELS 3

static void
clear_model (gpointer data)
{
  P2pOpenModel *model = data;

  p2p_model_close (model->model);
  g_free (model->id);
  g_free (model->network);
}

static void
release_model (gpointer model)
{
  g_rc_box_release_full (model, clear_model);
}

static void
entry_free (gpointer data)
{
  P2pCacheEntry *entry = data;

  p2p_computed_free (entry->computed);
  p2p_image_free (entry->image);
  p2p_pixels_unref (entry->result);
  p2p_pixels_unref (entry->pixels);
  release_model (entry->model);
  g_free (entry->key);
  g_free (entry);
}

/* Estimates the memory of an entry: image, result and computed.  computed outlives the blending
 * only for models that give Lab colors alone, and then has two channels no larger than the
 * image. */
static gsize
entry_bytes (const P2pCacheEntry *entry)
{
  const P2pImage *image = entry->image;
  gsize           bytes = image ? (gsize) image->width * image->height * (image->channels + 2) *
                                  sizeof (float) : 0;

  return bytes + (entry->result ? (gsize) entry->result->width * entry->result->height * 4 : 0);
}

static void
drop_results_of (P2pCache     *cache,
                 P2pOpenModel *model)
{
  for (GList *link = cache->entries.head, *next; link; link = next)
    {
      P2pCacheEntry *entry = link->data;

      next = link->next;
      if (entry->model == model)
        {
          entry_free (entry);
          g_queue_delete_link (&cache->entries, link);
        }
    }
}

P2pOpenModel *
p2p_cache_model (P2pCache    *cache,
                 const char  *id,
                 const char  *network,
                 GError     **error)
{
  P2pOpenModel *model;
  P2pModel     *opened;

  for (GList *link = cache->models.head; link; link = link->next)
    {
      model = link->data;
      if (strcmp (model->id, id) != 0 || g_strcmp0 (model->network, network) != 0)
        continue;
      g_queue_unlink (&cache->models, link);
      g_queue_push_head_link (&cache->models, link);
      return model;
    }

  opened = p2p_model_open (id, network, error);
  if (! opened)
    return NULL;

  model = g_rc_box_new0 (P2pOpenModel);
  model->id      = g_strdup (id);
  model->network = g_strdup (network);
  model->model   = opened;
  g_queue_push_head (&cache->models, model);
  if (cache->models.length > MOST_MODELS)
    {
      P2pOpenModel *last = g_queue_pop_tail (&cache->models);

      drop_results_of (cache, last);
      release_model (last);
    }

  return model;
}

P2pCacheEntry *
p2p_cache_find (P2pCache   *cache,
                const char *key)
{
  for (GList *link = cache->entries.head; link; link = link->next)
    if (strcmp (((P2pCacheEntry *) link->data)->key, key) == 0)
      {
        g_queue_unlink (&cache->entries, link);
        g_queue_push_head_link (&cache->entries, link);
        return link->data;
      }

  return NULL;
}

P2pCacheEntry *
p2p_cache_add (P2pCache     *cache,
               char         *key,
               P2pOpenModel *model,
               P2pPixels    *pixels,
               P2pImage     *image,
               P2pComputed  *computed)
{
  P2pCacheEntry *entry = g_new0 (P2pCacheEntry, 1);

  entry->key      = key;
  entry->model    = g_rc_box_acquire (model);
  entry->pixels   = p2p_pixels_ref (pixels);
  entry->image    = image;
  entry->computed = computed;
  g_queue_push_head (&cache->entries, entry);

  return entry;
}

void
p2p_cache_shrink (P2pCache *cache)
{
  gsize bytes = 0;

  for (GList *link = cache->entries.head, *next; link; link = next)
    {
      next   = link->next;
      bytes += entry_bytes (link->data);
      if (bytes > MOST_BYTES && link != cache->entries.head)
        {
          bytes -= entry_bytes (link->data);
          entry_free (link->data);
          g_queue_delete_link (&cache->entries, link);
        }
    }
}

void
p2p_cache_clear (P2pCache *cache)
{
  g_queue_clear_full (&cache->entries, entry_free);
  g_queue_clear_full (&cache->models, release_model);
}

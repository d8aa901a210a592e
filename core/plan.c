/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lays out the arena.  Buffers whose lifetimes do not meet share memory; the largest are placed
 * first, each at the lowest place that is free for its whole life. */

#include "plan.h"

typedef struct
{
  gsize  size;          /* bytes, padded and guarded */
  int    first, last;   /* indices of the nodes between which it lives */
  gsize *offset;        /* where the plan puts it */
} Buffer;

static gsize
padded (gsize n_elements)
{
  gsize size = n_elements * sizeof (p2p_real) + P2P_GUARD;

  return (size + P2P_ALIGN - 1) / P2P_ALIGN * P2P_ALIGN;
}

gsize
p2p_plan_thread_scratch_offset (const P2pNode *node,
                                int            worker)
{
  return node->scratch_offset + (node->scratch_size ? padded (node->scratch_size) : 0)
         + worker * padded (node->thread_scratch_size);
}

static void
find_last_uses (P2pGraph *graph)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      node->last_use = node->is_output ? (int) graph->nodes->len : node->index;
      for (int j = 0; j < P2P_MAX_INPUTS; j++)
        if (node->inputs[j])
          node->inputs[j]->last_use = MAX (node->inputs[j]->last_use, node->index);
    }
}

/* Lets ops write over their first input where nobody reads that again; the value then lives as
 * long as the last that took its place. */
static void
share_storage (P2pGraph *graph)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);
      P2pNode *storage = node->inputs[0] ? node->inputs[0]->storage : NULL;

      node->storage = node;
      if (node->op && (node->op->flags & P2P_MAY_OVERWRITE) && ! storage->param
          && storage->last_use == node->index && p2p_node_size (storage) == p2p_node_size (node))
        {
          node->storage = storage;
          storage->last_use = node->last_use;
        }
    }
}

static GArray *
collect_buffers (P2pGraph *graph)
{
  GArray *buffers = g_array_new (FALSE, FALSE, sizeof (Buffer));

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);
      gsize    scratch;

      if (node->storage == node && ! node->param)
        {
          /* Inputs are filled before the first node runs. */
          Buffer value = { padded (p2p_node_size (node)), node->op ? node->index : 0,
                           node->last_use, &node->x_offset };

          g_array_append_val (buffers, value);
        }
      if (node->saved_size)
        {
          Buffer saved = { padded (node->saved_size), node->index, node->index,
                           &node->saved_offset };

          g_array_append_val (buffers, saved);
        }
      scratch = node->scratch_size ? padded (node->scratch_size) : 0;
      if (node->thread_scratch_size)
        scratch += p2p_parallel_n_threads (graph->parallel) * padded (node->thread_scratch_size);
      if (scratch)
        {
          Buffer all = { scratch, node->index, node->index, &node->scratch_offset };

          g_array_append_val (buffers, all);
        }
    }

  return buffers;
}

static int
larger_first (gconstpointer a,
              gconstpointer b)
{
  const Buffer *x = a, *y = b;

  if (x->size != y->size)
    return x->size < y->size ? 1 : -1;
  return x->first - y->first;
}

/* The lowest offset at which a buffer meets none of those placed that live at the same time. */
static gsize
find_place (const Buffer *buffer,
            const Buffer *placed,
            guint         n_placed)
{
  gsize    offset = 0;
  gboolean moved;

  do
    {
      moved = FALSE;
      for (guint i = 0; i < n_placed; i++)
        {
          const Buffer *other = &placed[i];

          if (other->last < buffer->first || other->first > buffer->last)
            continue;
          if (offset < *other->offset + other->size && *other->offset < offset + buffer->size)
            {
              offset = *other->offset + other->size;
              moved = TRUE;
            }
        }
    }
  while (moved);

  return offset;
}

void
p2p_plan_arena (P2pGraph *graph)
{
  g_autoptr (GArray) buffers = NULL;

  find_last_uses (graph);
  share_storage (graph);

  buffers = collect_buffers (graph);
  g_array_sort (buffers, larger_first);
  graph->arena_size = 0;
  for (guint i = 0; i < buffers->len; i++)
    {
      Buffer *buffer = &g_array_index (buffers, Buffer, i);

      *buffer->offset = find_place (buffer, (Buffer *) buffers->data, i);
      graph->arena_size = MAX (graph->arena_size, *buffer->offset + buffer->size);
    }
}

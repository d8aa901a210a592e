/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lays out the arena.  Buffers whose lifetimes do not overlap may share memory.  The largest
 * buffers are placed first, each at the lowest offset that is free for its whole lifetime.
 *
 * Lifetimes are counted in moments.  In a graph of N nodes, node i runs forward at moment i and
 * backward at moment 2N − i.  Between the two, at moment N, the caller seeds the gradients of the
 * outputs.  At moment 2N + 1 the caller reads the results.  With N = 3:
 *
 *   moment    0  1  2      3       4  5  6       7
 *   node      0  1  2              2  1  0
 *             forward     seed     backward     read
 */

#include "arena.h"

typedef struct
{
  gsize  size;          /* bytes, with the guard and the padding to a multiple of P2P_ALIGN */
  int    first, last;   /* the moments at which its lifetime begins and ends */
  gsize *offset;        /* the plan writes the buffer's offset in the arena here, in bytes */
} Buffer;

static gsize
padded (gsize n_elements)
{
  gsize size = n_elements * sizeof (p2p_real) + P2P_GUARD;

  return (size + P2P_ALIGN - 1) / P2P_ALIGN * P2P_ALIGN;
}

/* The bytes of a scratch buffer: first size elements that all threads share, then thread_size
 * elements for each of n_threads threads. */
static gsize
scratch_bytes (gsize size,
               gsize thread_size,
               int   n_threads)
{
  return (size ? padded (size) : 0) + (thread_size ? n_threads * padded (thread_size) : 0);
}

/* The moment at which a node runs backward. */
static int
backward_moment (const P2pNode *node)
{
  return 2 * (int) node->graph->nodes->len - node->index;
}

/* The moment at which the gradients of outputs are seeded. */
static int
seed_moment (const P2pGraph *graph)
{
  return graph->nodes->len;
}

static int
last_moment (const P2pGraph *graph)
{
  return 2 * graph->nodes->len + 1;
}

static gboolean
has_gradient (const P2pNode *node)
{
  return (node->depends & node->graph->options.gradients) != 0;
}

static void
find_last_uses (P2pGraph *graph)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);
      guint    flags = node->op ? node->op->flags : 0;
      int      reads_inputs = node->index;

      node->last_use = node->index;
      if (has_gradient (node) && (flags & P2P_BACKWARD_READS_OUTPUT))
        node->last_use = backward_moment (node);
      if (node->is_output)
        node->last_use = last_moment (graph);

      if (has_gradient (node) && (flags & P2P_BACKWARD_READS_INPUTS))
        reads_inputs = backward_moment (node);
      for (int j = 0; j < P2P_MAX_INPUTS; j++)
        if (node->inputs[j])
          node->inputs[j]->last_use = MAX (node->inputs[j]->last_use, reads_inputs);
    }
}

/* Lets ops write their result over their first input when nobody reads that input again.  Several
 * values may follow each other in one buffer this way; the buffer then lives until the last use of
 * the last of them. */
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

static void
add_buffer (GArray *buffers,
            gsize   bytes,
            int     first,
            int     last,
            gsize  *offset)
{
  Buffer buffer = { bytes, first, last, offset };

  if (bytes)
    g_array_append_val (buffers, buffer);
}

static void
add_values (P2pGraph *graph,
            GArray   *buffers)
{
  int n_threads = p2p_parallel_n_threads (graph->parallel);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);
      int      backward = backward_moment (node);

      /* Inputs are filled before the first node runs. */
      if (node->storage == node && ! node->param)
        add_buffer (buffers, padded (p2p_node_size (node)), node->op ? node->index : 0,
                    node->last_use, &node->x_offset);
      if (node->saved_size)
        add_buffer (buffers, padded (node->saved_size), node->index,
                    has_gradient (node) ? backward : node->index, &node->saved_offset);
      add_buffer (buffers,
                  scratch_bytes (node->scratch_size, node->thread_scratch_size, n_threads),
                  node->index, node->index, &node->scratch_offset);
      if (has_gradient (node))
        add_buffer (buffers, scratch_bytes (node->backward_scratch_size,
                                            node->backward_thread_scratch_size, n_threads),
                    backward, backward, &node->backward_scratch_offset);
    }
}

/* The gradient of a value lives from the first op that adds to the gradient until the op that made
 * the value has run backward.  As backward runs in the reverse order, the first op that adds to the
 * gradient is the last op that read the value.  Two kinds of values differ: the gradient of an
 * output already lives when the caller seeds it, and the gradient of a graph's input lives until
 * the caller reads it.
 *
 * An op with P2P_GRADIENT_IN_PLACE writes the gradient of its first input over the gradient of its
 * result, when it is the first op that adds to the input's gradient. */
static void
add_gradients (P2pGraph *graph,
               GArray   *buffers)
{
  g_autofree Buffer *lives = g_new0 (Buffer, graph->nodes->len);

  for (guint i = graph->nodes->len; i-- > 0;)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);
      int      last = node->op ? backward_moment (node) : last_moment (graph);
      Buffer  *life;

      if (! has_gradient (node) || node->param)
        continue;
      if (! node->g_storage)
        {
          node->g_storage = node;
          lives[i].first = node->is_output ? seed_moment (graph) : backward_moment (node);
        }
      life = &lives[node->g_storage->index];
      life->last = MAX (life->last, last);

      for (int j = 0; j < P2P_MAX_INPUTS; j++)
        {
          P2pNode *input = node->inputs[j];

          if (! input || ! has_gradient (input) || input->param || input->g_storage)
            continue;
          if (j == 0 && node->op->flags & P2P_GRADIENT_IN_PLACE && ! input->is_output
              && p2p_node_size (input) == p2p_node_size (node))
            input->g_storage = node->g_storage;
          else
            {
              input->g_storage = input;
              lives[input->index].first = input->is_output ? seed_moment (graph)
                                                           : backward_moment (node);
            }
        }
    }

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (node->g_storage == node)
        add_buffer (buffers, padded (p2p_node_size (node)), lives[i].first, lives[i].last,
                    &node->g_offset);
    }
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

/* Finds the lowest offset at which the buffer does not overlap any placed buffer that lives at the
 * same time. */
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
p2p_arena_plan (P2pGraph *graph)
{
  g_autoptr (GArray) buffers = g_array_new (FALSE, FALSE, sizeof (Buffer));

  find_last_uses (graph);
  share_storage (graph);

  add_values (graph, buffers);
  add_gradients (graph, buffers);
  g_array_sort (buffers, larger_first);
  graph->arena_size = 0;
  for (guint i = 0; i < buffers->len; i++)
    {
      Buffer *buffer = &g_array_index (buffers, Buffer, i);

      *buffer->offset = find_place (buffer, (Buffer *) buffers->data, i);
      graph->arena_size = MAX (graph->arena_size, *buffer->offset + buffer->size);
    }
}

/* ---- Scratch ---------------------------------------------------------------------------- */

p2p_real *
p2p_node_scratch (P2pNode *node)
{
  return (p2p_real *) (node->graph->arena + node->scratch_offset);
}

p2p_real *
p2p_node_thread_scratch (P2pNode *node,
                         int      worker)
{
  return (p2p_real *) (node->graph->arena + node->scratch_offset
                       + scratch_bytes (node->scratch_size, node->thread_scratch_size, worker));
}

p2p_real *
p2p_node_backward_scratch (P2pNode *node)
{
  return (p2p_real *) (node->graph->arena + node->backward_scratch_offset);
}

p2p_real *
p2p_node_backward_thread_scratch (P2pNode *node,
                                  int      worker)
{
  return (p2p_real *) (node->graph->arena + node->backward_scratch_offset
                       + scratch_bytes (node->backward_scratch_size,
                                        node->backward_thread_scratch_size, worker));
}

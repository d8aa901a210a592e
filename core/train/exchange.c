/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "exchange.h"

#define SLOTS 3    /* buckets at a time: one is sent, one is added, one is gathered */

/* A bucket on its way.  Sizes are in bytes. */
typedef struct
{
  gsize     at, n;                            /* its elements */
  gsize    *slices, *out_sizes, *in_sizes;    /* [ranks] */
  char     *out, *in;                         /* values as they travel */
  p2p_real *values;                           /* those of in */
  gpointer  operation;                        /* of the ranks */
} Slot;

struct _P2pExchange
{
  const P2pParts *parts;
  p2p_real       *gradient;
  gsize           n;                          /* elements */
  P2pTreeNode     nodes[P2P_TREE_NODES];      /* of this rank, with values */
  int             n_nodes;
  P2pTreeNode    *all_nodes;                  /* memory for those of all ranks */
  Slot            slots[SLOTS];

  int             n_buckets;
  int            *order;                      /* [n_buckets]; NULL: from the first to the last */
  GThread        *thread;
  GMutex          mutex;
  GCond           more;                       /* are ready */
  int             n_ready;                    /* buckets of the order that are complete */
};

/* Bytes of a value that travels. */
static gsize
width (const P2pExchange *x)
{
  return x->parts->half ? sizeof (guint16) : sizeof (p2p_real);
}

static void
write_values (const P2pExchange *x,
              gpointer           to,
              const p2p_real    *values,
              gsize              n)
{
  if (x->parts->half)
    p2p_tree_narrow (to, values, n);
  else
    memcpy (to, values, n * sizeof *values);
}

/* Where a rank's slice of n elements begins. */
static gsize
slice_start (const P2pRanks *ranks,
             gsize           n,
             int             rank)
{
  return n * rank / ranks->n;
}

/* The elements of this rank's slice of a bucket. */
static gsize
my_length (const P2pExchange *x,
           const Slot        *slot)
{
  const P2pRanks *ranks = x->parts->ranks;

  return slice_start (ranks, slot->n, ranks->rank + 1) - slice_start (ranks, slot->n, ranks->rank);
}

/* Sets nodes to those that a rank's parts add up to, and returns their number. */
static int
nodes_of (const P2pExchange *x,
          int                rank,
          P2pTreeNode       *nodes)
{
  int first, end, most;

  p2p_parts_range (x->parts->n, x->parts->ranks, rank, &first, &end);
  return p2p_tree_plan (x->parts->n, first, end, FALSE, nodes, &most);
}

static const p2p_real *
values_of (const P2pExchange *x,
           const P2pTreeNode *node)
{
  int i = 0;

  while (x->nodes[i].level != node->level || x->nodes[i].index != node->index)
    i++;
  g_assert (i < x->n_nodes);
  return x->nodes[i].values;
}

/* ---- One bucket ------------------------------------------------------------------------- */

/* Fills out with the slices of this rank's nodes for each rank, and the sizes. */
static void
pack (const P2pExchange *x,
      Slot              *slot)
{
  const P2pRanks *ranks = x->parts->ranks;
  char           *out = slot->out;

  for (int r = 0; r < ranks->n; r++)
    {
      const gsize start = slice_start (ranks, slot->n, r);
      const gsize length = slice_start (ranks, slot->n, r + 1) - start;
      P2pTreeNode nodes[P2P_TREE_NODES];

      slot->in_sizes[r] = nodes_of (x, r, nodes) * my_length (x, slot) * width (x);
      slot->slices[r] = length * width (x);
      slot->out_sizes[r] = x->n_nodes * slot->slices[r];

      nodes_of (x, ranks->rank, nodes);
      for (int i = 0; i < x->n_nodes; i++, out += slot->slices[r])
        write_values (x, out, values_of (x, &nodes[i]) + slot->at + start, length);
    }
}

static void
send_bucket (P2pExchange *x,
             Slot        *slot,
             int          bucket)
{
  const P2pRanks *ranks = x->parts->ranks;

  slot->at = bucket * (gsize) P2P_BUCKET;
  slot->n = MIN (P2P_BUCKET, x->n - slot->at);
  pack (x, slot);
  slot->operation = ranks->exchange (ranks, slot->out, slot->out_sizes, slot->in, slot->in_sizes);
}

/* Adds the tree in this rank's slice, and returns it. */
static p2p_real *
add_slice (P2pExchange *x,
           Slot        *slot)
{
  const gsize  length = my_length (x, slot);
  p2p_real    *values = slot->values;
  int          n = 0;

  for (int r = 0; r < x->parts->ranks->n; r++)
    {
      P2pTreeNode nodes[P2P_TREE_NODES];
      const int   n_nodes = nodes_of (x, r, nodes);

      for (int i = 0; i < n_nodes; i++, values += length)
        {
          if (x->parts->half)
            p2p_tree_widen (values, (guint16 *) slot->in + (values - slot->values), length);
          x->all_nodes[n++] = (P2pTreeNode) { nodes[i].level, nodes[i].index, values };
          while (p2p_tree_join (x->parts->n, x->all_nodes, &n))
            p2p_tree_add (x->all_nodes[n - 1].values, x->all_nodes[n].values, length,
                          x->parts->half);
        }
    }
  g_assert (n == 1);
  return x->all_nodes[0].values;
}

/* Where the sums of a bucket arrive. */
static char *
arrival (const P2pExchange *x,
         const Slot        *slot)
{
  return x->parts->half ? slot->out : (char *) (x->gradient + slot->at);
}

static void
add_bucket (P2pExchange *x,
            Slot        *slot)
{
  const P2pRanks *ranks = x->parts->ranks;
  char           *all = arrival (x, slot);

  ranks->wait (ranks, slot->operation);
  write_values (x, all + slice_start (ranks, slot->n, ranks->rank) * width (x),
                add_slice (x, slot), my_length (x, slot));
  slot->operation = ranks->gather (ranks, all, slot->slices);
}

static void
end_bucket (P2pExchange *x,
            Slot        *slot)
{
  x->parts->ranks->wait (x->parts->ranks, slot->operation);
  if (x->parts->half)
    p2p_tree_widen (x->gradient + slot->at, (guint16 *) slot->out, slot->n);
}

/* ---- All buckets ------------------------------------------------------------------------ */

P2pExchange *
p2p_exchange_new (const P2pParts    *parts,
                  p2p_real          *gradient,
                  gsize              n,
                  const P2pTreeNode *nodes,
                  int                n_nodes)
{
  P2pExchange *x = g_new0 (P2pExchange, 1);
  P2pTreeNode  theirs[P2P_TREE_NODES];
  int          n_all = 0;
  gsize        most_in;    /* elements */

  x->parts = parts;
  x->gradient = gradient;
  x->n = n;
  memcpy (x->nodes, nodes, n_nodes * sizeof *nodes);
  x->n_nodes = n_nodes;
  x->n_buckets = (n + P2P_BUCKET - 1) / P2P_BUCKET;
  g_mutex_init (&x->mutex);
  g_cond_init (&x->more);

  for (int r = 0; r < parts->ranks->n; r++)
    n_all += nodes_of (x, r, theirs);
  x->all_nodes = g_new (P2pTreeNode, n_all);
  most_in = n_all * (gsize) (P2P_BUCKET / parts->ranks->n + 1);
  for (int i = 0; i < SLOTS; i++)
    {
      Slot *slot = &x->slots[i];

      slot->slices = g_new (gsize, 3 * parts->ranks->n);
      slot->out_sizes = slot->slices + parts->ranks->n;
      slot->in_sizes = slot->out_sizes + parts->ranks->n;
      slot->out = g_malloc (n_nodes * (gsize) P2P_BUCKET * width (x));
      slot->in = g_malloc (most_in * width (x));
      slot->values = parts->half ? g_new (p2p_real, most_in) : (p2p_real *) slot->in;
    }
  return x;
}

void
p2p_exchange_free (P2pExchange *x)
{
  if (! x)
    return;
  for (int i = 0; i < SLOTS; i++)
    {
      g_free (x->slots[i].slices);
      g_free (x->slots[i].out);
      g_free (x->slots[i].in);
      if (x->parts->half)
        g_free (x->slots[i].values);
    }
  g_mutex_clear (&x->mutex);
  g_cond_clear (&x->more);
  g_free (x->all_nodes);
  g_free (x->order);
  g_free (x);
}

int
p2p_exchange_length (const P2pExchange *x)
{
  return x->n_buckets;
}

/* Waits until bucket i of the order is complete, and returns which one it is. */
static int
wait_for_bucket (P2pExchange *x,
                 int          i)
{
  if (! x->order)
    return i;
  g_mutex_lock (&x->mutex);
  while (x->n_ready <= i)
    g_cond_wait (&x->more, &x->mutex);
  g_mutex_unlock (&x->mutex);
  return x->order[i];
}

/* The calls of ranks have the same order on all ranks, whenever a bucket is complete. */
void
p2p_exchange_run (P2pExchange *x)
{
  const int n = x->n_buckets;

  for (int i = 0; i < n + 2; i++)
    {
      if (i < n)
        send_bucket (x, &x->slots[i % SLOTS], wait_for_bucket (x, i));
      if (i >= 1 && i - 1 < n)
        add_bucket (x, &x->slots[(i - 1) % SLOTS]);
      if (i >= 2)
        end_bucket (x, &x->slots[(i - 2) % SLOTS]);
    }
}

static gpointer
run_thread (gpointer data)
{
  p2p_exchange_run (data);
  return NULL;
}

void
p2p_exchange_begin (P2pExchange *x,
                    const int   *order)
{
  x->order = g_memdup2 (order, x->n_buckets * sizeof *order);
  x->thread = g_thread_new ("exchange", run_thread, x);
}

void
p2p_exchange_ready (P2pExchange *x,
                    int          n)
{
  g_mutex_lock (&x->mutex);
  x->n_ready = n;
  g_cond_signal (&x->more);
  g_mutex_unlock (&x->mutex);
}

void
p2p_exchange_end (P2pExchange *x)
{
  p2p_exchange_ready (x, x->n_buckets);
  g_thread_join (x->thread);
}

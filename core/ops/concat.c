/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Concatenates the channels of two values: a [n,h,w,ca], b [n,h,w,cb] → [n,h,w,ca+cb]. */

#include <string.h>

#include "base/intl.h"
#include "ops.h"
#include "p2p.h"

#define CHUNK 1024    /* pixels */

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const P2pNode *a = node->inputs[0], *b = node->inputs[1];

  if (a->n != b->n || a->h != b->h || a->w != b->w)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Values of %d×%d and %d×%d pixels cannot be joined"), a->w, a->h, b->w, b->h);
      return FALSE;
    }
  node->n = a->n;
  node->h = a->h;
  node->w = a->w;
  node->c = a->c + b->c;
  return TRUE;
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode       *node = data;
  const P2pNode *a = node->inputs[0], *b = node->inputs[1];
  gsize          end = MIN ((chunk + (gsize) 1) * CHUNK, (gsize) node->n * node->h * node->w);

  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    {
      memcpy (node->x + i * node->c, a->x + i * a->c, a->c * sizeof (p2p_real));
      memcpy (node->x + i * node->c + a->c, b->x + i * b->c, b->c * sizeof (p2p_real));
    }
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  gsize n_pixels = (gsize) node->n * node->h * node->w;

  p2p_parallel_for (graph->parallel, (n_pixels + CHUNK - 1) / CHUNK, forward_chunk, node);
}

typedef struct
{
  const P2pNode *node;
  P2pNode       *input;
  int            first;    /* channel of the result with which the input begins */
  gboolean       empty;    /* set the input's gradient instead of adding to it */
} Backward;

static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  int             c = run->input->c;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, (gsize) node->n * node->h * node->w);

  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    {
      const p2p_real *dy = node->g + i * node->c + run->first;
      p2p_real       *dx = run->input->g + i * c;

      if (run->empty)
        memcpy (dx, dy, c * sizeof (p2p_real));
      else
        for (int k = 0; k < c; k++)
          dx[k] += dy[k];
    }
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  gsize n_pixels = (gsize) node->n * node->h * node->w;

  for (int i = 0; i < 2; i++)
    {
      Backward run = { node, node->inputs[i], i == 0 ? 0 : node->inputs[0]->c };

      if (! run.input->g)
        continue;
      run.empty = p2p_gradient_is_empty (run.input);
      p2p_parallel_for (graph->parallel, (n_pixels + CHUNK - 1) / CHUNK, backward_chunk, &run);
    }
}

static const P2pOp concat_op = { "concat", 0, infer, forward, backward };

P2pNode *
p2p_concat (P2pNode *a,
            P2pNode *b)
{
  if (! a || ! b)
    return NULL;
  return p2p_append ((P2pAt) { a->graph, b->scope }, &concat_op, (P2pNode *[]) { a, b }, 2, 2,
                     NULL, 0);
}

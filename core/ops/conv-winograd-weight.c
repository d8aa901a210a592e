/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The gradient of a convolution's weight in Winograd form (winograd.h).
 *
 * P, Q and the weight [q,p,k,k] are as in conv-backward.c, so that convolutions and transposed
 * convolutions need no different code.  d are the pixels of P that a tile of Q sees, g are the taps
 * and dq is the tile's gradient.  The tile is the sum of
 *
 *   Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
 *
 * over the channels of P.  So the gradient of g is the following, with the sum over all tiles:
 *
 *   Gᵀ [Σ (A dq Aᵀ) ⊙ (Bᵀ d B)] G
 *
 * The sum is computed as a² matrix products [q, tiles] × [tiles, s² · p], because P has s² phases
 * with stride s: 1 phase with stride 1, and 2 · 2 phases with stride 2 (conv-winograd.c). */

#include <string.h>

#include "conv.h"
#include "packed.h"
#include "transpose.h"
#include "winograd.h"

#define LEAST_TILES 64     /* fewer tiles do not make up for the transforms of the weight */
#define ROWS        128    /* channels of Q in a product */
#define APART       16     /* elements of a gap: rows a power of 2 apart would share cache sets */

typedef struct
{
  P2pNode        *node;
  const P2pNode  *p, *q;
  const p2p_real *p_values, *q_values;
  gboolean        empty;                 /* set the gradient instead of adding to it */
  P2pWinograd     kind;
  int             m, r, a, phases;       /* phases of P on one axis */
  int             across, down, tiles;   /* of one image on each axis; of the whole batch */
  int             columns;               /* phases · phases · channels of P */
  gsize           v_pitch, w_pitch;      /* elements from one tile in v or w to the next */
  p2p_real       *v, *w;                 /* transformed tiles of P and of Q: [a², tiles, pitch] */
  p2p_real       *products;              /* [a², q, columns] */
} Weight;

static void
find_form (P2pNode *node,
           Weight  *run)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  const P2pNode     *x = node->inputs[P2P_CONV_X];

  *run = (Weight) { node, attr->transposed ? node : x, attr->transposed ? x : node };
  run->kind = p2p_conv_winograd_kind (node);
  run->m = p2p_winograd_m (run->kind);
  run->r = p2p_winograd_r (run->kind);
  run->a = run->m + run->r - 1;
  run->phases = attr->s;
  run->across = (run->q->w + run->m - 1) / run->m;
  run->down = (run->q->h + run->m - 1) / run->m;
  run->tiles = run->q->n * run->across * run->down;
  run->columns = run->phases * run->phases * run->p->c;
  run->v_pitch = run->columns + APART;
  run->w_pitch = run->q->c + APART;
}

static gsize
scratch_size (P2pNode *node)
{
  Weight run;

  if (! p2p_conv_winograd_shape (node))
    return 0;
  find_form (node, &run);
  if (run.tiles < LEAST_TILES)
    return 0;
  return (gsize) run.a * run.a * (run.tiles * (run.v_pitch + run.w_pitch)
                                  + (gsize) run.q->c * run.columns);
}

static const p2p_real zeros[P2P_WINOGRAD_LANES];

/* Points element i of a tile to a pixel of a picture, or to zeros when the pixel lies outside. */
static void
set_element (P2pWinogradTile *tile,
             int              i,
             const P2pNode   *picture,
             const p2p_real  *values,
             int              image,
             int              y,
             int              x)
{
  tile->step[i] = y >= 0 && y < picture->h && x >= 0 && x < picture->w;
  tile->at[i] = (p2p_real *) (tile->step[i]
                              ? values + (((gsize) image * picture->h + y) * picture->w + x)
                                         * picture->c
                              : zeros);
}

static void
transform_tile (int      tile,
                int      worker,
                gpointer data)
{
  const Weight   *run = data;
  int             pad = p2p_conv_attr (run->node)->p, s = run->phases;
  int             image = tile / (run->across * run->down);
  int             top = tile / run->across % run->down * run->m;
  int             left = tile % run->across * run->m;
  P2pWinogradTile from;

  for (int phase = 0; phase < s * s; phase++)
    {
      for (int i = 0; i < run->a * run->a; i++)
        set_element (&from, i, run->p, run->p_values, image,
                     (top + i / run->a) * s + phase / s - pad,
                     (left + i % run->a) * s + phase % s - pad);
      p2p_winograd_input (run->kind, &from, run->p->c,
                          run->v + tile * run->v_pitch + phase * run->p->c,
                          run->tiles * run->v_pitch);
    }

  for (int i = 0; i < run->m * run->m; i++)
    set_element (&from, i, run->q, run->q_values, image, top + i / run->m, left + i % run->m);
  p2p_winograd_gradient (run->kind, &from, run->q->c, run->w + tile * run->w_pitch,
                         run->tiles * run->w_pitch);
}

static void
multiply_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Weight *run = data;
  int           splits = (run->q->c + ROWS - 1) / ROWS;
  gsize         e = chunk / splits;
  int           q = chunk % splits * ROWS, n = MIN (ROWS, run->q->c - q);

  p2p_outer_products (n, run->columns, run->tiles, run->w + e * run->tiles * run->w_pitch + q,
                      run->w_pitch, run->v + e * run->tiles * run->v_pitch, run->v_pitch, FALSE,
                      run->products + (e * run->q->c + q) * run->columns, run->columns);
}

/* Computes the gradients of the taps that belong to one channel of Q. */
static void
taps_chunk (int      q,
            int      worker,
            gpointer data)
{
  const Weight *run = data;
  int           k = p2p_conv_attr (run->node)->k, kk = k * k, s = run->phases;
  p2p_real     *gradient = run->node->inputs[P2P_CONV_WEIGHT]->g + (gsize) q * run->p->c * kk;
  p2p_real      taps[16 * P2P_WINOGRAD_LANES], lanes[16 * P2P_WINOGRAD_LANES];

  for (int p = 0; p < run->p->c; p += P2P_WINOGRAD_LANES)
    {
      for (int phase = 0; phase < s * s; phase++)
        {
          p2p_winograd_taps (run->kind,
                             run->products + (gsize) q * run->columns + phase * run->p->c + p,
                             (gsize) run->q->c * run->columns, taps);
          for (int t = 0; t < run->r * run->r; t++)
            memcpy (lanes + ((t / run->r * s + phase / s) * k + t % run->r * s + phase % s)
                            * P2P_WINOGRAD_LANES,
                    taps + t * P2P_WINOGRAD_LANES, P2P_WINOGRAD_LANES * sizeof (p2p_real));
        }
      p2p_transpose (lanes, P2P_WINOGRAD_LANES, kk, P2P_WINOGRAD_LANES, ! run->empty,
                     gradient + (gsize) p * kk, kk);
    }
}

static void
add (P2pNode  *node,
     p2p_real *scratch)
{
  P2pNode     *x = node->inputs[P2P_CONV_X];
  P2pParallel *parallel = node->graph->parallel;
  Weight       run;
  gsize        a2;

  find_form (node, &run);
  a2 = run.a * run.a;
  run.p_values = run.p == x ? x->x : node->g;
  run.q_values = run.q == x ? x->x : node->g;
  run.v = scratch;
  run.w = run.v + a2 * run.tiles * run.v_pitch;
  run.products = run.w + a2 * run.tiles * run.w_pitch;
  run.empty = p2p_gradient_is_empty (node->inputs[P2P_CONV_WEIGHT]);

  p2p_parallel_for (parallel, run.tiles, transform_tile, &run);
  p2p_parallel_for (parallel, a2 * ((run.q->c + ROWS - 1) / ROWS), multiply_chunk, &run);
  p2p_parallel_for (parallel, run.q->c, taps_chunk, &run);
}

const P2pConvWeight p2p_conv_weight_winograd = { scratch_size, add };

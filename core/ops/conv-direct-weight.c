/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Prepares the weight of a direct convolution: a packed matrix (packed.c) for each phase, with the
 * rows [vertical tap][horizontal tap][c] and the columns [out].  Large weights that the model's
 * file holds as halves (binary16) stay halves, because reading them from memory limits the
 * speed. */

#include <string.h>

#include "conv-direct-weight.h"
#include "conv.h"

/* Elements from which a weight is too large to stay in the cache until the next forward. */
#define LARGE_WEIGHT (1 << 20)

/* Whether the prepared weight holds halves.  Depends on the weight only, because graphs of all
 * sizes share one packed form of it. */
static gboolean
has_halves (const P2pNode *node)
{
  const P2pParam *param = node->inputs[P2P_CONV_WEIGHT]->param;

  return p2p_packed_takes_halves () && param && param->source && param->dtype == P2P_F16
         && param->n >= LARGE_WEIGHT;
}

/* Elements of the prepared weight that come before the matrix of a phase. */
static gsize
phase_start (const P2pNode *node,
             int            phase)
{
  int   n_phases = p2p_conv_n_phases (node);
  gsize start = 0;

  for (int i = 0; i < phase; i++)
    {
      P2pTaps taps_y, taps_x;

      p2p_conv_taps (node, i / n_phases, &taps_y);
      p2p_conv_taps (node, i % n_phases, &taps_x);
      start += p2p_packed_size (taps_y.n * taps_x.n * node->inputs[P2P_CONV_X]->c, node->c);
    }
  return start;
}

static gsize
element_bytes (const P2pNode *node)
{
  return has_halves (node) ? sizeof (guint16) : sizeof (p2p_real);
}

gsize
p2p_direct_prepared_size (const P2pNode *node)
{
  int n_phases = p2p_conv_n_phases (node);

  return phase_start (node, n_phases * n_phases) * element_bytes (node) / sizeof (p2p_real);
}

#define PREPARE_IN  8     /* input channels of a chunk */
#define PREPARE_OUT 16    /* output channels that a chunk reads at a time */

/* Where one tap of the kernel goes: into the packed matrix of its phase. */
typedef struct
{
  gsize part;      /* the element of the prepared weight at which this matrix begins */
  int   k, row;    /* the number of rows in this matrix; the first of the tap's c rows there */
} Place;

typedef struct
{
  P2pNode *node;
  guint8  *prepared;
  Place    place[P2P_MAX_KERNEL * P2P_MAX_KERNEL];
} Prepare;

/* Copies one tap of the kernels [n_out][n_in][k,k] into its rows of the packed matrix, and fills
 * the last panel behind the last column with zeros.  size is the bytes of an element, a constant
 * where this function is inlined. */
static inline __attribute__ ((always_inline)) void
put_tap (const Prepare *prepare,
         int            tap,
         int            in,
         int            n_in,
         int            out,
         int            n_out,
         const guint8  *kernels,
         const gsize    size)
{
  const P2pNode *node = prepare->node;
  const Place   *place = &prepare->place[tap];
  int            width = p2p_packed_width (node->c), run = MIN (width, PREPARE_OUT);
  int            kk = p2p_conv_attr (node)->k * p2p_conv_attr (node)->k;
  int            end = out + n_out == node->c ? (node->c + width - 1) / width * width : out + n_out;

  for (int first = out; first < end; first += run)
    {
      guint8 *to = prepare->prepared + size * (place->part
                   + p2p_packed_place (width, place->k, place->row + in, first));
      int     n = MIN (run, end - first), n_filled = CLAMP (node->c - first, 0, n);

      for (int i = 0; i < n_in; i++, to += width * size)
        {
          const guint8 *from = kernels + size * (((first - out) * n_in + i) * kk + tap);

          for (int o = 0; o < n_filled; o++)
            memcpy (to + o * size, from + o * n_in * kk * size, size);
          memset (to + n_filled * size, 0, (n - n_filled) * size);
        }
    }
}

static void
prepare_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  const Prepare *run = data;
  const P2pNode *node = run->node;
  int            c = node->inputs[P2P_CONV_X]->c;
  int            kk = p2p_conv_attr (node)->k * p2p_conv_attr (node)->k;
  int            in = chunk * PREPARE_IN, n_in = MIN (PREPARE_IN, c - in);
  gboolean       halves = has_halves (node);
  p2p_real       kernels[PREPARE_OUT * PREPARE_IN * P2P_MAX_KERNEL * P2P_MAX_KERNEL];

  for (int out = 0; out < node->c; out += PREPARE_OUT)
    {
      int n_out = MIN (PREPARE_OUT, node->c - out);

      if (halves)
        p2p_conv_read_halves (node, in, n_in, out, n_out, (guint16 *) kernels);
      else
        p2p_conv_read_kernels (node, in, n_in, out, n_out, kernels);
      for (int t = 0; t < kk; t++)
        if (halves)
          put_tap (run, t, in, n_in, out, n_out, (guint8 *) kernels, sizeof (guint16));
        else
          put_tap (run, t, in, n_in, out, n_out, (guint8 *) kernels, sizeof (p2p_real));
    }
}

void
p2p_direct_prepare (P2pNode  *node,
                    p2p_real *prepared)
{
  Prepare run = { node, (guint8 *) prepared };
  int     n_phases = p2p_conv_n_phases (node);
  int     k = p2p_conv_attr (node)->k, c = node->inputs[P2P_CONV_X]->c;

  for (int phase = 0; phase < n_phases * n_phases; phase++)
    {
      P2pTaps taps_y, taps_x;

      p2p_conv_taps (node, phase / n_phases, &taps_y);
      p2p_conv_taps (node, phase % n_phases, &taps_x);
      for (int y = 0; y < taps_y.n; y++)
        for (int x = 0; x < taps_x.n; x++)
          run.place[taps_y.tap[y] * k + taps_x.tap[x]] =
            (Place) { phase_start (node, phase), taps_y.n * taps_x.n * c,
                      (y * taps_x.n + x) * c };
    }
  p2p_parallel_for (node->graph->parallel, (c + PREPARE_IN - 1) / PREPARE_IN, prepare_chunk,
                    &run);
}

P2pPacked
p2p_direct_weight (const P2pNode  *node,
                   const p2p_real *prepared,
                   int             phase)
{
  int         n_phases = p2p_conv_n_phases (node);
  const gsize start = phase_start (node, phase) * element_bytes (node);
  P2pTaps     taps_y, taps_x;

  p2p_conv_taps (node, phase / n_phases, &taps_y);
  p2p_conv_taps (node, phase % n_phases, &taps_x);
  return (P2pPacked) { (const guint8 *) prepared + start,
                       taps_y.n * taps_x.n * node->inputs[P2P_CONV_X]->c, node->c,
                       has_halves (node) };
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Any convolution, in cache-sized blocks: the input pixels that a block of outputs sees are
 * gathered into a matrix (im2col, but never of more than a block) and multiplied by BLAS.
 *
 * x [n,h,w,c] → y [n,h',w',out]; prepared weight: for each phase [tap y][tap x][c][out]. */

#include <string.h>

#include "blas.h"
#include "conv.h"

/* Measured on unet_256: outputs and gathered elements of a block, least output channels, and
 * the number of chunks up to which output channels are split. */
#define BLOCK_PIXELS   256
#define BLOCK_ELEMENTS (256 * 1024)
#define BLOCK_CHANNELS 64
#define ENOUGH_CHUNKS  16

/* How one image's phase is cut; phases differ by a row or column at most, phase 0 is largest. */
typedef struct
{
  int width, height;             /* of a block, in outputs of the phase */
  int across, down;              /* blocks */
  int channels;                  /* output channels of a block */
  int splits;                    /* blocks of channels */
  int n_chunks;
} Blocks;

/* One chunk's work. */
typedef struct
{
  const P2pNode *x;
  P2pTaps        taps_y, taps_x;
  int            image;
  int            top, left, height, width;   /* the block, in outputs of the phase */
  int            istep;
} Block;

static void
find_blocks (const P2pNode *node,
             Blocks        *blocks)
{
  int n_phases = p2p_conv_n_phases (node);
  int h = (node->h + n_phases - 1) / n_phases, w = (node->w + n_phases - 1) / n_phases;

  /* Blocks are whole rows or parts of one row, so that their outputs have one pitch. */
  blocks->width = MIN (w, BLOCK_PIXELS);
  blocks->height = MIN (h, blocks->width == w ? MAX (1, BLOCK_PIXELS / w) : 1);
  blocks->across = (w + blocks->width - 1) / blocks->width;
  blocks->down = (h + blocks->height - 1) / blocks->height;
  blocks->n_chunks = node->n * n_phases * n_phases * blocks->across * blocks->down;

  blocks->splits = 1;
  while (blocks->n_chunks * blocks->splits < ENOUGH_CHUNKS
         && node->c / (2 * blocks->splits) >= BLOCK_CHANNELS)
    blocks->splits *= 2;
  blocks->channels = (node->c + blocks->splits - 1) / blocks->splits;
  blocks->n_chunks *= blocks->splits;
}

static gsize
gathered_size (const P2pNode *node,
               const Blocks  *blocks)
{
  gsize row = (gsize) blocks->width * blocks->height * node->inputs[P2P_CONV_X]->c;

  return MAX (row, BLOCK_ELEMENTS);
}

static gsize
scratch_size (const P2pNode *node)
{
  Blocks blocks;

  find_blocks (node, &blocks);
  return gathered_size (node, &blocks)
         + (gsize) blocks.width * blocks.height * blocks.channels;
}

static gboolean
suits (const P2pNode *node)
{
  return TRUE;
}

/* ---- Weights ---------------------------------------------------------------------------- */

static gsize
prepared_size (const P2pNode *node)
{
  return node->inputs[P2P_CONV_WEIGHT]->param->n;
}

/* Elements of the prepared weight before a phase. */
static gsize
phase_start (const P2pNode *node,
             int            phase_y,
             int            phase_x)
{
  int   n_phases = p2p_conv_n_phases (node);
  gsize n_taps = 0;

  for (int i = 0; i < phase_y * n_phases + phase_x; i++)
    {
      P2pTaps taps_y, taps_x;

      p2p_conv_taps (node, i / n_phases, &taps_y);
      p2p_conv_taps (node, i % n_phases, &taps_x);
      n_taps += taps_y.n * taps_x.n;
    }
  return n_taps * node->inputs[P2P_CONV_X]->c * node->c;
}

#define PREPARE_IN  8     /* channels of a chunk */
#define PREPARE_OUT 16

typedef struct
{
  P2pNode  *node;
  p2p_real *prepared;
  gsize     place[P2P_MAX_KERNEL * P2P_MAX_KERNEL];   /* kernel position → elements of prepared */
} Prepare;

/* Reads out × in kernels, in being consecutive in [out,c,k,k], out in [c,out,k,k]. */
static void
read_kernels (const P2pNode *node,
              int            in,
              int            n_in,
              int            out,
              int            n_out,
              p2p_real      *kernels)    /* [n_out][n_in][k,k] */
{
  const P2pParam    *param = node->inputs[P2P_CONV_WEIGHT]->param;
  const P2pConvAttr *attr = p2p_conv_attr (node);
  gsize              kk = attr->k * attr->k;

  for (int o = 0; o < n_out; o++)
    if (attr->transposed)
      for (int i = 0; i < n_in; i++)
        p2p_param_read (param, ((gsize) (in + i) * node->c + out + o) * kk, kk,
                        kernels + (o * n_in + i) * kk);
    else
      p2p_param_read (param, ((gsize) (out + o) * node->inputs[P2P_CONV_X]->c + in) * kk,
                      n_in * kk, kernels + o * n_in * kk);
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
  p2p_real       kernels[PREPARE_OUT * PREPARE_IN * P2P_MAX_KERNEL * P2P_MAX_KERNEL];

  for (int out = 0; out < node->c; out += PREPARE_OUT)
    {
      int n_out = MIN (PREPARE_OUT, node->c - out);

      read_kernels (node, in, n_in, out, n_out, kernels);
      for (int t = 0; t < kk; t++)
        for (int i = 0; i < n_in; i++)
          {
            p2p_real *to = run->prepared + run->place[t] + (gsize) (in + i) * node->c + out;

            for (int o = 0; o < n_out; o++)
              to[o] = kernels[(o * n_in + i) * kk + t];
          }
    }
}

static void
prepare (P2pNode  *node,
         p2p_real *prepared)
{
  Prepare run = { node, prepared };
  int     n_phases = p2p_conv_n_phases (node);
  int     k = p2p_conv_attr (node)->k, c = node->inputs[P2P_CONV_X]->c;

  for (int phase = 0; phase < n_phases * n_phases; phase++)
    {
      gsize   start = phase_start (node, phase / n_phases, phase % n_phases);
      P2pTaps taps_y, taps_x;

      p2p_conv_taps (node, phase / n_phases, &taps_y);
      p2p_conv_taps (node, phase % n_phases, &taps_x);
      for (int y = 0; y < taps_y.n; y++)
        for (int x = 0; x < taps_x.n; x++)
          run.place[taps_y.tap[y] * k + taps_x.tap[x]] =
            start + (gsize) (y * taps_x.n + x) * c * node->c;
    }
  p2p_parallel_for (node->graph->parallel, (c + PREPARE_IN - 1) / PREPARE_IN, prepare_chunk,
                    &run);
}

/* ---- Forward ---------------------------------------------------------------------------- */

/* Finds the taps [*first, *end) that reach the picture from any of count positions from start. */
static void
live_taps (const P2pTaps *taps,
           int            start,
           int            count,
           int            istep,
           int            side,
           int           *first,
           int           *end)
{
  *first = 0;
  *end = taps->n;
  while (*first < *end && (start + count - 1) * istep + taps->offset[*first] < 0)
    (*first)++;
  while (*end > *first && start * istep + taps->offset[*end - 1] >= side)
    (*end)--;
}

/* Fills columns of the gathered matrix: the pixels under taps [x0, x1) of row tap_y, for each
 * output of the block; zeros outside the picture. */
static void
gather (const Block *block,
        int          tap_y,
        int          x0,
        int          x1,
        p2p_real    *to,
        int          pitch)
{
  const P2pNode *x = block->x;
  int            n = x1 - x0;

  for (int i = 0; i < block->height; i++)
    {
      int             iy = (block->top + i) * block->istep + block->taps_y.offset[tap_y];
      const p2p_real *row = x->x + ((gsize) block->image * x->h + iy) * x->w * x->c;

      for (int j = 0; j < block->width; j++, to += pitch)
        {
          int ix = (block->left + j) * block->istep + block->taps_x.offset[x0];
          int before = iy < 0 || iy >= x->h ? n : CLAMP (-ix, 0, n);
          int after = CLAMP (x->w - ix, before, n);

          if (before)
            memset (to, 0, before * x->c * sizeof (p2p_real));
          if (after > before)
            memcpy (to + before * x->c, row + (gsize) (ix + before) * x->c,
                    (after - before) * x->c * sizeof (p2p_real));
          if (after < n)
            memset (to + after * x->c, 0, (n - after) * x->c * sizeof (p2p_real));
        }
    }
}

/* Sets the channels of each pixel to bias, or to zero. */
static void
fill (p2p_real       *y,
      int             pixels,
      int             pitch,
      const p2p_real *bias,
      int             channels)
{
  for (int i = 0; i < pixels; i++, y += pitch)
    if (bias)
      memcpy (y, bias, channels * sizeof (p2p_real));
    else
      memset (y, 0, channels * sizeof (p2p_real));
}

/* y [pixels, channels] += the block's pixels times weight [taps][c][out], as many taps at a time as
 * the gathered matrix holds. */
static void
multiply_block (const Block    *block,
                const p2p_real *weight,
                int             out,
                int             channels,
                p2p_real       *gathered,
                gsize           gathered_elements,
                p2p_real       *y,
                int             pitch,
                gboolean        accumulate)
{
  int c = block->x->c, pixels = block->width * block->height;
  int most = MAX (gathered_elements / ((gsize) pixels * c), 1);
  int y0, y1, x0, x1, rows, n;

  live_taps (&block->taps_y, block->top, block->height, block->istep, block->x->h, &y0, &y1);
  live_taps (&block->taps_x, block->left, block->width, block->istep, block->x->w, &x0, &x1);

  if (y0 == y1 || x0 == x1)
    {
      if (! accumulate)
        fill (y, pixels, pitch, NULL, channels);
      return;
    }

  /* Rows of taps follow each other in the weight only when they are whole. */
  rows = x1 - x0 == block->taps_x.n ? MAX (most / (x1 - x0), 1) : 1;
  for (int ty = y0; ty < y1; ty += rows)
    for (int tx = x0; tx < x1; tx += n)
      {
        int n_rows = MIN (rows, y1 - ty);

        n = MIN (x1 - tx, most);
        for (int i = 0; i < n_rows; i++)
          gather (block, ty + i, tx, tx + n, gathered + i * n * c, n_rows * n * c);
        p2p_gemm (pixels, channels, n_rows * n * c, gathered, n_rows * n * c,
                  weight + (gsize) (ty * block->taps_x.n + tx) * c * out, out,
                  accumulate, y, pitch);
        accumulate = TRUE;
      }
}

/* Puts a finished block of a phase among the outputs of the other phases. */
static void
scatter (P2pNode        *node,
         const Block    *block,
         int             phase_y,
         int             phase_x,
         int             channel,
         int             channels,
         const p2p_real *y)
{
  int ostep = p2p_conv_n_phases (node);

  for (int i = 0; i < block->height; i++)
    {
      int       oy = (block->top + i) * ostep + phase_y;
      p2p_real *to = node->x + (((gsize) block->image * node->h + oy) * node->w
                                + (gsize) block->left * ostep + phase_x) * node->c + channel;

      for (int j = 0; j < block->width; j++, y += channels, to += (gsize) ostep * node->c)
        memcpy (to, y, channels * sizeof (p2p_real));
    }
}

typedef struct
{
  P2pNode        *node;
  const p2p_real *prepared;
  Blocks          blocks;
} Forward;

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  const Forward  *run = data;
  const Blocks   *blocks = &run->blocks;
  P2pNode        *node = run->node;
  const P2pNode  *bias = node->inputs[P2P_CONV_BIAS];
  int             n_phases = p2p_conv_n_phases (node);
  int             channel = chunk % blocks->splits * blocks->channels;
  int             channels = MIN (blocks->channels, node->c - channel);
  int             position = chunk / blocks->splits % (blocks->across * blocks->down);
  int             phase = chunk / blocks->splits / (blocks->across * blocks->down);
  int             phase_y = phase / n_phases % n_phases, phase_x = phase % n_phases;
  p2p_real       *gathered = p2p_node_thread_scratch (node, worker);
  gsize           gathered_elements = gathered_size (node, blocks);
  Block           block = { node->inputs[P2P_CONV_X] };
  p2p_real       *y;
  int             pitch;

  p2p_conv_taps (node, phase_y, &block.taps_y);
  p2p_conv_taps (node, phase_x, &block.taps_x);
  block.image = phase / (n_phases * n_phases);
  block.istep = n_phases > 1 ? 1 : p2p_conv_attr (node)->s;
  block.top = position / blocks->across * blocks->height;
  block.left = position % blocks->across * blocks->width;
  block.height = MIN (blocks->height, (node->h - phase_y + n_phases - 1) / n_phases - block.top);
  block.width = MIN (blocks->width, (node->w - phase_x + n_phases - 1) / n_phases - block.left);
  if (block.height <= 0 || block.width <= 0 || channels <= 0)
    return;

  /* One phase: straight into place; several: aside first, since their outputs interleave. */
  y = n_phases > 1 ? gathered + gathered_elements
                   : node->x + (((gsize) block.image * node->h + block.top) * node->w + block.left)
                               * node->c + channel;
  pitch = n_phases > 1 ? channels : node->c;
  if (bias)
    fill (y, block.height * block.width, pitch, bias->x + channel, channels);
  multiply_block (&block, run->prepared + phase_start (node, phase_y, phase_x) + channel,
                  node->c, channels, gathered, gathered_elements, y, pitch, bias != NULL);
  if (n_phases > 1)
    scatter (node, &block, phase_y, phase_x, channel, channels, y);
}

static void
forward (P2pNode        *node,
         const p2p_real *prepared)
{
  Forward run = { node, prepared };

  find_blocks (node, &run.blocks);
  p2p_parallel_for (node->graph->parallel, run.blocks.n_chunks, forward_chunk, &run);
}

const P2pConvAlgorithm p2p_conv_gather =
{
  "gather + gemm", P2P_FORM_PACKED, suits, prepared_size, scratch_size, prepare, forward
};

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Computes any convolution, in blocks of outputs that fit the cache.
 *
 * The input pixels that a block's taps see are its window.  They are copied once, with zeros
 * outside the picture, and then multiplied by the packed weight (packed.h).  In the innermost
 * layers of a U-Net a block is only a few pixels, and reading the weights takes nearly all the
 * time.  Weights of taps that see only zeros are not read.
 *
 * x [n,h,w,c] → y [n,h',w',out]; conv-direct-weight.c prepares the weight. */

#include <string.h>

#include "conv-direct-weight.h"
#include "conv.h"

/* Chosen by measurements on unet_256.  Output channels are split until there are ENOUGH_CHUNKS, or
 * until a chunk would have fewer than BLOCK_CHANNELS of them. */
#define BLOCK_PIXELS   256    /* at most, outputs of a block */
#define BLOCK_CHANNELS 64     /* output channels of a chunk are a multiple of it */
#define ENOUGH_CHUNKS  16

/* With fewer channels than FEW_CHANNELS the pixels of a window are adjacent, so that a row of taps
 * is one run of memory.  With more, each pixel is followed by a gap of APART elements: pixels whose
 * size is a power of 2 would share cache sets. */
#define FEW_CHANNELS 32
#define APART        16

/* How the outputs of one phase of one image are cut into blocks.  All phases are cut in the same
 * way.  Phase 0 is the largest; the others have at most one row and one column less. */
typedef struct
{
  int width, height;             /* of a block, in outputs of the phase */
  int across, down;              /* blocks in a phase */
  int channels;                  /* output channels of a chunk */
  int splits;                    /* chunks into which the output channels of a block are cut */
  int n_chunks;                  /* of all images and phases */
} Blocks;

/* The work of one chunk: some output channels of one block. */
typedef struct
{
  P2pNode         *node;
  P2pTaps          taps_y, taps_x;
  int              y0, y1, x0, x1;             /* the taps that reach the picture */
  int              image, phase_y, phase_x;
  int              top, left, height, width;   /* the block, in outputs of the phase */
  int              istep;                      /* see conv.h */
  int              channel, channels;          /* first output channel, and how many */
  p2p_real        *window;
  int              window_width, pitch;        /* in pixels; elements from pixel to pixel */
  const p2p_real **from;                       /* as in P2pRows, pointers into the window */
  p2p_real        *scratch;
} Block;

static void
find_blocks (const P2pNode *node,
             Blocks        *blocks)
{
  int n_phases = p2p_conv_n_phases (node);
  int h = (node->h + n_phases - 1) / n_phases, w = (node->w + n_phases - 1) / n_phases;

  /* A block is several whole rows or a part of one row, so its outputs are equally far apart. */
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
  blocks->channels = (blocks->channels + BLOCK_CHANNELS - 1) / BLOCK_CHANNELS * BLOCK_CHANNELS;
  blocks->n_chunks *= blocks->splits;
}

static int
window_pitch (const P2pNode *node)
{
  int c = node->inputs[P2P_CONV_X]->c;

  return c < FEW_CHANNELS ? c : c + APART;
}

/* Elements of the largest window, rounded up so that pointers can follow it. */
static gsize
window_size (const P2pNode *node,
             const Blocks  *blocks)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  int                step = attr->transposed ? 1 : attr->s;
  gsize              size = (gsize) ((blocks->height - 1) * step + attr->k)
                            * ((blocks->width - 1) * step + attr->k) * window_pitch (node);

  return (size + 15) / 16 * 16;
}

/* Room for the window, the pointers into it, a block of outputs, and p2p_packed_multiply (). */
static gsize
scratch_size (const P2pNode *node)
{
  int    k = p2p_conv_attr (node)->k;
  gsize  pixels;
  Blocks blocks;

  find_blocks (node, &blocks);
  pixels = (gsize) blocks.width * blocks.height;
  return window_size (node, &blocks) + pixels * k * k * sizeof (gpointer) / sizeof (p2p_real)
         + pixels * blocks.channels + p2p_packed_scratch (pixels);
}

static gboolean
suits (const P2pNode *node)
{
  return TRUE;
}

/* ---- Forward ---------------------------------------------------------------------------- */

/* Finds the taps [*first, *end) on one axis that reach the picture, which has side pixels, from at
 * least one of the outputs [start, start + count). */
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

/* Copies the pixels that the block's live taps see into the window, and sets it to zero outside the
 * picture.  Pixels that are adjacent in the picture and in the window are copied at once. */
static void
fill_window (const Block *block)
{
  const P2pNode *x = block->node->inputs[P2P_CONV_X];
  int            top = block->top * block->istep + block->taps_y.offset[block->y0];
  int            bottom = (block->top + block->height - 1) * block->istep
                          + block->taps_y.offset[block->y1 - 1];
  int            left = block->left * block->istep + block->taps_x.offset[block->x0];
  int            right = left + block->window_width, c = x->c;
  p2p_real      *to = block->window;

  for (int i = top; i <= bottom; i++)
    for (int j = left, n; j < right; j += n, to += n * block->pitch)
      {
        gboolean inside = j >= 0 && j < x->w;

        for (n = 1; block->pitch == c && j + n < right; n++)
          if ((j + n >= 0 && j + n < x->w) != inside)
            break;
        if (inside && i >= 0 && i < x->h)
          memcpy (to, x->x + (((gsize) block->image * x->h + i) * x->w + j) * c,
                  n * c * sizeof (p2p_real));
        else
          memset (to, 0, n * c * sizeof (p2p_real));
      }
}

/* Multiplies what the block's pixels see of the window by the weight of the phase, and stores the
 * products in y [pixels, channels] or adds them to y.  ldc is the pitch of y. */
static void
multiply_window (const Block     *block,
                 const P2pPacked *weight,
                 gboolean         accumulate,
                 p2p_real        *y,
                 int              ldc)
{
  int      c = block->node->inputs[P2P_CONV_X]->c, m = block->width * block->height;
  int      n_x = block->x1 - block->x0;
  gboolean whole_rows = block->pitch == c && n_x == block->taps_x.n;
  gboolean at_once = n_x == block->taps_x.n;    /* the rows of taps are adjacent in the weight */
  int      n_segments = 0, first = block->y0;
  P2pRows  rows = { m, 0, whole_rows ? n_x * c : c, block->from };

  for (int ty = block->y0; ty < block->y1; ty++)
    {
      for (int tx = 0; tx < (whole_rows ? 1 : n_x); tx++, n_segments++)
        for (int i = 0; i < block->height; i++)
          for (int j = 0; j < block->width; j++)
            block->from[(gsize) n_segments * m + i * block->width + j] =
              block->window + (((gsize) i * block->istep + ty - block->y0) * block->window_width
                               + j * block->istep + tx) * block->pitch;
      if (at_once && ty + 1 < block->y1)
        continue;

      rows.n_segments = n_segments;
      p2p_packed_multiply (&rows, weight, (first * block->taps_x.n + block->x0) * c,
                           block->channel, block->channels, accumulate, y, ldc, block->scratch);
      accumulate = TRUE;
      n_segments = 0;
      first = ty + 1;
    }
}

/* Sets the channels of each pixel to the bias, or to zero when bias is NULL. */
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

/* Computes the outputs of the block into y, with pitch elements from pixel to pixel. */
static void
compute_block (Block           *block,
               const P2pPacked *weight,
               p2p_real        *y,
               int              pitch)
{
  const P2pNode *x = block->node->inputs[P2P_CONV_X], *bias = block->node->inputs[P2P_CONV_BIAS];
  gboolean       dead;

  live_taps (&block->taps_y, block->top, block->height, block->istep, x->h, &block->y0, &block->y1);
  live_taps (&block->taps_x, block->left, block->width, block->istep, x->w, &block->x0, &block->x1);
  dead = block->y0 >= block->y1 || block->x0 >= block->x1;
  if (dead || bias)
    fill (y, block->width * block->height, pitch, bias ? bias->x + block->channel : NULL,
          block->channels);
  if (dead)
    return;

  block->window_width = (block->width - 1) * block->istep + block->x1 - block->x0;
  fill_window (block);
  multiply_window (block, weight, bias != NULL, y, pitch);
}

/* Copies a finished block from y to its place in the result, where the outputs of all phases
 * alternate. */
static void
scatter (const Block    *block,
         const p2p_real *y)
{
  P2pNode *node = block->node;
  int      ostep = p2p_conv_n_phases (node);

  for (int i = 0; i < block->height; i++)
    {
      int       oy = (block->top + i) * ostep + block->phase_y;
      p2p_real *to = node->x + (((gsize) block->image * node->h + oy) * node->w
                                + (gsize) block->left * ostep + block->phase_x) * node->c
                     + block->channel;

      for (int j = 0; j < block->width; j++, y += block->channels, to += (gsize) ostep * node->c)
        memcpy (to, y, block->channels * sizeof (p2p_real));
    }
}

typedef struct
{
  P2pNode        *node;
  const p2p_real *prepared;
  Blocks          blocks;
} Forward;

/* Finds the part of the work that a chunk does.  Returns FALSE when there is nothing to do: beyond
 * the end of a smaller phase, or beyond the last output channel. */
static gboolean
find_block (const Forward *run,
            int            chunk,
            Block         *block)
{
  const Blocks *blocks = &run->blocks;
  P2pNode      *node = run->node;
  int           n_phases = p2p_conv_n_phases (node);
  int           position = chunk / blocks->splits % (blocks->across * blocks->down);
  int           phase = chunk / blocks->splits / (blocks->across * blocks->down);

  *block = (Block) { node };
  block->image = phase / (n_phases * n_phases);
  block->phase_y = phase / n_phases % n_phases;
  block->phase_x = phase % n_phases;
  p2p_conv_taps (node, block->phase_y, &block->taps_y);
  p2p_conv_taps (node, block->phase_x, &block->taps_x);
  block->istep = n_phases > 1 ? 1 : p2p_conv_attr (node)->s;
  block->top = position / blocks->across * blocks->height;
  block->left = position % blocks->across * blocks->width;
  block->height = MIN (blocks->height,
                       (node->h - block->phase_y + n_phases - 1) / n_phases - block->top);
  block->width = MIN (blocks->width,
                      (node->w - block->phase_x + n_phases - 1) / n_phases - block->left);
  block->channel = chunk % blocks->splits * blocks->channels;
  block->channels = MIN (blocks->channels, node->c - block->channel);
  return block->height > 0 && block->width > 0 && block->channels > 0;
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  const Forward *run = data;
  P2pNode       *node = run->node;
  int            n_phases = p2p_conv_n_phases (node), phase;
  gsize          pixels = (gsize) run->blocks.width * run->blocks.height;
  p2p_real      *y;
  P2pPacked      weight;
  Block          block;

  if (! find_block (run, chunk, &block))
    return;

  block.pitch = window_pitch (node);
  block.window = p2p_node_thread_scratch (node, worker);
  block.from = (const p2p_real **) (block.window + window_size (node, &run->blocks));
  y = (p2p_real *) (block.from + pixels * p2p_conv_attr (node)->k * p2p_conv_attr (node)->k);
  block.scratch = y + pixels * run->blocks.channels;

  phase = block.phase_y * n_phases + block.phase_x;
  weight = p2p_direct_weight (node, run->prepared, phase);

  /* The outputs of several phases alternate in the result, so a block of a phase is computed in the
   * scratch and then copied.  With one phase it is computed in place. */
  if (n_phases > 1)
    {
      compute_block (&block, &weight, y, block.channels);
      scatter (&block, y);
    }
  else
    compute_block (&block, &weight,
                   node->x + (((gsize) block.image * node->h + block.top) * node->w + block.left)
                             * node->c + block.channel, node->c);
}

static void
forward (P2pNode        *node,
         const p2p_real *prepared)
{
  Forward run = { node, prepared };

  find_blocks (node, &run.blocks);
  p2p_parallel_for (node->graph->parallel, run.blocks.n_chunks, forward_chunk, &run);
}

const P2pConvAlgorithm p2p_conv_direct =
{
  "direct", P2P_FORM_PACKED, suits, p2p_direct_prepared_size, NULL, scratch_size,
  p2p_direct_prepare, forward
};

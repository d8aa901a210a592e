/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Plain and transposed convolutions in Winograd form (winograd.h).  Both axes are alike.  On each,
 * with padding 1, tile t reads these rows of the input and computes these rows of the output:
 *
 *   kernel, stride     F (m, r)   a   reads            computes
 *   3, 1 both kinds    F (4, 3)   6   4t−1 … 4t+4      4t … 4t+3      a rows in, m rows out
 *   4, 1               F (3, 4)   6   3t−1 … 3t+4      3t … 3t+2      a rows in, m rows out
 *   4, 1 transposed    F (3, 4)   6   3t−2 … 3t+3      3t … 3t+2      a rows in, m rows out
 *   4, 2               F (4, 2)   5   8t−1 … 8t+8      4t … 4t+3      2a rows in, m rows out
 *   4, 2 transposed    F (4, 2)   5   4t−1 … 4t+3      8t−1 … 8t+6    a rows in, 2m rows out
 *
 * With stride 2 every second row is a phase, and the 4 taps are 2 taps of stride 1 in each phase.
 * Tile 0 of a convolution, where an output is the sum over both phases of the input:
 *
 *   input row     −1  0  1  2  3  4  5  6  7  8     output o = taps 0, 2 on rows 2o−1, 2o+1
 *   its phase      0  1  0  1  0  1  0  1  0  1              + taps 1, 3 on rows 2o, 2o+2
 *   output row        0     1     2     3
 *
 * Tile 0 of a transposed convolution; phase 1 is shifted by one, so that it reads the same a rows:
 *
 *   input row     −1     0     1     2     3        output 2i     = taps 3, 1 on rows i−1, i
 *   output row       −1  0  1  2  3  4  5  6        output 2i + 1 = taps 2, 0 on rows i, i+1
 *   its phase         1  0  1  0  1  0  1  0
 *
 * Both axes together have 4 phases, so with stride 2 each of the a² products is
 * [tiles, 4 · c] × [4 · c, out], or [tiles, c] × [c, 4 · out] in a transposed convolution.
 * x [n,h,w,c] → y [n,h',w',out]; the prepared weight is the a² right-hand matrices, packed. */

#include <string.h>

#include "conv.h"
#include "packed.h"
#include "transpose.h"
#include "winograd.h"

/* Chosen by measurements on unet_256.  With a small weight and many tiles, each thread works alone,
 * on blocks of tiles.  Otherwise all together transform a round of tiles, then multiply them. */
#define OWN_TILES    16           /* tiles of a block when threads work alone; fits their caches */
#define OWN_WEIGHT   (4 << 20)    /* in elements, the largest weight for working alone; fits L3 */
#define SHARED_TILES 96           /* the most tiles of a block when threads work together */
#define ROUND_TILES  (3 * SHARED_TILES)    /* the most tiles of a round */
#define COLUMNS      64           /* columns that are multiplied at a time */
#define BLAS_COLUMNS 256          /* more with BLAS, which packs the tiles again each time */
#define LEAST_CHUNKS 4            /* chunks a round should have; while fewer, columns is halved */
#define ENOUGH       16           /* from this number of blocks on, threads work alone */
#define LEAST_OUTPUTS 192         /* pixels of a phase; fewer do not make up for the transforms */

/* The largest 4 · c · out for F (4, 2).  Larger weights use F (2, 2), a = 3: 9 matrices instead of
 * 25 take less memory, and in training all of them are written and read in every step. */
#define SMALL_WEIGHT(graph) ((graph)->options.gradients ? 256 * 256 : 512 * 512)
#define APART        16    /* elements of a gap: rows a power of 2 apart would share cache sets */

typedef struct
{
  P2pWinograd kind;
  int         m, a;                     /* outputs and inputs of a tile, on one axis */
  int         in_phases, out_phases;    /* on one axis: 1 or 2 */
  int         origin;                   /* the first row (and column) of the input of tile 0 */
  int         shift[2];                 /* per phase: its tile t begins at output m · t − shift */
  int         k, n;                     /* rows and columns of each of the a² matrices */
  int         width;                    /* columns of a panel of theirs (packed.h) */
  gsize       weight_stride;            /* elements from one of the a² matrices to the next */
  int         across, down, tiles;      /* tiles of one image on each axis; of the whole batch */
  int         block, round;             /* the tiles of a block, and those of a round */
  int         columns, groups;          /* columns multiplied at a time; how many such groups */
  gboolean    shared;                   /* threads share the transformed tiles of a round */
  gsize       v_pitch, v_stride;        /* in v: elements from tile to tile, and matrix to matrix */
  gsize       m_stride;                 /* in the products: elements from matrix to matrix */
} Form;

/* Depends only on the weight and on training: graphs of all sizes share one transformed weight. */
P2pWinograd
p2p_conv_winograd_kind (const P2pNode *node)
{
  if (p2p_conv_attr (node)->s == 1)
    return p2p_conv_attr (node)->k == 3 ? P2P_WINOGRAD_4_3 : P2P_WINOGRAD_3_4;
  return 4 * node->c * node->inputs[P2P_CONV_X]->c <= SMALL_WEIGHT (node->graph)
         ? P2P_WINOGRAD_4_2 : P2P_WINOGRAD_2_2;
}

static void
find_form (const P2pNode *node,
           Form          *form)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  const P2pNode     *x = node->inputs[P2P_CONV_X];
  int                h = node->h, w = node->w, least, blocks;

  form->kind = p2p_conv_winograd_kind (node);
  form->m = p2p_winograd_m (form->kind);
  form->a = form->m + p2p_winograd_r (form->kind) - 1;
  form->in_phases = attr->transposed ? 1 : attr->s;
  form->out_phases = p2p_conv_n_phases (node);
  form->origin = -attr->p;
  form->shift[0] = form->shift[1] = 0;
  if (attr->transposed)
    {
      P2pTaps taps[2];

      p2p_conv_taps (node, 0, &taps[0]);
      p2p_conv_taps (node, attr->s - 1, &taps[1]);
      form->origin = MIN (taps[0].offset[0], taps[1].offset[0]);
      for (int i = 0; i < 2; i++)
        form->shift[i] = taps[i].offset[0] - form->origin;
      least = MAX (form->shift[0], form->shift[1]);
      h = (node->h + attr->s - 1) / attr->s + least;
      w = (node->w + attr->s - 1) / attr->s + least;
    }
  form->k = form->in_phases * form->in_phases * x->c;
  form->n = form->out_phases * form->out_phases * node->c;
  form->width = p2p_packed_width (form->n);
  form->weight_stride = p2p_packed_size (form->k, form->n) + APART;
  form->across = (w + form->m - 1) / form->m;
  form->down = (h + form->m - 1) / form->m;
  form->tiles = node->n * form->across * form->down;

  form->round = form->block = OWN_TILES;
  form->shared = form->tiles < ENOUGH * OWN_TILES
                 || (gsize) form->a * form->a * form->k * form->n > OWN_WEIGHT;
  if (form->shared)
    {
      blocks = (form->tiles + SHARED_TILES - 1) / SHARED_TILES;
      form->block = (form->tiles + blocks - 1) / blocks;
      form->round = MIN (form->tiles, ROUND_TILES / SHARED_TILES * form->block);
    }
  form->columns = p2p_isa () == P2P_ISA_BLAS ? BLAS_COLUMNS : COLUMNS;
  while (form->columns > COLUMNS
         && (form->round / form->block) * form->n < LEAST_CHUNKS * form->columns)
    form->columns /= 2;
  form->groups = (form->n + form->columns - 1) / form->columns;
  form->v_pitch = form->k + APART;
  form->v_stride = form->v_pitch * form->round + APART;
  form->m_stride = (gsize) form->block * form->columns + APART;
}

gboolean
p2p_conv_winograd_shape (const P2pNode *node)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);

  return ((attr->k == 4 && attr->s <= 2) || (attr->k == 3 && attr->s == 1))
         && node->inputs[P2P_CONV_X]->c % P2P_WINOGRAD_LANES == 0
         && node->c % P2P_WINOGRAD_LANES == 0;
}

static gboolean
suits (const P2pNode *node)
{
  Form form;

  if (! p2p_conv_winograd_shape (node))
    return FALSE;
  find_form (node, &form);
  return form.tiles * form.m * form.m >= LEAST_OUTPUTS;
}

static gsize
shared_size (const P2pNode *node)
{
  Form form;

  find_form (node, &form);
  return form.shared ? form.a * form.a * form.v_stride : 0;
}

/* Room for transformed tiles, products, pointers to tiles, tile numbers, and what BLAS needs. */
static gsize
scratch_size (const P2pNode *node)
{
  Form form;

  find_form (node, &form);
  return form.a * form.a * ((form.shared ? 0 : form.v_stride) + form.m_stride)
         + 2 * form.block * sizeof (gpointer) / sizeof (p2p_real) + p2p_packed_scratch (form.block);
}

/* ---- Weights ---------------------------------------------------------------------------- */

#define PREPARE_IN 8    /* input channels of a chunk */

static gsize
prepared_size (const P2pNode *node)
{
  Form form;

  find_form (node, &form);
  return form.a * form.a * form.weight_stride;
}

typedef struct
{
  P2pNode  *node;
  p2p_real *prepared;
  Form      form;
} Prepare;

/* Finds the places of the r × r taps of a phase (of the output if transposed) among k × k taps. */
static void
find_taps (const P2pNode *node,
           int            r,
           int            phase_y,
           int            phase_x,
           int           *places)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  P2pTaps            y, x;

  p2p_conv_taps (node, attr->transposed ? phase_y : 0, &y);
  p2p_conv_taps (node, attr->transposed ? phase_x : 0, &x);
  for (int i = 0; i < r; i++)
    for (int j = 0; j < r; j++)
      {
        int tap_y = attr->transposed ? y.tap[i] : y.tap[i * attr->s + phase_y];
        int tap_x = attr->transposed ? x.tap[j] : x.tap[j * attr->s + phase_x];

        places[i * r + j] = tap_y * attr->k + tap_x;
      }
}

/* Transforms r × r taps of a phase, of one input and LANES outputs, into the a² matrices.  taps has
 * all taps of the kernels; places says which ones. */
static void
transform_taps (const Prepare  *run,
                int             phase,
                int             in,
                int             out,
                const p2p_real *taps,
                const int      *places)
{
  const Form    *form = &run->form;
  const P2pNode *node = run->node;
  int            row = (form->in_phases > 1 ? phase * node->inputs[P2P_CONV_X]->c : 0) + in;
  int            column = (form->in_phases > 1 ? 0 : phase * node->c) + out;
  int            lanes = MIN (form->width, P2P_WINOGRAD_LANES);
  gsize          place = p2p_packed_place (form->width, form->k, row, column);

  p2p_winograd_weight (form->kind, taps, places, run->prepared + place, form->weight_stride, lanes,
                       p2p_packed_place (form->width, form->k, row, column + lanes) - place);
}

static void
prepare_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  const Prepare *run = data;
  const Form    *form = &run->form;
  P2pNode       *node = run->node;
  int            c = node->inputs[P2P_CONV_X]->c, k = p2p_conv_attr (node)->k;
  int            phases = form->in_phases * form->out_phases, r = form->a - form->m + 1;
  int            in = chunk * PREPARE_IN, n_in = MIN (PREPARE_IN, c - in), places[4][16];
  p2p_real       kernels[P2P_WINOGRAD_LANES * PREPARE_IN * 16];
  p2p_real       taps[16 * P2P_WINOGRAD_LANES];

  for (int phase = 0; phase < phases * phases; phase++)
    find_taps (node, r, phase / phases, phase % phases, places[phase]);
  for (int out = 0; out < node->c; out += P2P_WINOGRAD_LANES)
    {
      p2p_conv_read_kernels (node, in, n_in, out, P2P_WINOGRAD_LANES, kernels);
      for (int i = 0; i < n_in; i++)
        {
          p2p_transpose (kernels + i * k * k, n_in * k * k, P2P_WINOGRAD_LANES, k * k, FALSE, taps,
                         P2P_WINOGRAD_LANES);
          for (int phase = 0; phase < phases * phases; phase++)
            transform_taps (run, phase, in + i, out, taps, places[phase]);
        }
    }
}

/* Zeroes the columns of the last panel that lie behind the last column of the matrix. */
static void
clear_rest (const Prepare *run)
{
  const Form *form = &run->form;
  int         width = form->width;

  for (int e = 0; e < form->a * form->a && form->n % width; e++)
    for (int row = 0; row < form->k; row++)
      for (int j = form->n % width; j < width; j++)
        run->prepared[e * form->weight_stride - (form->n - 1) % width + j
                      + p2p_packed_place (width, form->k, row, form->n - 1)] = 0;
}

static void
prepare (P2pNode  *node,
         p2p_real *prepared)
{
  Prepare run = { node, prepared };
  int     c = node->inputs[P2P_CONV_X]->c;

  find_form (node, &run.form);
  clear_rest (&run);
  p2p_parallel_for (node->graph->parallel, (c + PREPARE_IN - 1) / PREPARE_IN, prepare_chunk,
                    &run);
}

/* ---- Forward ---------------------------------------------------------------------------- */

static p2p_real zeros[P2P_WINOGRAD_LANES];

typedef struct
{
  P2pNode        *node;
  const p2p_real *prepared;
  Form            form;
  int             first, end;    /* tiles of this round */
} Forward;

/* Transforms the pixels that one tile reads, phase by phase, into v. */
static void
transform_tile (const Forward *run,
                int            tile,
                p2p_real      *v)
{
  const Form    *form = &run->form;
  const P2pNode *x = run->node->inputs[P2P_CONV_X];
  int            image = tile / (form->across * form->down), phases = form->in_phases;
  int            top = tile / form->across % form->down * form->m;
  int            left = tile % form->across * form->m;

  for (int phase = 0; phase < phases * phases; phase++)
    {
      P2pWinogradTile from;

      for (int i = 0; i < form->a * form->a; i++)
        {
          int iy = (top + i / form->a) * phases + phase / phases + form->origin;
          int ix = (left + i % form->a) * phases + phase % phases + form->origin;

          from.step[i] = iy >= 0 && iy < x->h && ix >= 0 && ix < x->w;
          from.at[i] = from.step[i] ? x->x + (((gsize) image * x->h + iy) * x->w + ix) * x->c
                                    : zeros;
        }
      p2p_winograd_input (form->kind, &from, x->c, v + phase * x->c, form->v_stride);
    }
}

/* Computes a tile's outputs of one phase in channels [channel, channel + channels). */
static void
output_tile (const Forward  *run,
             int             tile,
             int             phase,
             int             channel,
             int             channels,
             const p2p_real *products)
{
  const Form    *form = &run->form;
  P2pNode       *y = run->node;
  const P2pNode *bias = y->inputs[P2P_CONV_BIAS];
  int            image = tile / (form->across * form->down), phases = form->out_phases;
  int            phase_y = phase / phases, phase_x = phase % phases;
  int            top = tile / form->across % form->down * form->m - form->shift[phase_y];
  int            left = tile % form->across * form->m - form->shift[phase_x];
  p2p_real       waste[P2P_WINOGRAD_LANES];
  P2pWinogradTile to;

  for (int i = 0; i < form->m * form->m; i++)
    {
      int oy = (top + i / form->m) * phases + phase_y, ox = (left + i % form->m) * phases + phase_x;

      to.step[i] = oy >= 0 && oy < y->h && ox >= 0 && ox < y->w;
      to.at[i] = to.step[i] ? y->x + (((gsize) image * y->h + oy) * y->w + ox) * y->c + channel
                            : waste;
    }
  p2p_winograd_output (form->kind, products, form->m_stride, channels,
                       bias ? bias->x + channel : NULL, &to);
}

/* Whether a tile has outputs of a phase in the picture.  The last tiles may have only phase 1. */
static gboolean
is_live (const Forward *run,
         int            tile,
         int            phase)
{
  const Form *form = &run->form;
  int         phase_y = phase / form->out_phases, phase_x = phase % form->out_phases;
  int         top = tile / form->across % form->down * form->m - form->shift[phase_y];
  int         left = tile % form->across * form->m - form->shift[phase_x];

  return top * form->out_phases + phase_y < run->node->h
         && left * form->out_phases + phase_x < run->node->w;
}

/* Multiplies n tiles, transformed at v, by one group of columns, and computes their outputs. */
static void
multiply_group (const Forward *run,
                int            worker,
                int            tile,
                int            n,
                int            group,
                p2p_real      *v)
{
  const Form      *form = &run->form;
  int              a2 = form->a * form->a, out = run->node->c;
  int              first = group * form->columns, end = MIN (first + form->columns, form->n);
  p2p_real        *products = (p2p_real *) p2p_node_thread_scratch (run->node, worker)
                              + (form->shared ? 0 : a2 * form->v_stride);
  const p2p_real **from = (const p2p_real **) (products + a2 * form->m_stride);
  int             *live = (int *) (from + form->block), n_live = 0;
  p2p_real        *scratch = (p2p_real *) (from + 2 * form->block);

  for (int i = 0; i < n; i++)
    if (out % form->columns || is_live (run, tile + i, first / out))
      live[n_live++] = i;
  if (! n_live)
    return;

  for (int e = 0; e < a2; e++)
    {
      P2pRows   rows = { n_live, 1, form->k, from };
      P2pPacked weight = { run->prepared + e * form->weight_stride, form->k, form->n };

      for (int i = 0; i < n_live; i++)
        from[i] = v + e * form->v_stride + live[i] * form->v_pitch;
      p2p_packed_multiply (&rows, &weight, 0, first, end - first, FALSE,
                           products + e * form->m_stride, form->columns, scratch);
    }

  for (int column = first, channels; column < end; column += channels)
    {
      channels = MIN (end - column, out - column % out);
      for (int i = 0; i < n_live; i++)
        output_tile (run, tile + live[i], column / out, column % out, channels,
                     products + i * form->columns + column - first);
    }
}

static void
block_chunk (int      chunk,
             int      worker,
             gpointer data)
{
  const Forward *run = data;
  const Form    *form = &run->form;
  p2p_real      *v = p2p_node_thread_scratch (run->node, worker);
  int            tile = chunk * form->block, n = MIN (form->block, form->tiles - tile);

  for (int i = 0; i < n; i++)
    transform_tile (run, tile + i, v + i * form->v_pitch);
  for (int group = 0; group < form->groups; group++)
    multiply_group (run, worker, tile, n, group, v);
}

static void
transform_chunk (int      chunk,
                 int      worker,
                 gpointer data)
{
  const Forward *run = data;

  transform_tile (run, run->first + chunk,
                  p2p_node_scratch (run->node) + chunk * run->form.v_pitch);
}

static void
multiply_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Forward *run = data;
  const Form    *form = &run->form;
  int            tile = chunk / form->groups * form->block;

  multiply_group (run, worker, run->first + tile,
                  MIN (form->block, run->end - run->first - tile), chunk % form->groups,
                  p2p_node_scratch (run->node) + tile * form->v_pitch);
}

static void
forward (P2pNode        *node,
         const p2p_real *prepared)
{
  P2pParallel *parallel = node->graph->parallel;
  Forward      run = { node, prepared };
  const Form  *form = &run.form;

  find_form (node, &run.form);
  if (! form->shared)
    p2p_parallel_for (parallel, (form->tiles + form->block - 1) / form->block, block_chunk, &run);
  for (; form->shared && run.first < form->tiles; run.first = run.end)
    {
      int n = MIN (form->round, form->tiles - run.first);

      run.end = run.first + n;
      p2p_parallel_for (parallel, n, transform_chunk, &run);
      p2p_parallel_for (parallel, (n + form->block - 1) / form->block * form->groups,
                        multiply_chunk, &run);
    }
}

const P2pConvAlgorithm p2p_conv_winograd =
{
  "winograd", P2P_FORM_TRANSFORMED, suits, prepared_size, shared_size, scratch_size, prepare,
  forward
};

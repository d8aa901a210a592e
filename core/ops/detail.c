/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The loss of details, after the gradient variance loss of Abrahamyan et al. (Gradient Variance
 * Loss for Structure-Enhanced Image Super-Resolution, ICASSP 2022).
 *
 *   1  The energy at a pixel is the mean over the channels of dx² + dy², where dx and dy are the
 *      differences of the pixels to the right and below from this one.
 *   2  The strength of the details in a window is √(mean energy + ε).
 *   3  The loss is the mean over all windows of (strength in x − strength in the target)².
 *
 * It does not ask where in a window the details lie.  So the mean of all plausible pictures, which
 * is a blur, is not its best answer, as it is that of L1.  In the publication windows lie side by
 * side; here there is one at every place, since a network could learn their edges. */

#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "ops.h"
#include "p2p.h"

#define SIDE    32      /* of a window, pixels; smaller in a smaller picture */
#define EPSILON 1e-4    /* a difference of one 8-bit level, squared, is 6e-5 */

enum { X, TARGET };

/* The windows of a picture: a window at every place where it has all of its energies. */
typedef struct
{
  int side, down, across;
} Windows;

static Windows
windows_of (const P2pNode *x)
{
  const int side = MIN (SIDE, MIN (x->h, x->w) - 1);

  return (Windows) { side, x->h - side, x->w - side };
}

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const P2pNode *x = node->inputs[X], *t = node->inputs[TARGET];
  const Windows  windows = windows_of (x);
  const gsize    plane = (gsize) x->n * x->h * x->w;

  if (t->n != x->n || t->h != x->h || t->w != x->w || t->c != x->c || windows.side < 1)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Values of %d×%d×%d and %d×%d×%d elements cannot be compared"),
                   x->w, x->h, x->c, t->w, t->h, t->c);
      return FALSE;
    }
  node->n = node->h = node->w = node->c = 1;
  node->saved_size = (gsize) x->n * windows.down * windows.across;
  node->scratch_size = 2 * plane + (gsize) x->n * windows.down;
  node->backward_scratch_size = plane + node->saved_size;
  return TRUE;
}

/* ---- Sums over areas -------------------------------------------------------------------- */

/* Turns the values of a plane [h,w], whose rows are w apart, into a table: each is replaced by the
 * sum of all values above and to the left, with its own row and column. */
static void
make_table (p2p_real *values,
            int       h,
            int       w)
{
  for (int y = 0; y < h; y++)
    {
      p2p_real *row = values + (gsize) y * w;
      p2p_real  sum = 0;

      for (int x = 0; x < w; x++)
        {
          sum += row[x];
          row[x] = sum + (y > 0 ? row[x - w] : 0);
        }
    }
}

/* The sum over the first rows and columns of the plane of a table; there may be none. */
static p2p_real
sum_to (const p2p_real *table,
        int             w,
        int             rows,
        int             columns)
{
  return rows > 0 && columns > 0 ? table[(gsize) (rows - 1) * w + columns - 1] : 0;
}

/* The sum over an area of the plane of a table: rows top to bottom − 1, columns left to right −
 * 1. */
static p2p_real
sum_over (const p2p_real *table,
          int             w,
          int             top,
          int             left,
          int             bottom,
          int             right)
{
  return sum_to (table, w, bottom, right) - sum_to (table, w, bottom, left)
         - sum_to (table, w, top, right) + sum_to (table, w, top, left);
}

/* ---- Forward ---------------------------------------------------------------------------- */

/* The energy at a pixel that has neighbors to the right and below. */
static p2p_real
energy_at (const P2pNode  *x,
           const p2p_real *pixel)
{
  const p2p_real *right = pixel + x->c, *below = pixel + (gsize) x->w * x->c;
  p2p_real        sum = 0;

  for (int k = 0; k < x->c; k++)
    sum += (right[k] - pixel[k]) * (right[k] - pixel[k])
           + (below[k] - pixel[k]) * (below[k] - pixel[k]);
  return sum / x->c;
}

static p2p_real *
table_of (P2pNode *node,
          int      which,
          int      image)
{
  const P2pNode *x = node->inputs[X];

  return p2p_node_scratch (node) + ((gsize) which * x->n + image) * x->h * x->w;
}

/* Makes the table of the energies of a picture: those of x are the first, those of the target come
 * after them. */
static void
make_energies (int      picture,
               int      worker,
               gpointer data)
{
  P2pNode        *node = data;
  const int       which = picture / node->inputs[X]->n, image = picture % node->inputs[X]->n;
  const P2pNode  *x = node->inputs[which];
  const p2p_real *pixel = x->x + (gsize) image * x->h * x->w * x->c;
  p2p_real       *table = table_of (node, which, image);

  for (int i = 0; i < x->h; i++)
    for (int j = 0; j < x->w; j++, pixel += x->c)
      table[(gsize) i * x->w + j] = i < x->h - 1 && j < x->w - 1 ? energy_at (x, pixel) : 0;
  make_table (table, x->h, x->w);
}

/* The strength of the details in a window of a picture.  A sum of energies may be slightly
 * negative, because it is a difference of rounded sums. */
static double
strength_at (P2pNode       *node,
             int            which,
             int            image,
             const Windows *windows,
             int            top,
             int            left)
{
  const int    side = windows->side;
  const double energy = sum_over (table_of (node, which, image), node->inputs[X]->w, top, left,
                                  top + side, left + side);

  return sqrt (MAX (0.0, energy) / (side * side) + EPSILON);
}

/* Compares the strengths in one row of windows.  The row's sum of squares goes behind the tables;
 * for the backward pass the difference is saved, divided by the strength in x. */
static void
compare_row (int      row,
             int      worker,
             gpointer data)
{
  P2pNode       *node = data;
  const P2pNode *x = node->inputs[X];
  const Windows  windows = windows_of (x);
  const int      image = row / windows.down, top = row % windows.down;
  p2p_real      *saved = node->saved + (gsize) row * windows.across;
  double         sum = 0.0;

  for (int i = 0; i < windows.across; i++)
    {
      const double s = strength_at (node, X, image, &windows, top, i);
      const double apart = s - strength_at (node, TARGET, image, &windows, top, i);

      saved[i] = apart / s;
      sum += apart * apart;
    }
  table_of (node, 2, 0)[row] = sum;
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  const P2pNode *x = node->inputs[X];
  const Windows  windows = windows_of (x);
  const int      rows = x->n * windows.down;
  double         sum = 0.0;

  p2p_parallel_for (graph->parallel, 2 * x->n, make_energies, node);
  p2p_parallel_for (graph->parallel, rows, compare_row, node);
  for (int row = 0; row < rows; row++)
    sum += table_of (node, 2, 0)[row];
  *node->x = sum / ((double) rows * windows.across);
}

/* ---- Backward --------------------------------------------------------------------------- */

typedef struct
{
  P2pNode  *node;
  gboolean  empty;    /* set the gradient of x instead of adding to it */
} Backward;

/* The table of what was saved for the windows of a picture.  The gradients of energies lie before
 * the tables. */
static p2p_real *
saved_table (P2pNode *node,
             int      image)
{
  const P2pNode *x = node->inputs[X];

  return p2p_node_backward_scratch (node) + (gsize) x->n * x->h * x->w
         + image * (node->saved_size / x->n);
}

static void
make_saved (int      image,
            int      worker,
            gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  const Windows   windows = windows_of (node->inputs[X]);
  const gsize     n = (gsize) windows.down * windows.across;
  p2p_real       *table = saved_table (run->node, image);

  memcpy (table, node->saved + image * n, n * sizeof (p2p_real));
  make_table (table, windows.down, windows.across);
}

/* Computes half of the gradient of the energies of one row of pixels: of each, the sum over the
 * windows that it lies in. */
static void
spread_row (int      row,
            int      worker,
            gpointer data)
{
  const Backward *run = data;
  const P2pNode  *x = run->node->inputs[X];
  const Windows   windows = windows_of (x);
  const int       image = row / x->h, y = row % x->h, side = windows.side;
  const double    share = *run->node->g
                          / ((double) run->node->saved_size * side * side * x->c);
  const p2p_real *table = saved_table (run->node, image);
  p2p_real       *to = p2p_node_backward_scratch (run->node) + (gsize) row * x->w;

  for (int i = 0; i < x->w; i++)
    to[i] = y < x->h - 1 && i < x->w - 1
            ? share * sum_over (table, windows.across, MAX (0, y - side + 1),
                                MAX (0, i - side + 1), MIN (y + 1, windows.down),
                                MIN (i + 1, windows.across))
            : 0;
}

/* Computes the gradient of one row of x from the gradients of the energies. */
static void
gather_row (int      row,
            int      worker,
            gpointer data)
{
  const Backward *run = data;
  const P2pNode  *x = run->node->inputs[X];
  const int       c = x->c, line = x->w * c, y = row % x->h;
  const p2p_real *of = p2p_node_backward_scratch (run->node) + (gsize) row * x->w;
  const p2p_real *pixel = x->x + (gsize) row * line;
  p2p_real       *g = x->g + (gsize) row * line;

  for (int i = 0; i < x->w; i++)
    for (int k = 0; k < c; k++, pixel++, g++)
      {
        p2p_real sum = 0;

        if (i < x->w - 1 && y < x->h - 1)
          sum += of[i] * (2 * *pixel - pixel[c] - pixel[line]);
        if (i > 0 && y < x->h - 1)
          sum += of[i - 1] * (*pixel - pixel[-c]);
        if (y > 0 && i < x->w - 1)
          sum += of[i - x->w] * (*pixel - pixel[-line]);
        *g = (run->empty ? 0 : *g) + 2 * sum;
      }
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  P2pNode  *x = node->inputs[X];
  Backward  run = { node };

  if (! x->g)
    return;
  run.empty = p2p_gradient_is_empty (x);
  p2p_parallel_for (graph->parallel, x->n, make_saved, &run);
  p2p_parallel_for (graph->parallel, x->n * x->h, spread_row, &run);
  p2p_parallel_for (graph->parallel, x->n * x->h, gather_row, &run);
}

static const P2pOp detail_op =
{ "detail", P2P_BACKWARD_READS_INPUTS, infer, forward, backward };

P2pNode *
p2p_loss_detail (P2pNode *x,
                 P2pNode *target)
{
  P2pNode *inputs[] = { x, target };

  if (! x || ! target)
    return NULL;
  return p2p_append ((P2pAt) { x->graph, "detail" }, &detail_op, inputs, 2, 2, NULL, 0);
}

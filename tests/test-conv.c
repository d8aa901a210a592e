/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Convolutions against naive loops in double precision, written here.  Built with the float core
 * and with the double core. */

#include "one-op.h"

/* Winograd's transforms round once more. */
#ifdef P2P_DOUBLE
#define WINOGRAD_ROUNDING ROUNDING
#else
#define WINOGRAD_ROUNDING 1e-11
#endif

typedef struct
{
  const char *name;
  gboolean    transposed;
  int         n, h, w, c, out, k, s, p, extra;
  gboolean    bias;
} ConvCase;

static const ConvCase conv_cases[] =
{
  { "first-layer",            FALSE, 1,  64,  64,   3,  16, 4, 2, 1, 0, FALSE },
  { "wide-row-in-parts",      FALSE, 1,   4, 700,   5,   8, 4, 2, 1, 0, TRUE },
  { "batch-of-three",         FALSE, 3,  16,  12,   8,  20, 4, 2, 1, 0, TRUE },
  { "many-channels",          FALSE, 1,   8,   8, 512, 256, 4, 2, 1, 0, FALSE },
  { "bottleneck-one-pixel",   FALSE, 1,   2,   2, 128, 160, 4, 2, 1, 0, FALSE },
  { "stride-1-of-patchgan",   FALSE, 1,  31,  17,  24,   1, 4, 1, 1, 0, TRUE },
  { "3x3-of-resnet",          FALSE, 2,  18,  14,  32,  32, 3, 1, 0, 0, TRUE },
  { "3x3-to-one-pixel",       FALSE, 1,   3,   3,  64,  72, 3, 1, 0, 0, TRUE },
  { "3x3-to-one-row",         FALSE, 2,   3,  40,   8,   9, 3, 1, 0, 0, FALSE },
  { "3x3-halves",             FALSE, 1,  20,  28,  16,  32, 3, 2, 1, 0, TRUE },
  { "3x3-halves-one-pixel",   FALSE, 2,   1,   1,   8,   6, 3, 2, 1, 0, TRUE },
  { "3x3-halves-two-pixels",  FALSE, 1,   2,   2, 128, 256, 3, 2, 1, 0, FALSE },
  { "7x7-of-resnet",          FALSE, 1,  22,  26,   3,  24, 7, 1, 0, 0, FALSE },
  { "7x7-to-one-pixel",       FALSE, 1,   7,   7,   3,  16, 7, 1, 0, 0, TRUE },
  { "7x7-last-layer",         FALSE, 1,  39, 157,  24,   3, 7, 1, 0, 0, TRUE },
  { "7x7-last-layer-gray",    FALSE, 2,  12,  11,  16,   1, 7, 1, 0, 0, TRUE },
  { "1x1",                    FALSE, 1,   9,  11,   6,  10, 1, 1, 0, 0, TRUE },
  { "odd-channels",           FALSE, 1,  16,  16,   7, 133, 3, 2, 1, 0, TRUE },
  { "up",                     TRUE,  1,  16,  16,  48,  40, 4, 2, 1, 0, FALSE },
  { "up-from-one-pixel",      TRUE,  1,   1,   1, 160, 128, 4, 2, 1, 0, FALSE },
  { "up-wide-row-in-parts",   TRUE,  1,   3, 300,   9,  11, 4, 2, 1, 0, TRUE },
  { "up-batch",               TRUE,  3,   8,   6,  64,  72, 4, 2, 1, 0, TRUE },
  { "up-last-layer",          TRUE,  1,  40, 150,  32,   3, 4, 2, 1, 0, TRUE },
  { "up-last-layer-batch",    TRUE,  2,   5,   7,  16,   3, 4, 2, 1, 0, TRUE },
  { "up-last-layer-gray",     TRUE,  1,  17,  66,  16,   1, 4, 2, 1, 0, FALSE },
  { "up-3x3-of-resnet",       TRUE,  1,  12,  10,  32,  24, 3, 2, 1, 1, TRUE },
  { "up-3x3-from-one-pixel",  TRUE,  2,   1,   1,  24,  12, 3, 2, 1, 1, TRUE },
  { "up-3x3-from-one-row",    TRUE,  1,   1,  30,  16,  80, 3, 2, 1, 1, FALSE },
  { "up-3x3-to-few",          TRUE,  1,  21,  70,   8,   2, 3, 2, 1, 1, FALSE },
  { "up-kernel-below-stride", TRUE,  1,   5,   6,   8,  80, 1, 2, 0, 0, FALSE },
  { "4x4-winograd",           FALSE, 1,  35,  32,  16,  48, 4, 2, 1, 0, TRUE },
  { "4x4-winograd-own-tiles", FALSE, 2,  66,  70,  16,  80, 4, 2, 1, 0, FALSE },
  { "4x4-winograd-padding-0", FALSE, 1,  34,  37,  16,  16, 4, 2, 0, 0, FALSE },
  { "4x4-winograd-rounds",    FALSE, 1,  68,  72, 272, 256, 4, 2, 1, 0, TRUE },
  { "3x3-winograd",           FALSE, 1,  34,  31,  32,  16, 3, 1, 0, 0, TRUE },
  { "3x3-winograd-padded",    FALSE, 3,  17,  22,  16,  32, 3, 1, 1, 0, FALSE },
  { "3x3-winograd-own-tiles", FALSE, 1,  95,  93,  16,  16, 3, 1, 1, 0, FALSE },
  { "up-winograd",            TRUE,  1,  15,  14,  32,  48, 4, 2, 1, 0, TRUE },
  { "up-winograd-own-tiles",  TRUE,  2,  33,  30,  16,  80, 4, 2, 1, 0, FALSE },
  { "up-winograd-large",      TRUE,  1,  15,  13, 256, 272, 4, 2, 1, 0, TRUE },
  { "up-winograd-padding-0",  TRUE,  1,  13,  16,  16,  16, 4, 2, 0, 1, FALSE },
  { "up-stride-1",            TRUE,  1,   7,   9,   8,  30, 3, 1, 1, 0, TRUE },
};

/* y [n,h',w',out] by the definition. */
static double *
naive_conv (const ConvCase *t,
            const P2pNode  *x,
            const P2pNode  *y,
            const p2p_real *weight,
            const p2p_real *bias)
{
  double *sum = g_new0 (double, p2p_node_size (y));

  for (int n = 0; n < t->n; n++)
    for (int i = 0; i < (t->transposed ? t->h : y->h); i++)
      for (int j = 0; j < (t->transposed ? t->w : y->w); j++)
        for (int ky = 0; ky < t->k; ky++)
          for (int kx = 0; kx < t->k; kx++)
            {
              /* (i, j) and its neighbour under this tap: output and input, or the reverse. */
              int other_i = i * t->s - t->p + ky, other_j = j * t->s - t->p + kx;
              int iy = t->transposed ? i : other_i, ix = t->transposed ? j : other_j;
              int oy = t->transposed ? other_i : i, ox = t->transposed ? other_j : j;

              if (iy < 0 || iy >= t->h || ix < 0 || ix >= t->w
                  || oy < 0 || oy >= y->h || ox < 0 || ox >= y->w)
                continue;
              for (int o = 0; o < t->out; o++)
                for (int c = 0; c < t->c; c++)
                  {
                    int kernel = t->transposed ? c * t->out + o : o * t->c + c;

                    sum[((n * y->h + oy) * y->w + ox) * t->out + o] +=
                      (double) x->x[((n * t->h + iy) * t->w + ix) * t->c + c]
                      * weight[(kernel * t->k + ky) * t->k + kx];
                  }
            }
  for (gsize i = 0; i < p2p_node_size (y) && bias; i++)
    sum[i] += bias[i % t->out];

  return sum;
}

static void
test_conv (gconstpointer data)
{
  const ConvCase    *t = data;
  Fixture            f = fixture_new (P2P_STATS_OWN, FALSE);
  P2pAt              at = p2p_sub (p2p_at (f.graph), "layer");
  g_autofree double *expected = NULL;
  P2pParam          *bias;
  double             error;

  f.x = p2p_input (f.graph, t->n, t->h, t->w, t->c);
  f.y = t->transposed ? p2p_conv_transpose (at, f.x, t->out, t->k, t->s, t->p, t->extra, t->bias)
                      : p2p_conv (at, f.x, t->out, t->k, t->s, t->p, t->bias);
  p2p_params_init (f.params, 3);
  bias = p2p_params_lookup (f.params, "layer.bias");
  if (bias)
    {
      fill_random (bias->value, bias->n, 4);
      f.y->inputs[2]->x = bias->value;
    }
  run (&f, t->name);

  expected = naive_conv (t, f.x, f.y, p2p_params_lookup (f.params, "layer.weight")->value,
                         bias ? bias->value : NULL);
  error = nmse (f.y->x, expected, p2p_node_size (f.y));
  if (! (error <= (strcmp (f.y->algorithm, "winograd") ? ROUNDING : WINOGRAD_ROUNDING)))
    g_error ("%s (%s): squared error %g against the naive loop", t->name, f.y->algorithm, error);
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/conv/", conv_cases[i].name, NULL);

      g_test_add_data_func (path, &conv_cases[i], test_conv);
    }

  return g_test_run ();
}

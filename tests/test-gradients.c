/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The gradients of every op and of small networks, with respect to inputs and parameters, compared
 * with central differences.  Built with the double core only. */

#include "nets/nets.h"
#include "one-op.h"

#define SAMPLES 40      /* number of elements of a tensor that are moved */
#define MOVE    1e-5
#define LIMIT   1e-6    /* limit of the difference, relative to the gradient's length */
#define LEAST   1e-2    /* below this length, differences are only rounding */

typedef P2pNode * (* Build) (P2pAt at, P2pNode *x, P2pNode *b);

/* build makes the result from x and b.  The tests look at the gradients of the result's product
 * with random numbers. */
typedef struct
{
  const char  *name;
  Build        build;
  int          n, h, w, c, b_c;    /* shapes of x and b; b_c is 0 if there is no b */
  P2pStatsUse  use;
} Case;

typedef struct
{
  Fixture     f;
  p2p_real   *x, *b;
  double     *along;    /* the random numbers that the result is multiplied with */
} Problem;

static Problem
problem_new (const Case *t)
{
  Problem p = { fixture_new (t->use, TRUE) };
  gsize   n;

  p.f.graph->options.gradients = P2P_INPUTS | P2P_PARAMS;
  if (t->use == P2P_STATS_GIVEN)
    for (int k = 0; k < t->c; k++)
      {
        p2p_stats_get (p.f.stats, "op", t->c)->mean[k] = 0.1 * k;
        p2p_stats_get (p.f.stats, "op", t->c)->variance[k] = 0.5 + k;
      }
  for (int pass = 0; pass < 2; pass++)    /* the first pass declares the parameters */
    {
      P2pGraphOptions options = p.f.graph->options;

      p2p_graph_free (p.f.graph);
      p.f.graph = p2p_graph_new (p.f.params, p.f.parallel, &options);
      p.f.x = p2p_input (p.f.graph, t->n, t->h, t->w, t->c);
      p.f.b = t->b_c ? p2p_input (p.f.graph, t->n, t->h, t->w, t->b_c) : NULL;
      p.f.y = t->build (p2p_sub (p2p_at (p.f.graph), "op"), p.f.x, p.f.b);
      p2p_output (p.f.y);
      if (pass == 0)
        p2p_params_init (p.f.params, 3, NULL);
    }
  for (guint i = 0; i < p2p_params_length (p.f.params); i++)
    {
      const P2pParam *param = p2p_params_nth (p.f.params, i);

      if (param->kind == P2P_TRAINABLE)
        fill_random (param->value, param->n, 30 + i);
    }
  p2p_params_train (p.f.params);
  plan (p.f.graph);
  memset (p.f.graph->arena, 0, p.f.graph->arena_size);

  n = p2p_node_size (p.f.x);
  p.x = g_new (p2p_real, n);
  fill_random (p.x, n, 7);
  if (p.f.b)
    {
      n = p2p_node_size (p.f.b);
      p.b = g_new (p2p_real, n);
      fill_random (p.b, n, 8);
    }
  n = p2p_node_size (p.f.y);
  p.along = g_new (double, n);
  fill_random (p.along, n, 9);
  return p;
}

static void
problem_clear (Problem *p)
{
  fixture_clear (&p->f);
  g_free (p->x);
  g_free (p->b);
  g_free (p->along);
}

static double
value (Problem *p)
{
  double sum = 0.0;

  memcpy (p->f.x->x, p->x, p2p_node_size (p->f.x) * sizeof (p2p_real));
  if (p->f.b)
    memcpy (p->f.b->x, p->b, p2p_node_size (p->f.b) * sizeof (p2p_real));
  forward (p->f.graph, 1);
  for (gsize i = 0; i < p2p_node_size (p->f.y); i++)
    sum += p->along[i] * p->f.y->x[i];
  return sum;
}

/* Compares the gradient of n values with the effect of moving some of them. */
static void
check (Problem      *p,
       const char   *what,
       p2p_real     *values,
       const double *gradient,
       gsize         n)
{
  double error = 0.0, length = 0.0;

  for (gsize s = 0; s < MIN (n, SAMPLES); s++)
    {
      gsize    i = n <= SAMPLES ? s : p2p_random (4, 4, s) % n;
      p2p_real before = values[i];
      double   up, down;

      values[i] = before + MOVE;
      up = value (p);
      values[i] = before - MOVE;
      down = value (p);
      values[i] = before;
      error += pow ((up - down) / (2.0 * MOVE) - gradient[i], 2.0);
      length += pow (gradient[i], 2.0);
    }
  if (! (sqrt (error) <= LIMIT * MAX (sqrt (length), LEAST)))
    g_error ("the gradient by %s is %g off, of %g", what, sqrt (error), sqrt (length));
}

static void
test_gradient (gconstpointer data)
{
  const Case        *t = data;
  Problem            p = problem_new (t);
  g_autofree double *dx = NULL, *db = NULL;
  p2p_real          *seed;

  value (&p);
  seed = p2p_graph_seed (p.f.y);
  for (gsize i = 0; i < p2p_node_size (p.f.y); i++)
    seed[i] = p.along[i];
  p2p_graph_backward (p.f.graph, P2P_INPUTS | P2P_PARAMS);
  dx = g_memdup2 (p.f.x->g, p2p_node_size (p.f.x) * sizeof (double));
  db = p.f.b ? g_memdup2 (p.f.b->g, p2p_node_size (p.f.b) * sizeof (double)) : NULL;

  check (&p, "x", p.x, dx, p2p_node_size (p.f.x));
  if (p.f.b)
    check (&p, "b", p.b, db, p2p_node_size (p.f.b));
  for (guint i = 0; i < p2p_params_length (p.f.params); i++)
    {
      P2pParam *param = p2p_params_nth (p.f.params, i);

      if (param->kind == P2P_TRAINABLE)
        check (&p, param->name, param->value, param->gradient, param->n);
    }
  problem_clear (&p);
}

/* ---- The ops ---------------------------------------------------------------------------- */

static P2pNode *
conv_4x4 (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv (at, x, 6, 4, 2, 1, TRUE);
}

static P2pNode *
conv_3x3 (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv (at, x, 5, 3, 1, 1, FALSE);
}

static P2pNode *
conv_wide (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv (at, x, 300, 3, 2, 1, TRUE);
}

static P2pNode *
up_4x4 (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv_transpose (at, x, 6, 4, 2, 1, 0, TRUE);
}

static P2pNode *
up_3x3 (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv_transpose (at, x, 90, 3, 2, 1, 1, TRUE);
}

static P2pNode *
resize (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv_resize (at, x, 6, 3, TRUE);
}

static P2pNode *
smooth (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv_resize (at, x, 6, 2, TRUE);
}

static P2pNode *
conv_double (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_conv_double (at, x, 3, TRUE);
}

static P2pNode *
batch_norm (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_norm (at, x, P2P_NORM_BATCH);
}

static P2pNode *
instance_norm (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_norm (at, x, P2P_NORM_INSTANCE);
}

static P2pNode *
relu (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_relu (x);
}

static P2pNode *
leaky_relu (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_leaky_relu (x, 0.2);
}

static P2pNode *
tanh_ (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_tanh (x);
}

static P2pNode *
concat (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_concat (x, b);
}

static P2pNode *
add (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_add (x, b);
}

static P2pNode *
pad (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_pad_reflect (x, 4);
}

static P2pNode *
dropout (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_dropout (at, x, 0.3);
}

static P2pNode *
bce_0 (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_loss_bce (x, 0.0);
}

static P2pNode *
bce_1 (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_loss_bce (x, 1.0);
}

static P2pNode *
mse (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_loss_mse (x, 1.0);
}

static P2pNode *
hinge (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_loss_hinge (p2p_add (x, x), -1.0);
}

static P2pNode *
linear (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_loss_linear (x, 1.0);
}

/* The target has no gradient, so here it is an input that is not tested. */
static P2pNode *
l1 (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNode *zero = p2p_input (at.graph, x->n, x->h, x->w, x->c);

  p2p_output (zero);
  return p2p_loss_l1 (x, zero);
}

static P2pNode *
l2 (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNode *zero = p2p_input (at.graph, x->n, x->h, x->w, x->c);

  p2p_output (zero);
  return p2p_loss_l2 (x, zero);
}

static P2pNode *
detail (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNode *zero = p2p_input (at.graph, x->n, x->h, x->w, x->c);

  p2p_output (zero);
  return p2p_loss_detail (p2p_tanh (x), zero);
}

/* ---- Values with several readers -------------------------------------------------------- */

static P2pNode *
twice (P2pAt at, P2pNode *x, P2pNode *b)
{
  return p2p_add (x, x);
}

/* Every op adds once more to a gradient that the concatenations began. */
static P2pNode *
shared (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNode *y = p2p_norm (p2p_sub (at, "0"), x, P2P_NORM_BATCH);
  P2pNode *z = p2p_concat (p2p_leaky_relu (y, 0.2), p2p_dropout (p2p_sub (at, "1"), y, 0.5));

  z = p2p_concat (z, p2p_norm (p2p_sub (at, "2"), y, P2P_NORM_INSTANCE));
  z = p2p_concat (z, p2p_conv (p2p_sub (at, "3"), y, 3, 3, 1, 1, TRUE));
  z = p2p_concat (z, p2p_conv_transpose (p2p_sub (at, "4"), y, 2, 3, 1, 1, 0, TRUE));
  z = p2p_concat (z, p2p_add (p2p_tanh (y), y));
  return p2p_concat (p2p_pad_reflect (z, 1), p2p_pad_reflect (p2p_concat (z, y), 1));
}

static P2pNode *
unet (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNetOptions options = { .num_downs = 5, .ngf = 2, .input_nc = 3, .output_nc = 2,
                            .norm = P2P_NORM_BATCH, .skip = TRUE };

  return p2p_net_unet.build (at, x, &options);
}

static P2pNode *
resnet (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNetOptions options = { .n_blocks = 2, .ngf = 2, .input_nc = 3, .output_nc = 2,
                            .norm = P2P_NORM_INSTANCE, .use_dropout = TRUE };

  return p2p_net_resnet.build (at, x, &options);
}

static P2pNode *
unet_resize (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNetOptions options = { .num_downs = 5, .ngf = 2, .input_nc = 3, .output_nc = 2,
                            .norm = P2P_NORM_BATCH, .skip = TRUE,
                            .upsample = P2P_UPSAMPLE_RESIZE };

  return p2p_net_unet.build (at, x, &options);
}

static P2pNode *
resnet_resize (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pNetOptions options = { .n_blocks = 2, .ngf = 2, .input_nc = 3, .output_nc = 2,
                            .norm = P2P_NORM_INSTANCE, .upsample = P2P_UPSAMPLE_RESIZE };

  return p2p_net_resnet.build (at, x, &options);
}

static P2pNode *
patchgan (P2pAt at, P2pNode *x, P2pNode *b)
{
  P2pDiscriminatorOptions options = { FALSE, 3, 2, P2P_NORM_BATCH };

  return p2p_discriminator (at, p2p_concat (x, b), &options);
}

static const Case cases[] =
{
  { "conv/4x4",         conv_4x4,      2, 12, 10,  3 },
  { "conv/4x4-odd",     conv_4x4,      1, 13, 11,  3 },
  { "conv/3x3",         conv_3x3,      1,  9,  7,  4 },
  { "conv/many-pixels", conv_3x3,      1, 40, 33,  4 },
  { "conv/wide",        conv_wide,     1,  5,  6, 40 },
  { "conv/up-4x4",      up_4x4,        2,  5,  6,  4 },
  { "conv/up-pixel",    up_4x4,        1,  1,  1, 20 },
  { "conv/up-3x3",      up_3x3,        1,  6,  5, 30 },
  { "conv/resize",      resize,        2,  5,  6,  4 },
  { "conv/resize-pixel", resize,       1,  1,  1, 20 },
  { "conv/smooth",      smooth,        2,  5,  6,  4 },
  { "conv/double",      conv_double,   2,  5,  6,  4 },
  { "conv/double-pixel", conv_double,  1,  1,  1, 20 },
  { "norm/batch",       batch_norm,    2, 11,  9,  5 },
  { "norm/batch-large", batch_norm,    1, 50, 41, 12 },
  { "norm/batch-given", batch_norm,    2,  6,  5,  4, 0, P2P_STATS_GIVEN },
  { "norm/instance",    instance_norm, 3,  8,  9,  4 },
  { "norm/instance-of-all", instance_norm, 3, 8, 9, 4, 0, P2P_STATS_COLLECT },
  { "relu",             relu,          1,  9,  9,  3 },
  { "leaky-relu",       leaky_relu,    1,  9,  9,  3 },
  { "tanh",             tanh_,         1,  9,  9,  3 },
  { "concat",           concat,        2,  5,  4,  3, 2 },
  { "add",              add,           2,  5,  4,  3, 3 },
  { "add/twice",        twice,         2,  5,  4,  3 },
  { "pad",              pad,           2,  5,  6,  3 },
  { "pad/repeatedly",   pad,           1,  2,  3,  2 },
  { "pad/one-pixel",    pad,           1,  1,  1,  2 },
  { "dropout",          dropout,       1,  9,  9,  3 },
  { "loss/bce-0",       bce_0,         2,  9,  9,  1 },
  { "loss/bce-1",       bce_1,         2,  9,  9,  1 },
  { "loss/mse",         mse,           2,  9,  9,  1 },
  { "loss/hinge",       hinge,         2,  9,  9,  1 },
  { "loss/linear",      linear,        2,  9,  9,  1 },
  { "loss/l1",          l1,            2,  9,  9,  3 },
  { "loss/l2",          l2,            2,  9,  9,  3 },
  { "loss/detail",      detail,        2, 40, 36,  3 },
  { "loss/detail-small", detail,       1,  2,  7,  3 },
  { "shared",           shared,        2,  6,  5,  3 },
  { "net/unet",         unet,          1, 64, 64,  3 },
  { "net/resnet",       resnet,        2, 12, 16,  3 },
  { "net/unet-resize",  unet_resize,   1, 64, 64,  3 },
  { "net/resnet-resize", resnet_resize, 2, 12, 16,  3 },
  { "net/patchgan",     patchgan,      1, 32, 32,  3, 2 },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/gradients/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_gradient);
    }

  return g_test_run ();
}

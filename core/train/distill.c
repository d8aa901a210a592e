/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/intl.h"
#include "base/random.h"
#include "crop.h"
#include "distill.h"
#include "init.h"
#include "models/model.h"

#define MOST_PAIRS      8
#define LAMBDA_FEATURES 10.0

/* The teacher's features are not compared when their mean square is this small: they are all but
 * zero. */
#define LEAST_SQUARE    1e-12

/* A value of the student, its picture or a feature, and the teacher's value that it is compared
 * with.  The comparison has a graph of its own. */
typedef struct
{
  P2pNode *student;  /* the value in the student's graph */
  guint    feature;  /* index of the teacher's feature; not used for the picture */
  P2pNode *x;        /* copy of the student's value, in the comparison's graph */
  P2pNode *target;   /* the teacher's values for the whole batch */
  P2pNode *loss;
} Pair;

struct _P2pDistill
{
  P2pModel     *model;            /* the teacher */
  P2pModelMode  mode;             /* how the teacher runs */
  P2pParallel  *parallel;         /* not owned */
  P2pParams    *params;           /* the projections */
  double        lambda;           /* weight of the pictures' difference */
  guint64       seed;
  gboolean      has_targets;      /* FALSE: the teacher's pictures become the targets */

  /* The comparison, for batches of one shape; p2p_distill_build () replaces it. */
  P2pGraph     *graph;
  Pair          picture, features[MOST_PAIRS];
  int           n_features;
};

/* ---- The teacher ------------------------------------------------------------------------ */

static gboolean
check (const P2pCard          *card,
       const P2pTrainOptions  *options,
       GError                **error)
{
  const int        multiple = card->net->side_multiple (&card->options);
  const int        own = options->net_g->side_multiple (&options->g);
  g_autofree char *teacher = p2p_inputs_to_text (&card->inputs);
  g_autofree char *student = p2p_inputs_to_text (&options->inputs);
  const P2pSize    crop = options->crop_size;

  if (! p2p_inputs_equal (&card->inputs, &options->inputs) || card->output != options->output)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The teacher makes %s from %s, but the training is for making %s from %s: "
                   "choose another teacher, or give the teacher's --inputs, --outputs, --mode and "
                   "--hints"), p2p_outputs[card->output].name, teacher,
                 p2p_outputs[options->output].name, student);
  else if (crop.width % multiple || crop.height % multiple)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The teacher needs pictures whose sides are multiples of %d pixels, but "
                   "--crop-size is %d×%d: choose a --crop-size of such multiples"), multiple,
                 crop.width, crop.height);
  else if (p2p_view_is_whole (options) && own % multiple)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The teacher needs pictures whose sides are multiples of %d pixels, but this "
                   "--preprocess gives multiples of %d: choose a --preprocess that crops, or "
                   "another --netG"), multiple, own);
  else
    return TRUE;
  return FALSE;
}

P2pDistill *
p2p_distill_new (const P2pTrainOptions  *options,
                 P2pParallel            *parallel,
                 GError                **error)
{
  const P2pApplyOptions as_its_card_says = P2P_APPLY_DEFAULTS;
  P2pModel             *model = p2p_model_open (options->teacher, NULL, error);
  P2pDistill           *distill;

  if (! model)
    return NULL;
  if (! check (model->card, options, error))
    {
      p2p_model_close (model);
      return NULL;
    }
  p2p_model_set_threads (model, p2p_parallel_n_threads (parallel));

  distill = g_new0 (P2pDistill, 1);
  distill->model = model;
  distill->mode = p2p_model_mode (model, &as_its_card_says);
  distill->mode.dropout = FALSE;
  distill->mode.features = TRUE;
  distill->parallel = parallel;
  distill->params = p2p_params_new ();
  distill->lambda = options->lambda_teacher;
  distill->seed = p2p_random (options->seed, p2p_random_stream ("projections"), 0);
  distill->has_targets = options->mode != P2P_DATA_PICTURES;
  return distill;
}

void
p2p_distill_free (P2pDistill *distill)
{
  if (! distill)
    return;
  g_clear_pointer (&distill->graph, p2p_graph_free);
  p2p_params_free (distill->params);
  p2p_model_close (distill->model);
  g_free (distill);
}

P2pParams *
p2p_distill_params (P2pDistill *distill)
{
  return distill->params;
}

/* Runs the teacher on picture i of a batch. */
static gboolean
run_teacher (P2pDistill      *distill,
             const P2pBatch  *batch,
             int              i,
             GError         **error)
{
  P2pModel *model = distill->model;
  P2pGraph *graph = p2p_model_graph (model, batch->w, batch->h, distill->mode, error);
  gsize     size;

  if (! graph || ! p2p_graph_allocate (graph, error))
    return FALSE;
  size = p2p_node_size (model->input);
  memcpy (model->input->x, batch->a + i * size, size * sizeof (p2p_real));
  return p2p_graph_forward (graph, 0, NULL, NULL, NULL, error);
}

static void
take_answer (const P2pDistill *distill,
             const P2pBatch   *batch,
             int               i)
{
  const P2pNode *answer = distill->model->output;
  const gsize    size = p2p_node_size (answer);

  memcpy (batch->b + i * size, answer->x, size * sizeof (p2p_real));
}

gboolean
p2p_distill_answer (P2pDistill      *distill,
                    const P2pBatch  *batch,
                    GError         **error)
{
  for (int i = 0; i < batch->n; i++)
    {
      if (! run_teacher (distill, batch, i, error))
        return FALSE;
      take_answer (distill, batch, i);
    }
  return TRUE;
}

/* ---- Comparing -------------------------------------------------------------------------- */

/* Makes a pair and adds its two inputs to the comparison's graph.  c: channels of the teacher's
 * value.  The caller adds the loss. */
static Pair
add_pair (P2pDistill *distill,
          P2pNode    *student,
          int         c)
{
  const int n = student->n, h = student->h, w = student->w;

  return (Pair) { student, 0, p2p_input (distill->graph, n, h, w, student->c),
                  p2p_input (distill->graph, n, h, w, c) };
}

static void
add_features (P2pDistill *distill,
              P2pNode    *student,
              guint       feature,
              int         c)
{
  Pair     pair = add_pair (distill, student, c);
  P2pAt    at = p2p_sub (p2p_at (distill->graph), "%d", distill->n_features);
  P2pNode *projected = p2p_conv (at, pair.x, c, 1, 1, 0, TRUE);

  pair.feature = feature;
  pair.loss = p2p_loss_l2 (projected, pair.target);
  p2p_output (pair.loss);
  distill->features[distill->n_features++] = pair;
}

/* Pairs the student's features with the teacher's of the same height and width, from the features
 * next to the result back to those of the bottleneck.  Sizes only fall in this direction, so one
 * pass is enough.  Where the two networks differ, features may be left without a partner. */
static void
match_features (P2pDistill      *distill,
                const GPtrArray *of_student,
                const GPtrArray *of_teacher)
{
  guint i = of_student->len, j = of_teacher->len;

  while (i > 0 && j > 0 && distill->n_features < MOST_PAIRS)
    {
      P2pNode *student = of_student->pdata[i - 1], *teacher = of_teacher->pdata[j - 1];

      if (student->h == teacher->h && student->w == teacher->w)
        add_features (distill, student, j - 1, teacher->c);
      i -= student->h >= teacher->h;
      j -= teacher->h >= student->h;
    }
}

/* Draws the projections' initial weights, so that their results are about as large as the values
 * that they are given, and makes room for gradients and moments. */
static gboolean
init_params (P2pDistill  *distill,
             GError     **error)
{
  if (! p2p_init_weights (distill->params, P2P_INIT_XAVIER, 1.0, distill->seed, error)
      || ! p2p_params_reserve (distill->params, error))
    return FALSE;
  p2p_params_train (distill->params);
  return TRUE;
}

gboolean
p2p_distill_build (P2pDistill  *distill,
                   P2pNode     *picture,
                   GError     **error)
{
  const P2pGraphOptions options = { P2P_STATS_OWN, .gradients = P2P_INPUTS | P2P_PARAMS };
  P2pGraph             *teacher = p2p_model_graph (distill->model, picture->w, picture->h,
                                                   distill->mode, error);
  const gboolean        first = p2p_params_length (distill->params) == 0;

  if (! teacher)
    return FALSE;
  g_clear_pointer (&distill->graph, p2p_graph_free);
  distill->graph = p2p_graph_new (distill->params, distill->parallel, &options);
  distill->picture = add_pair (distill, picture, distill->model->output->c);
  distill->picture.loss = p2p_loss_l1 (distill->picture.x, distill->picture.target);
  p2p_output (distill->picture.loss);
  distill->n_features = 0;
  match_features (distill, picture->graph->features, teacher->features);
  return p2p_graph_plan (distill->graph, error) && (! first || init_params (distill, error));
}

/* ---- A step ----------------------------------------------------------------------------- */

/* Copies the teacher's value for picture i of the batch to the pair's target. */
static void
take_target (const Pair    *pair,
             const P2pNode *teacher,
             int            i)
{
  const gsize size = p2p_node_size (teacher);

  memcpy (pair->target->x + i * size, teacher->x, size * sizeof (p2p_real));
}

gboolean
p2p_distill_teach (P2pDistill      *distill,
                   const P2pBatch  *batch,
                   GError         **error)
{
  const P2pModel *model = distill->model;

  if (! p2p_graph_allocate (distill->graph, error))
    return FALSE;
  for (int i = 0; i < batch->n; i++)
    {
      if (! run_teacher (distill, batch, i, error))
        return FALSE;
      take_target (&distill->picture, model->output, i);
      for (int k = 0; k < distill->n_features; k++)
        take_target (&distill->features[k],
                     model->graph->features->pdata[distill->features[k].feature], i);
      if (! distill->has_targets)
        take_answer (distill, batch, i);
    }
  return TRUE;
}

static double
mean_square (const P2pNode *node)
{
  const gsize n = p2p_node_size (node);
  double      sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += (double) node->x[i] * node->x[i];
  return sum / n;
}

/* Gives the student's value to the comparison. */
static void
show (const Pair *pair)
{
  memcpy (pair->x->x, pair->student->x, p2p_node_size (pair->x) * sizeof (p2p_real));
}

/* Adds the comparison's gradient to the seed of the student's value. */
static void
hand_back (const Pair *pair)
{
  p2p_real *seed = p2p_graph_seed (pair->student);

  for (gsize i = 0; i < p2p_node_size (pair->x); i++)
    seed[i] += pair->x->g[i];
}

void
p2p_distill_learn (P2pDistill *distill,
                   double      share,
                   double     *losses)
{
  const int n = distill->n_features;

  show (&distill->picture);
  for (int k = 0; k < n; k++)
    show (&distill->features[k]);
  p2p_graph_forward (distill->graph, 0, NULL, NULL, NULL, NULL);

  losses[0] += share * *distill->picture.loss->x;
  *p2p_graph_seed (distill->picture.loss) = share * distill->lambda;
  for (int k = 0; k < n; k++)
    {
      const Pair  *pair = &distill->features[k];
      const double square = mean_square (pair->target);
      const double part = square > LEAST_SQUARE ? share / (n * square) : 0.0;

      losses[1] += part * *pair->loss->x;
      *p2p_graph_seed (pair->loss) = LAMBDA_FEATURES * part;
    }
  p2p_graph_backward (distill->graph, P2P_INPUTS | P2P_PARAMS);
  hand_back (&distill->picture);
  for (int k = 0; k < n; k++)
    hand_back (&distill->features[k]);
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The recipe of pix2pix (Isola et al. 2017, section 3), in the order of the public PyTorch
 * implementation, for a generator G and a discriminator D:
 *
 *   fake = G (a)
 *   D learns from ½ · (GAN (D (a, fake), fake) + GAN (D (a, b), real)).  The two terms have a
 *   forward each, so that batch norm does not mix them.
 *   G learns from λ_gan · GAN (D (a, fake), real) + λ_L1 · mean |fake − b|, while D stays as it is.
 *   If there is a teacher, G learns from it too (distill.h); where the data has no b, the teacher's
 *   picture is b.
 *
 * With --accumulate the networks see a batch in parts (parts.h): first D learns from all parts,
 * then G from all parts, as if they saw the batch at once (except for batch norm, which sees one
 * part).  For G's turn its pictures of the parts are made again, and come out the same. */

#include <string.h>

#include "agree.h"
#include "augment.h"
#include "base/random.h"
#include "distill.h"
#include "gan.h"
#include "init.h"
#include "ops/ops.h"
#include "p2p.h"
#include "recipe.h"
#include "sum.h"

/* The losses by their index.  At TEACHER begin the two of p2p_distill_learn (). */
enum { G_GAN, G_L1, D_REAL, D_FAKE, TEACHER };

typedef struct
{
  P2pTrainOptions  options;
  P2pParallel     *parallel;        /* not owned */
  P2pParams       *g_params, *d_params;
  P2pParams       *average;         /* moving average of g_params; NULL: not wanted */
  P2pDistill      *distill;         /* NULL: no teacher */
  P2pParts        *parts;
  P2pSum          *g_sum, *d_sum;
  P2pSum          *p_sum;           /* of the teacher's projections; NULL: no teacher */

  /* For batches of one shape; build () replaces them. */
  P2pGraph        *g, *d;
  P2pNode         *a, *b, *fake, *l1, *detail;
  P2pNode         *d_a, *d_b;       /* d_a NULL: not conditional */
  P2pJudgment      said;            /* by d */
} Training;

/* ---- Networks --------------------------------------------------------------------------- */

static void
build_g (Training *t,
         int       n,
         int       h,
         int       w)
{
  const P2pNetOptions *net = &t->options.g;
  P2pGraphOptions      options = { P2P_STATS_OWN, NULL, .dropout = TRUE, .train = TRUE,
                                   .gradients = P2P_PARAMS,
                                   .features = t->distill != NULL };

  t->g = p2p_graph_new (t->g_params, t->parallel, &options);
  t->a = p2p_input (t->g, n, h, w, net->input_nc);
  t->b = p2p_input (t->g, n, h, w, net->output_nc);
  t->fake = t->options.net_g->build (p2p_at (t->g), t->a, net);
  t->l1 = p2p_loss_l1 (t->fake, t->b);
  p2p_output (t->fake);
  p2p_output (t->l1);
  t->detail = t->options.lambda_detail > 0.0 ? p2p_loss_detail (t->fake, t->b) : NULL;
  if (t->detail)
    p2p_output (t->detail);
}

static void
build_d (Training *t,
         int       n,
         int       h,
         int       w)
{
  const P2pTrainOptions *o = &t->options;
  P2pGraphOptions        options = { P2P_STATS_OWN, NULL, .train = TRUE,
                                     .gradients = P2P_INPUTS | P2P_PARAMS };

  t->d = p2p_graph_new (t->d_params, t->parallel, &options);
  t->d_a = o->conditional ? p2p_input (t->d, n, h, w, o->g.input_nc) : NULL;
  t->d_b = p2p_input (t->d, n, h, w, o->g.output_nc);
  t->said = p2p_gan_judge (o, t->d, t->d_a ? p2p_concat (t->d_a, t->d_b) : t->d_b);
}

static void
drop_graphs (Training *t)
{
  g_clear_pointer (&t->g, p2p_graph_free);
  g_clear_pointer (&t->d, p2p_graph_free);
}

static gboolean
build (Training  *t,
       int        n,
       int        h,
       int        w,
       GError   **error)
{
  drop_graphs (t);
  build_g (t, n, h, w);
  build_d (t, n, h, w);
  if (p2p_graph_plan (t->g, error) && p2p_graph_plan (t->d, error)
      && (! t->distill || p2p_distill_build (t->distill, t->fake, error)))
    return TRUE;
  drop_graphs (t);
  return FALSE;
}

/* ---- The recipe ------------------------------------------------------------------------- */

static void
training_free (gpointer training)
{
  Training *t = training;

  if (! t)
    return;
  drop_graphs (t);
  p2p_sum_free (t->g_sum);
  p2p_sum_free (t->d_sum);
  p2p_sum_free (t->p_sum);
  p2p_parts_free (t->parts);
  p2p_params_free (t->g_params);
  p2p_params_free (t->d_params);
  p2p_params_free (t->average);
  p2p_distill_free (t->distill);
  g_free (t);
}

static gboolean
make_sums (Training  *t,
           GError   **error)
{
  p2p_params_train (t->g_params);
  p2p_params_train (t->d_params);
  return (t->g_sum = p2p_sum_new (t->parts, t->g_params, error))
         && (t->d_sum = p2p_sum_new (t->parts, t->d_params, error))
         && (! t->distill
             || (t->p_sum = p2p_sum_new (t->parts, p2p_distill_params (t->distill), error)));
}

static gpointer
training_new (const P2pTrainOptions  *options,
              P2pParallel            *parallel,
              const P2pRanks         *ranks,
              GError                **error)
{
  Training *t;
  guint64   d_seed = p2p_random (options->seed, p2p_random_stream ("D"), 0);

  if (! p2p_gan_check (options, error) || ! p2p_parts_check (options->accumulate, ranks, error))
    return NULL;
  t = g_new0 (Training, 1);
  t->options = *options;
  t->parallel = parallel;
  t->g_params = p2p_params_new ();
  t->d_params = p2p_params_new ();
  t->parts = p2p_parts_new (options->accumulate, options->half_gradients, ranks, parallel);
  if (options->teacher)
    t->distill = p2p_distill_new (options, parallel, error);

  /* The first build only declares the weights; the graphs of later builds use them. */
  if ((options->teacher && ! t->distill)
      || ! build (t, 1, options->crop_size.height, options->crop_size.width, error)
      || ! p2p_init_weights (t->g_params, options->init_type, options->init_gain, options->seed,
                             error)
      || ! p2p_init_weights (t->d_params, options->init_type, options->init_gain, d_seed, error)
      || ! p2p_params_reserve (t->g_params, error) || ! p2p_params_reserve (t->d_params, error)
      || (options->ema > 0.0 && ! (t->average = p2p_params_copy (t->g_params, error)))
      || ! make_sums (t, error))
    {
      training_free (t);
      return NULL;
    }
  drop_graphs (t);
  return t;
}

static P2pParams *
training_params (gpointer    training,
                 const char *network)
{
  Training *t = training;

  return strcmp (network, "G") == 0 ? t->g_params
         : strcmp (network, "D") == 0 ? t->d_params
         : strcmp (network, "P") == 0 ? p2p_distill_params (t->distill) : t->average;
}

static P2pParams *
training_model (gpointer training,
                int      way)
{
  Training *t = training;

  return t->average ? t->average : t->g_params;
}

static gboolean
training_answer (gpointer         training,
                 int              way,
                 const P2pBatch  *batch,
                 GError         **error)
{
  Training *t = training;

  return p2p_distill_answer (t->distill, batch, error);
}

/* ---- What the networks see -------------------------------------------------------------- */

/* The pictures of one step, which the networks see in parts of equal size. */
typedef struct
{
  const P2pBatch *batch;    /* those of this rank's parts */
  guint64         step;
  int             seen;     /* the part on which G has last run; −1: none yet */
} View;

static void
fill (P2pNode        *input,
      const p2p_real *values)
{
  memcpy (input->x, values, p2p_node_size (input) * sizeof (p2p_real));
}

/* The pictures of the part on which G has last run.  They are taken from the batch, because G's
 * graph overwrites its inputs with later values. */
static P2pBatch
seen (const Training *t,
      const View     *view)
{
  const int part = view->seen - t->parts->first;

  return (P2pBatch) { t->a->n, t->a->h, t->a->w,
                      view->batch->a + part * p2p_node_size (t->a),
                      view->batch->b + part * p2p_node_size (t->b) };
}

/* Runs the teacher, if there is one, and G on a part, unless they have just run on it.  again: G
 * has run on the part before in this step, so its running statistics must not change once more.
 * Errors: P2P_ERROR_MEMORY for the teacher.  This happens when the teacher first runs, before any
 * weight has changed. */
static gboolean
show_g (Training  *t,
        View      *view,
        int        part,
        gboolean   again,
        GError   **error)
{
  P2pBatch batch;

  if (view->seen == part)
    return TRUE;
  view->seen = part;
  batch = seen (t, view);
  if (t->distill && ! p2p_distill_teach (t->distill, &batch, error))
    return FALSE;
  fill (t->a, batch.a);
  fill (t->b, batch.b);
  t->g->first = part * t->a->n;
  t->g->options.train = ! again;
  p2p_graph_forward (t->g, p2p_random (t->options.seed, p2p_random_stream ("dropout"), view->step),
                     NULL, NULL, NULL, NULL);
  return TRUE;
}

/* Whether diffaugment changes colors: a and b of Lab alone have no brightness or contrast. */
static gboolean
changes_colors (const Training *t)
{
  return t->options.output != P2P_OUTPUT_LAB_AB;
}

static P2pAugmented
augmented (const Training *t,
           const View     *view)
{
  return (P2pAugmented) { t->options.seed, view->step, view->seen * t->a->n, t->a->n, t->a->h,
                          t->a->w };
}

/* Runs D on the part on which G has last run.  b: the pictures to judge, G's or the targets. */
static void
show_d (Training       *t,
        const View     *view,
        const p2p_real *b)
{
  const P2pAugmented pictures = augmented (t, view);
  const P2pBatch     batch = seen (t, view);

  if (t->d_a && t->options.diffaugment)
    p2p_augment (&pictures, batch.a, t->d_a->c, FALSE, t->d_a->x);
  else if (t->d_a)
    fill (t->d_a, batch.a);
  if (t->options.diffaugment)
    p2p_augment (&pictures, b, t->d_b->c, changes_colors (t), t->d_b->x);
  else
    fill (t->d_b, b);
  p2p_graph_forward (t->d, 0, NULL, NULL, NULL, NULL);
}

/* Sets gradient to D's gradient with respect to b, as show_d () was given it. */
static void
gradient_of_shown (const Training *t,
                   const View     *view,
                   p2p_real       *gradient)
{
  const P2pAugmented pictures = augmented (t, view);
  const P2pNode     *b = t->d_b;

  if (t->options.diffaugment)
    p2p_augment_backward (&pictures, b->g, b->c, changes_colors (t), gradient);
  else
    memcpy (gradient, b->g, p2p_node_size (b) * sizeof (p2p_real));
}

/* ---- A step ----------------------------------------------------------------------------- */

/* Adds D's gradients for the part on which G has last run. */
static void
learn_d (Training   *t,
         const View *view)
{
  const double  share = 1.0 / t->parts->n;
  double       *losses = t->parts->numbers[view->seen];

  show_d (t, view, t->fake->x);
  losses[D_FAKE] += share * *t->said.fake->x;
  *p2p_graph_seed (t->said.fake) = 0.5 * share;
  p2p_graph_backward (t->d, P2P_PARAMS);

  show_d (t, view, seen (t, view).b);
  losses[D_REAL] += share * *t->said.real->x;
  *p2p_graph_seed (t->said.real) = 0.5 * share;
  p2p_sum_overlap (t->d_sum, view->seen, t->d);
  p2p_graph_backward (t->d, P2P_PARAMS);
}

/* Adds G's gradients for the part on which it has last run: from D's judgment of its pictures, from
 * the teacher, and from the targets. */
static void
learn_g (Training   *t,
         const View *view)
{
  const double  share = 1.0 / t->parts->n;
  double       *losses = t->parts->numbers[view->seen];

  losses[G_L1] += share * *t->l1->x;
  if (t->options.lambda_gan > 0.0)
    {
      show_d (t, view, t->fake->x);
      losses[G_GAN] += share * *t->said.g->x;
      *p2p_graph_seed (t->said.g) = share * t->options.lambda_gan;
      p2p_graph_backward (t->d, P2P_INPUTS);
      gradient_of_shown (t, view, p2p_graph_seed (t->fake));
    }
  if (t->distill)
    p2p_distill_learn (t->distill, share, losses + TEACHER);
  *p2p_graph_seed (t->l1) = share * t->options.lambda_l1;
  if (t->detail)
    *p2p_graph_seed (t->detail) = share * t->options.lambda_detail;
  p2p_sum_overlap (t->g_sum, view->seen, t->g);
  p2p_graph_backward (t->g, P2P_PARAMS);
}

/* Builds graphs for a part of the batch, unless they have its shape already. */
static gboolean
fit_graphs (Training        *t,
            const P2pBatch  *batch,
            GError         **error)
{
  const int n = batch->n / (t->parts->end - t->parts->first);

  if (t->g && t->a->n == n && t->a->h == batch->h && t->a->w == batch->w)
    return TRUE;
  if (! build (t, n, batch->h, batch->w, error))
    return FALSE;
  if (p2p_graph_allocate (t->g, error)
      && (t->options.lambda_gan <= 0.0 || p2p_graph_allocate (t->d, error)))
    return TRUE;
  drop_graphs (t);
  return FALSE;
}

/* D's turn. */
static gboolean
train_d (Training  *t,
         View      *view,
         double     lr,
         GError   **error)
{
  p2p_sum_start (t->d_sum);
  for (int part = t->parts->first; part < t->parts->end; part++)
    {
      if (! show_g (t, view, part, FALSE, error))
        return FALSE;
      learn_d (t, view);
      p2p_sum_add (t->d_sum, part);
    }
  p2p_sum_finish (t->d_sum);
  p2p_sum_statistics (t->g_sum, FALSE);
  p2p_sum_statistics (t->d_sum, FALSE);
  p2p_gan_adam (&t->options, t->parallel, t->d_params, NULL, lr, view->step);
  return TRUE;
}

/* G's turn.  G learns from the parts in reverse order, because it has just run on the last one for
 * D. */
static gboolean
train_g (Training  *t,
         View      *view,
         double     lr,
         GError   **error)
{
  p2p_sum_start (t->g_sum);
  if (t->p_sum)
    p2p_sum_start (t->p_sum);
  for (int part = t->parts->end - 1; part >= t->parts->first; part--)
    {
      if (! show_g (t, view, part, t->options.lambda_gan > 0.0, error))
        return FALSE;
      learn_g (t, view);
      p2p_sum_add (t->g_sum, part);
      if (t->p_sum)
        p2p_sum_add (t->p_sum, part);
    }
  p2p_sum_finish (t->g_sum);
  p2p_sum_statistics (t->g_sum, TRUE);
  p2p_sum_statistics (t->d_sum, TRUE);
  if (t->p_sum)
    {
      p2p_sum_finish (t->p_sum);
      p2p_gan_adam (&t->options, t->parallel, p2p_distill_params (t->distill), NULL, lr,
                    view->step);
    }
  p2p_gan_adam (&t->options, t->parallel, t->g_params, t->average, lr, view->step);
  return TRUE;
}

static gboolean
training_step (gpointer         training,
               const P2pBatch  *batch,
               double           lr,
               guint64          step,
               double          *losses,
               GError         **error)
{
  Training  *t = training;
  View       view = { batch, step, -1 };
  const int  begin = t->options.lambda_gan > 0.0 ? t->parts->first : t->parts->end - 1;

  g_return_val_if_fail (batch->n % (t->parts->end - t->parts->first) == 0, FALSE);
  /* If memory is missing, it is here at the latest: the teacher takes its own in its first run. */
  if (! p2p_agree (t->parts->ranks, fit_graphs (t, batch, error)
                                    && show_g (t, &view, begin, FALSE, error), error))
    return FALSE;
  p2p_parts_clear_numbers (t->parts);
  if ((t->options.lambda_gan > 0.0 && ! train_d (t, &view, lr, error))
      || ! train_g (t, &view, lr, error))
    return FALSE;
  p2p_parts_gather_numbers (t->parts);
  for (int i = 0; i < (t->distill ? TEACHER + 2 : TEACHER); i++)
    losses[i] = p2p_parts_total (t->parts, i);
  return TRUE;
}

const P2pRecipe p2p_recipe_pix2pix =
{
  "pix2pix",
  (const char *const[]) { "G_GAN", "G_L1", "D_real", "D_fake", NULL },
  (const char *const[]) { "G", "D", "average", NULL },
  1, training_new, training_free, training_params, training_model, training_step
};

const P2pRecipe p2p_recipe_distill =
{
  "distill",
  (const char *const[]) { "G_GAN", "G_L1", "D_real", "D_fake", "teacher_L1", "teacher_features",
                          NULL },
  (const char *const[]) { "G", "D", "average", "P", NULL },
  1, training_new, training_free, training_params, training_model, training_step, training_answer
};

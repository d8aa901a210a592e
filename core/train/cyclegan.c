/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The recipe of CycleGAN (Zhu, Park, Isola, Efros: Unpaired Image-to-Image Translation using
 * Cycle-Consistent Adversarial Networks, ICCV 2017), with the names, the order and the defaults of
 * the public PyTorch implementation.  Pictures a of kind A and b of kind B do not belong together.
 * There are two ways.  Way 0 goes from A to B: G_A (a) should look like a B, which D_A judges.
 * Way 1 goes back with G_B and D_B.
 *
 *   G_A and G_B learn from     GAN (D_A (G_A (a)), real) + λ_A · mean |G_B (G_A (a)) − a|
 *                            + λ_identity · λ_B · mean |G_A (b) − b|
 *                            + the same with A and B exchanged
 *   D_A then learns from       ½ · (GAN (D_A (b), real) + GAN (D_A (p), fake)), and D_B likewise;
 *                              p is G_A (a) as it was, or an earlier one from the pool (pool.h)
 *
 * In the first --identity-steps steps the generators only learn to leave pictures of both kinds as
 * they are, and the discriminators do not learn yet.  After that, results have the content of their
 * pictures from the start, and only the look is left to learn (an initialization phase, as in Chen,
 * Lai, Liu: CartoonGAN, CVPR 2018).
 *
 * The generators' loss is a sum over the ways, so each way's half adds its gradients by itself, and
 * only then the weights change.  A half needs two graphs of generators at a time:
 *
 *   first of way 0:   a → G_A → fake         second of way 1:   fake → G_B → again, near a
 *
 * The first graph also makes G_A (b), after both halves.  The graphs of the two halves lie in the
 * same memory. */

#include <string.h>

#include "agree.h"
#include "base/memory.h"
#include "base/random.h"
#include "p2p.h"
#include "pool.h"
#include "recipe.h"
#include "ways.h"

/* The losses of way w are at 3 · w, and D's at D_LOSS + w.  Behind them are two more numbers about
 * each part: CHANGE + 2 · w and LIKENESS + 2 · w, for the watch (watch.h). */
enum { GAN_LOSS, CYCLE_LOSS, IDENTITY_LOSS, WAY_LOSSES, D_LOSS = 2 * WAY_LOSSES,
       N_LOSSES = D_LOSS + 2, CHANGE = N_LOSSES, LIKENESS };

/* ---- The recipe ------------------------------------------------------------------------- */

static gpointer
training_new (const P2pTrainOptions  *options,
              P2pParallel            *parallel,
              const P2pRanks         *ranks,
              GError                **error)
{
  return p2p_ways_new (options, parallel, ranks, error);
}

static void
training_free (gpointer training)
{
  p2p_ways_free (training);
}

static P2pParams *
training_params (gpointer    training,
                 const char *network)
{
  P2pWays *ways = training;
  P2pWay  *way = &ways->way[g_str_has_suffix (network, "_B")];

  return *network == 'G' ? way->g : *network == 'D' ? way->d
         : *network == 'a' ? way->average : way->pool;
}

static P2pParams *
training_model (gpointer training,
                int      way)
{
  P2pWays *ways = training;

  return ways->way[way].average ? ways->way[way].average : ways->way[way].g;
}

/* Translates x [n,h,w,input_nc] by the model of a way to y. */
static gboolean
translate (P2pWays         *ways,
           int              w,
           const P2pBatch  *batch,
           const p2p_real  *x,
           p2p_real        *y,
           GError         **error)
{
  const P2pGraphOptions options = { P2P_STATS_OWN, NULL, .once = TRUE };
  const P2pNetOptions  *net = &ways->options.g;
  g_autoptr (P2pGraph)  graph = p2p_graph_new (training_model (ways, w), ways->parallel, &options);
  P2pNode              *in = p2p_input (graph, batch->n, batch->h, batch->w, net->input_nc);
  P2pNode              *out = ways->options.net_g->build (p2p_at (graph), in, net);

  p2p_output (out);
  if (! p2p_graph_plan (graph, error) || ! p2p_graph_allocate (graph, error))
    return FALSE;
  memcpy (in->x, x, p2p_node_size (in) * sizeof (p2p_real));
  if (! p2p_graph_forward (graph, 0, NULL, NULL, NULL, error))
    return FALSE;
  memcpy (y, out->x, p2p_node_size (out) * sizeof (p2p_real));
  return TRUE;
}

static gboolean
training_answer (gpointer         training,
                 int              way,
                 const P2pBatch  *batch,
                 GError         **error)
{
  P2pWays             *ways = training;
  const gsize          n = (gsize) batch->n * batch->h * batch->w * ways->options.g.output_nc;
  g_autofree p2p_real *fake = p2p_try_new (p2p_real, n, error);

  return fake && translate (ways, way, batch, batch->a, fake, error)
         && translate (ways, 1 - way, batch, fake, batch->b, error);
}

/* ---- A step ----------------------------------------------------------------------------- */

/* One part of the pictures of a step, which the networks see at a time. */
typedef struct
{
  const p2p_real *pictures[2];    /* A and B */
  guint64         step;
  int             number;
  double          share;          /* the part's weight in the step */
  double         *numbers;        /* what is noted about it */
} Part;

/* number: of one of this rank's parts; of another part there are no pictures. */
static Part
part_of (const P2pWays  *ways,
         const P2pBatch *batch,
         guint64         step,
         int             number)
{
  const P2pParts *parts = ways->parts;
  const int       place = number - parts->first;
  const gboolean  mine = number >= parts->first && number < parts->end;

  return (Part) { { mine ? batch->a + place * p2p_node_size (ways->way[0].first.in) : NULL,
                    mine ? batch->b + place * p2p_node_size (ways->way[1].first.in) : NULL },
                  step, number, 1.0 / parts->n, parts->numbers[number] };
}

static void
fill (P2pNode        *input,
      const p2p_real *values)
{
  memcpy (input->x, values, p2p_node_size (input) * sizeof (p2p_real));
}

/* Runs a generator.  use: 0 to 2, so that each run in a step has a dropout of its own. */
static void
run (P2pWays        *ways,
     P2pTranslation *translation,
     const Part     *part,
     const p2p_real *in,
     const p2p_real *target,
     int             use)
{
  const guint64 stream = p2p_random_stream ("dropout");

  fill (translation->in, in);
  fill (translation->target, target);
  translation->graph->first = part->number * translation->in->n;
  p2p_graph_forward (translation->graph,
                     p2p_random (ways->options.seed, stream, 3 * part->step + use), NULL, NULL,
                     NULL, NULL);
}

/* Sets the gradient of fake, the result of way->first, from D's judgment and from what it is
 * translated back to. */
static void
judge (P2pWay         *way,
       P2pTranslation *back,
       const p2p_real *fake,
       double          share,
       double         *loss)
{
  p2p_real *gradient = p2p_graph_seed (way->first.out);

  fill (way->seen, fake);
  p2p_graph_forward (way->judge, 0, NULL, NULL, NULL, NULL);
  *loss += share * *way->said.g->x;
  *p2p_graph_seed (way->said.g) = share;
  p2p_graph_backward (way->judge, P2P_INPUTS);
  for (gsize i = 0; i < p2p_node_size (way->seen); i++)
    gradient[i] = back->in->g[i] + way->seen->g[i];
}

/* Returns the results fake as the other generator sees them: with noise, so that it cannot rely on
 * details too small to be seen, in which the first one would hide what it has removed (Chu,
 * Zhmoginov, Sandler: CycleGAN, a Master of Steganography, 2017; Bashkirova, Usman, Saenko add
 * noise against it, 2019).  They lie where judge () puts the discriminator's input later. */
static const p2p_real *
with_noise (P2pWays        *ways,
            int             w,
            const Part     *part,
            const p2p_real *fake)
{
  const P2pTrainOptions *o = &ways->options;
  P2pNode               *seen = ways->way[w].seen;
  const gsize            n = p2p_node_size (seen);
  const guint64          stream = p2p_random_stream (w == 0 ? "noise_A" : "noise_B");
  const guint64          first = (part->step * ways->parts->n + part->number) * n;

  if (o->cycle_noise == 0.0)
    return fake;
  for (gsize i = 0; i < n; i++)
    seen->x[i] = fake[i] + o->cycle_noise
                           * (2.0 * p2p_random_uniform (o->seed, stream, first + i) - 1.0);
  return seen->x;
}

/* Adds the gradients of both generators for the half of the loss that begins with way w. */
static void
learn_half (P2pWays    *ways,
            int         w,
            const Part *part)
{
  P2pWay         *way = &ways->way[w], *back = &ways->way[1 - w];
  const double    lambda = w == 0 ? ways->options.lambda_a : ways->options.lambda_b;
  double         *losses = part->numbers + w * WAY_LOSSES;
  const p2p_real *a = part->pictures[w], *b = part->pictures[1 - w];
  const gsize     n = p2p_node_size (way->first.out);
  p2p_real       *fake = way->fakes + part->number * n;

  run (ways, &way->first, part, a, b, 0);
  memcpy (fake, way->first.out->x, n * sizeof (p2p_real));
  p2p_watch_compare (n / way->first.out->c, way->first.out->c, a, fake,
                     &part->numbers[CHANGE + 2 * w], &part->numbers[LIKENESS + 2 * w]);
  run (ways, &back->second, part, with_noise (ways, w, part, fake), a, 1);
  losses[CYCLE_LOSS] += part->share * lambda * *back->second.l1->x;
  *p2p_graph_seed (back->second.l1) = part->share * lambda;
  p2p_graph_backward (back->second.graph, P2P_INPUTS | P2P_PARAMS);
  judge (way, &back->second, fake, part->share, losses + GAN_LOSS);
  p2p_graph_backward (way->first.graph, P2P_PARAMS);
}

/* Adds the gradients of a way's generator for the identity: pictures should stay as they are.
 * weight: of the loss in the step.  use: as for run (). */
static void
learn_identity (P2pWays        *ways,
                int             w,
                const Part     *part,
                const p2p_real *pictures,
                double          weight,
                int             use)
{
  P2pTranslation *first = &ways->way[w].first;

  weight *= part->share;
  if (weight == 0.0)
    return;
  run (ways, first, part, pictures, pictures, use);
  part->numbers[w * WAY_LOSSES + IDENTITY_LOSS] += weight * *first->l1->x;
  *p2p_graph_seed (first->l1) = weight;
  p2p_graph_backward (first->graph, P2P_PARAMS);
}

/* Whether a step is one of the first, in which only the generators learn. */
static gboolean
is_first (const P2pWays *ways,
          guint64        step)
{
  return step < (guint64) ways->options.identity_steps;
}

/* Adds the gradients of both generators in one of the first steps. */
static void
learn_first (P2pWays    *ways,
             const Part *part)
{
  const double lambdas[] = { ways->options.lambda_a, ways->options.lambda_b };

  for (int w = 0; w < 2; w++)
    for (int kind = 0; kind < 2; kind++)
      learn_identity (ways, w, part, part->pictures[kind], 0.5 * lambdas[kind], kind);
}

/* Adds the gradients of both generators, in the order in which the public implementation runs
 * them, on which running statistics depend. */
static void
learn_g (P2pWays    *ways,
         const Part *part)
{
  const P2pTrainOptions *o = &ways->options;
  const double           lambdas[] = { o->lambda_a, o->lambda_b };

  for (int w = 0; w < 2; w++)
    learn_half (ways, w, part);
  for (int w = 0; w < 2; w++)
    learn_identity (ways, w, part, part->pictures[1 - w], o->lambda_identity * lambdas[1 - w], 2);
}

/* Sets D's input to the pictures of this part that D is to see as fakes, and changes the pool. */
static void
show_fakes (P2pWays    *ways,
            int         w,
            const Part *part)
{
  P2pWay         *way = &ways->way[w];
  const int       n = way->seen->n;
  const gsize     size = p2p_node_size (way->seen) / n;
  const p2p_real *fakes = way->fakes + part->number * n * size;
  const guint64   stream = p2p_random_stream (w == 0 ? "pool_A" : "pool_B");
  const guint64   before = (part->step * ways->parts->n + part->number) * n;

  if (! way->pool)
    fill (way->seen, fakes);
  for (int i = 0; way->pool && i < n; i++)
    p2p_pool_exchange (way->pool, before + i, ways->options.seed, stream, fakes + i * size,
                       way->seen->x + i * size);
}

/* Adds the gradients of a way's discriminator.  A part of another rank only changes the pool. */
static void
learn_d (P2pWays    *ways,
         int         w,
         const Part *part)
{
  P2pWay       *way = &ways->way[w];
  const double  share = 0.5 * part->share;

  if (! part->pictures[0])
    {
      show_fakes (ways, w, part);
      return;
    }
  fill (way->seen, part->pictures[1 - w]);
  p2p_graph_forward (way->judge, 0, NULL, NULL, NULL, NULL);
  part->numbers[D_LOSS + w] += share * *way->said.real->x;
  *p2p_graph_seed (way->said.real) = share;
  p2p_graph_backward (way->judge, P2P_PARAMS);

  show_fakes (ways, w, part);
  p2p_graph_forward (way->judge, 0, NULL, NULL, NULL, NULL);
  part->numbers[D_LOSS + w] += share * *way->said.fake->x;
  *p2p_graph_seed (way->said.fake) = share;
  p2p_graph_backward (way->judge, P2P_PARAMS);
  p2p_sum_add (way->d_sum, part->number);
}

/* The generators' turn. */
static void
train_g (P2pWays        *ways,
         const P2pBatch *batch,
         double          lr,
         guint64         step)
{
  for (int w = 0; w < 2; w++)
    p2p_sum_start (ways->way[w].g_sum);
  for (int i = ways->parts->first; i < ways->parts->end; i++)
    {
      const Part part = part_of (ways, batch, step, i);

      if (is_first (ways, step))
        learn_first (ways, &part);
      else
        learn_g (ways, &part);
      for (int w = 0; w < 2; w++)
        p2p_sum_add (ways->way[w].g_sum, i);
    }
  for (int w = 0; w < 2; w++)
    {
      P2pWay *way = &ways->way[w];

      p2p_sum_finish (way->g_sum);
      p2p_sum_statistics (way->g_sum, FALSE);
      p2p_sum_statistics (way->d_sum, FALSE);
      if (! is_first (ways, step))
        p2p_parts_share (ways->parts, way->fakes, p2p_node_size (way->first.out));
      p2p_gan_adam (&ways->options, ways->parallel, way->g, way->average, lr, step);
    }
}

/* The turn of a way's discriminator, which Adam has not changed in the first steps. */
static void
train_d (P2pWays        *ways,
         int             w,
         const P2pBatch *batch,
         double          lr,
         guint64         step)
{
  P2pWay *way = &ways->way[w];

  p2p_sum_start (way->d_sum);
  for (int i = 0; i < ways->parts->n; i++)
    {
      const Part part = part_of (ways, batch, step, i);

      learn_d (ways, w, &part);
    }
  p2p_sum_finish (way->d_sum);
  p2p_sum_statistics (way->d_sum, FALSE);
  p2p_gan_adam (&ways->options, ways->parallel, way->d, NULL, lr,
                step - ways->options.identity_steps);
}

static gboolean
training_step (gpointer         training,
               const P2pBatch  *batch,
               double           lr,
               guint64          step,
               double          *losses,
               GError         **error)
{
  P2pWays        *ways = training;
  const P2pParts *parts = ways->parts;

  g_return_val_if_fail (batch->n == ways->options.batch_size * (parts->end - parts->first), FALSE);
  if (! p2p_agree (parts->ranks, p2p_ways_fit (ways, (P2pSize) { batch->w, batch->h }, error),
                   error))
    return FALSE;
  p2p_parts_clear_numbers (ways->parts);
  train_g (ways, batch, lr, step);
  for (int w = 0; w < 2 && ! is_first (ways, step); w++)
    train_d (ways, w, batch, lr, step);

  p2p_parts_gather_numbers (ways->parts);
  for (int i = 0; i < N_LOSSES; i++)
    losses[i] = p2p_parts_total (parts, i);
  for (int w = 0; w < 2 && ! is_first (ways, step); w++)
    {
      for (int i = 0; i < parts->n; i++)
        p2p_watch_results (&ways->way[w].watch, parts->numbers[i][CHANGE + 2 * w],
                           parts->numbers[i][LIKENESS + 2 * w]);
      p2p_watch_d (&ways->way[w].watch, losses[D_LOSS + w]);
    }
  return TRUE;
}

static const char *
training_warn (gpointer training)
{
  const P2pWays *ways = training;
  const char    *warning = p2p_watch_warning (&ways->way[0].watch);

  return warning ? warning : p2p_watch_warning (&ways->way[1].watch);
}

const P2pRecipe p2p_recipe_cyclegan =
{
  "cyclegan",
  (const char *const[]) { "G_A", "cycle_A", "idt_A", "G_B", "cycle_B", "idt_B", "D_A", "D_B",
                          NULL },
  (const char *const[]) { "G_A", "G_B", "D_A", "D_B", "average_A", "average_B", "pool_A", "pool_B",
                          NULL },
  2, training_new, training_free, training_params, training_model, training_step,
  training_answer, training_warn
};

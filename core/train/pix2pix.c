/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The recipe of pix2pix (Isola et al. 2017, section 3), in the order of the public PyTorch
 * implementation:
 *
 *   fake = G (a)
 *   D learns from ½ · (GAN (D (a, fake), fake) + GAN (D (a, b), real)), two forwards, so that batch
 *   norm does not mix them
 *   G learns from λ_gan · GAN (D (a, fake), real) + λ_L1 · mean |fake − b|, through a D that does
 *   not, and from a teacher where there is one (distill.h), whose picture is b where the data has
 *   none
 */

#include <string.h>

#include "adam.h"
#include "base/intl.h"
#include "base/random.h"
#include "distill.h"
#include "init.h"
#include "p2p.h"
#include "recipe.h"

#define MOST_LAYERS 6
#define MOST_NDF    512

/* D's losses by what it is shown, and G's by what D says to its picture. */
static const struct
{
  P2pNode * (* d_loss) (P2pNode *x, double target);
  P2pNode * (* g_loss) (P2pNode *x, double target);
  double       fake, real;
}
gans[] =
{
  [P2P_GAN_VANILLA] = { p2p_loss_bce,   p2p_loss_bce,     0.0, 1.0 },
  [P2P_GAN_LSGAN]   = { p2p_loss_mse,   p2p_loss_mse,     0.0, 1.0 },
  [P2P_GAN_HINGE]   = { p2p_loss_hinge, p2p_loss_linear, -1.0, 1.0 },
};

enum { G_GAN, G_L1, D_REAL, D_FAKE, TEACHER };    /* TEACHER: p2p_distill_learn ()'s two */

typedef struct
{
  P2pTrainOptions  options;
  P2pParallel     *parallel;        /* not owned */
  P2pParams       *g_params, *d_params;
  P2pDistill      *distill;         /* NULL: no teacher */

  /* For batches of one shape. */
  P2pGraph        *g, *d;
  P2pNode         *a, *b, *fake, *l1;
  P2pNode         *d_a, *d_b, *d_fake, *d_real, *d_g;   /* d_a NULL: not conditional */
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
}

static void
build_d (Training *t,
         int       n,
         int       h,
         int       w)
{
  const P2pTrainOptions  *o = &t->options;
  P2pDiscriminatorOptions net = { o->pixel_d, o->ndf, o->n_layers_d, o->g.norm };
  P2pGraphOptions         options = { P2P_STATS_OWN, NULL, .train = TRUE,
                                      .gradients = P2P_INPUTS | P2P_PARAMS };
  P2pNode                *x;

  t->d = p2p_graph_new (t->d_params, t->parallel, &options);
  t->d_a = o->conditional ? p2p_input (t->d, n, h, w, o->g.input_nc) : NULL;
  t->d_b = p2p_input (t->d, n, h, w, o->g.output_nc);
  x = p2p_discriminator (p2p_at (t->d), t->d_a ? p2p_concat (t->d_a, t->d_b) : t->d_b, &net);
  t->d_fake = gans[o->gan_mode].d_loss (x, gans[o->gan_mode].fake);
  t->d_real = gans[o->gan_mode].d_loss (x, gans[o->gan_mode].real);
  t->d_g = gans[o->gan_mode].g_loss (x, gans[o->gan_mode].real);
  p2p_output (t->d_fake);
  p2p_output (t->d_real);
  p2p_output (t->d_g);
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

static gboolean
check (const P2pTrainOptions  *options,
       GError                **error)
{
  int multiple = options->net_g->side_multiple (&options->g);

  if (! options->net_g->check (&options->g, error))
    return FALSE;
  if (options->crop_size < 1 || options->crop_size % multiple)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("Training pictures of %d×%d pixels: this generator needs a multiple of %d"),
                 options->crop_size, options->crop_size, multiple);
  else if (options->n_layers_d < 1 || options->n_layers_d > MOST_LAYERS)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("A discriminator with %d layers: from 1 to %d can be trained"),
                 options->n_layers_d, MOST_LAYERS);
  else if (options->ndf < 1 || options->ndf > MOST_NDF)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("A discriminator with ndf %d: from 1 to %d can be trained"), options->ndf,
                 MOST_NDF);
  else if (options->batch_size < 1)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("A batch of %d pictures: at least one is needed"), options->batch_size);
  else
    return TRUE;
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
  p2p_params_free (t->g_params);
  p2p_params_free (t->d_params);
  p2p_distill_free (t->distill);
  g_free (t);
}

static gpointer
training_new (const P2pTrainOptions  *options,
              P2pParallel            *parallel,
              GError                **error)
{
  Training *t;
  guint64   d_seed = p2p_random (options->seed, p2p_random_stream ("D"), 0);

  if (! check (options, error))
    return NULL;
  t = g_new0 (Training, 1);
  t->options = *options;
  t->parallel = parallel;
  t->g_params = p2p_params_new ();
  t->d_params = p2p_params_new ();
  if (options->teacher)
    t->distill = p2p_distill_new (options, parallel, error);

  /* The first build declares the weights, which nodes of later ones point to. */
  if ((options->teacher && ! t->distill)
      || ! build (t, 1, options->crop_size, options->crop_size, error)
      || ! p2p_init_weights (t->g_params, options->init_type, options->init_gain, options->seed,
                             error)
      || ! p2p_init_weights (t->d_params, options->init_type, options->init_gain, d_seed, error)
      || ! p2p_params_reserve (t->g_params, error) || ! p2p_params_reserve (t->d_params, error))
    {
      training_free (t);
      return NULL;
    }
  drop_graphs (t);
  p2p_params_train (t->g_params);
  p2p_params_train (t->d_params);
  return t;
}

static P2pParams *
training_params (gpointer    training,
                 const char *network)
{
  Training *t = training;

  if (strcmp (network, "P") == 0)
    return p2p_distill_params (t->distill);
  return strcmp (network, "G") == 0 ? t->g_params : t->d_params;
}

static gboolean
training_answer (gpointer         training,
                 const P2pBatch  *batch,
                 GError         **error)
{
  Training *t = training;

  return p2p_distill_answer (t->distill, batch, error);
}

static void
fill (P2pNode        *input,
      const p2p_real *values)
{
  memcpy (input->x, values, p2p_node_size (input) * sizeof (p2p_real));
}

/* Shows a pair to D. */
static void
judge (Training       *t,
       const p2p_real *a,
       const p2p_real *b)
{
  if (t->d_a)
    fill (t->d_a, a);
  fill (t->d_b, b);
  p2p_graph_forward (t->d, 0, NULL, NULL, NULL, NULL);
}

static void
step_d (Training       *t,
        const P2pBatch *batch,
        double          lr,
        guint64         step,
        double         *losses)
{
  p2p_params_zero_grad (t->d_params);

  judge (t, batch->a, t->fake->x);
  losses[D_FAKE] = *t->d_fake->x;
  *p2p_graph_seed (t->d_fake) = 0.5;
  p2p_graph_backward (t->d, P2P_PARAMS);

  judge (t, batch->a, batch->b);
  losses[D_REAL] = *t->d_real->x;
  *p2p_graph_seed (t->d_real) = 0.5;
  p2p_graph_backward (t->d, P2P_PARAMS);

  p2p_adam (t->d_params, t->parallel, lr, t->options.beta1, step);
}

/* What D would have different in G's picture. */
static void
seed_fake (Training       *t,
           const P2pBatch *batch,
           double         *losses)
{
  p2p_real *seed = p2p_graph_seed (t->fake);

  judge (t, batch->a, t->fake->x);
  losses[G_GAN] = *t->d_g->x;
  *p2p_graph_seed (t->d_g) = t->options.lambda_gan;
  p2p_graph_backward (t->d, P2P_INPUTS);
  memcpy (seed, t->d_b->g, p2p_node_size (t->fake) * sizeof (p2p_real));
}

static gboolean
training_step (gpointer         training,
               const P2pBatch  *batch,
               double           lr,
               guint64          step,
               double          *losses,
               GError         **error)
{
  Training *t = training;

  if (! t->g || t->a->n != batch->n || t->a->h != batch->h || t->a->w != batch->w)
    {
      if (! build (t, batch->n, batch->h, batch->w, error))
        return FALSE;
      if (! p2p_graph_allocate (t->g, error)
          || (t->options.lambda_gan > 0.0 && ! p2p_graph_allocate (t->d, error)))
        {
          drop_graphs (t);
          return FALSE;
        }
    }

  if (t->distill && ! p2p_distill_teach (t->distill, batch, error))
    return FALSE;
  fill (t->a, batch->a);
  fill (t->b, batch->b);
  p2p_graph_forward (t->g, p2p_random (t->options.seed, p2p_random_stream ("dropout"), step), NULL,
                     NULL, NULL, NULL);
  losses[G_L1] = *t->l1->x;
  losses[G_GAN] = losses[D_REAL] = losses[D_FAKE] = 0.0;

  if (t->options.lambda_gan > 0.0)
    {
      step_d (t, batch, lr, step, losses);
      seed_fake (t, batch, losses);
    }
  if (t->distill)
    {
      p2p_params_zero_grad (p2p_distill_params (t->distill));
      p2p_distill_learn (t->distill, losses + TEACHER);
      p2p_adam (p2p_distill_params (t->distill), t->parallel, lr, t->options.beta1, step);
    }
  p2p_params_zero_grad (t->g_params);
  *p2p_graph_seed (t->l1) = t->options.lambda_l1;
  p2p_graph_backward (t->g, P2P_PARAMS);
  p2p_adam (t->g_params, t->parallel, lr, t->options.beta1, step);
  return TRUE;
}

const P2pRecipe p2p_recipe_pix2pix =
{
  "pix2pix",
  (const char *const[]) { "G_GAN", "G_L1", "D_real", "D_fake", NULL },
  (const char *const[]) { "G", "D", NULL },
  training_new, training_free, training_params, training_step
};

const P2pRecipe p2p_recipe_distill =
{
  "distill",
  (const char *const[]) { "G_GAN", "G_L1", "D_real", "D_fake", "teacher_L1", "teacher_features",
                          NULL },
  (const char *const[]) { "G", "D", "P", NULL },
  training_new, training_free, training_params, training_step, training_answer
};

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opening models, and building the graphs that run them. */

#include "base/intl.h"
#include "graph/params-load.h"
#include "model.h"
#include "networks.h"
#include "recognise.h"

/* Adds to an error that lists the weights that do not fit: names the network that was expected, and
 * for a file without a card also says what the file seems to be. */
static void
explain_misfits (const P2pCard    *card,
                 const P2pTensors *tensors,
                 GError          **error)
{
  g_autoptr (GError) misfits = g_steal_pointer (error);
  g_autofree char   *network = p2p_net_describe (card->net, &card->options);
  const char        *what = p2p_recognise (tensors);

  if (g_hash_table_contains (tensors->metadata, "p2p.net"))
    g_set_error (error, P2P_ERROR, misfits->code,
                 _("The weights do not fit the network on the card: %s.\n%s"), network,
                 misfits->message);
  else
    g_set_error (error, P2P_ERROR, misfits->code,
                 _("%s The nearest network that can be opened is: %s.\n%s\n%s"),
                 what ? what : _("The weights belong to no known network."), network,
                 misfits->message, p2p_what_opens ());
}

gboolean
p2p_model_fill (const P2pCard *card,
                P2pParams     *params,
                P2pParallel   *parallel,
                P2pTensors    *tensors,
                GError       **error)
{
  g_autoptr (GError) reason = NULL;

  if (p2p_net_declare (card->net, &card->options, params, parallel, error)
      && p2p_params_load (params, tensors, &reason))
    return TRUE;

  if (g_error_matches (reason, P2P_ERROR, P2P_ERROR_UNSUPPORTED))
    explain_misfits (card, tensors, &reason);
  if (reason)
    g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
load (P2pModel    *model,
      const char  *network,
      GError     **error)
{
  g_autoptr (P2pTensors) tensors = p2p_network_open (model->path, network, error);

  if (! tensors)
    return FALSE;
  model->card = p2p_card_new (tensors, error);
  if (! model->card
      || ! p2p_model_fill (model->card, model->params, model->parallel, tensors, error))
    return FALSE;

  model->tensors = g_steal_pointer (&tensors);    /* params own them now */
  model->running = p2p_stats_from_params (model->params);
  return TRUE;
}

P2pModel *
p2p_model_open_file (const char  *path,
                     const char  *network,
                     GError     **error)
{
  g_autoptr (P2pModel) model = g_new0 (P2pModel, 1);

  model->path = g_strdup (path);
  model->params = p2p_params_new ();
  model->collected = p2p_stats_new ();
  model->parallel = p2p_parallel_new (0);
  if (! load (model, network, error))
    {
      g_autofree char *name = g_path_get_basename (path);

      g_prefix_error (error, "%s: ", name);
      return NULL;
    }

  return g_steal_pointer (&model);
}

void
p2p_model_drop_graph (P2pModel *model)
{
  g_clear_pointer (&model->graph, p2p_graph_free);
  model->input = model->output = NULL;
}

void
p2p_model_close (P2pModel *model)
{
  if (! model)
    return;
  p2p_model_drop_graph (model);
  p2p_stats_free (model->running);
  p2p_stats_free (model->collected);
  p2p_params_free (model->params);
  p2p_card_free (model->card);
  p2p_parallel_free (model->parallel);
  g_free (model->path);
  g_free (model);
}

const char *
p2p_model_get (P2pModel   *model,
               const char *key)
{
  return p2p_card_text (model->card, key);
}

P2pLayering
p2p_model_layering (P2pModel *model)
{
  return p2p_inputs_layering (&model->card->inputs, model->card->output);
}

gboolean
p2p_model_takes_hints (P2pModel *model)
{
  return p2p_inputs_take_hints (&model->card->inputs);
}

void
p2p_model_set_threads (P2pModel *model,
                       int       n_threads)
{
  p2p_model_drop_graph (model);
  p2p_parallel_free (model->parallel);
  model->parallel = p2p_parallel_new (n_threads);
}

/* ---- Graphs ----------------------------------------------------------------------------- */

P2pModelMode
p2p_model_mode (const P2pModel        *model,
                const P2pApplyOptions *options)
{
  P2pModelMode mode = { model->card->running_statistics,
                        options->noise || model->card->dropout_at_apply,
                        .once = options->once };

  if (options->statistics != P2P_STATISTICS_MODEL)
    mode.running = options->statistics == P2P_STATISTICS_RUNNING;

  /* Only batch norm has running statistics.  Other norms always use the picture's own. */
  if (model->card->options.norm != P2P_NORM_BATCH)
    mode.running = FALSE;

  return mode;
}

P2pGraphOptions
p2p_model_graph_options (P2pModel     *model,
                         P2pModelMode  mode)
{
  if (mode.running)
    return (P2pGraphOptions) { P2P_STATS_GIVEN, model->running, mode.dropout, mode.once,
                               .features = mode.features };
  return (P2pGraphOptions) { mode.parts, model->collected, mode.dropout, mode.once,
                             .features = mode.features };
}

static P2pGraph *
build (P2pModel      *model,
       int            n,
       int            w,
       int            h,
       P2pModelMode   mode,
       P2pNode      **input,
       P2pNode      **output,
       GError       **error)
{
  const P2pCard       *card = model->card;
  P2pGraphOptions      options = p2p_model_graph_options (model, mode);
  g_autoptr (P2pGraph) graph = NULL;

  if (mode.running && ! model->running)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The model has no running statistics; use the statistics of the image"));
      return NULL;
    }

  graph = p2p_graph_new (model->params, model->parallel, &options);
  *input = p2p_input (graph, n, h, w, card->options.input_nc);
  *output = card->net->build (p2p_at (graph), *input, &card->options);
  p2p_output (*output);
  if (! p2p_graph_plan (graph, error))
    return NULL;

  return g_steal_pointer (&graph);
}

static gboolean
same_options (const P2pGraphOptions *a,
              const P2pGraphOptions *b)
{
  return a->stats_use == b->stats_use && a->stats == b->stats && a->dropout == b->dropout
         && a->once == b->once && a->features == b->features;
}

P2pGraph *
p2p_model_batch (P2pModel      *model,
                 int            n,
                 int            w,
                 int            h,
                 P2pModelMode   mode,
                 GError       **error)
{
  P2pGraphOptions  options = p2p_model_graph_options (model, mode);
  P2pGraph        *graph;
  P2pNode         *input, *output;

  if (model->graph && model->input->n == n && model->input->w == w && model->input->h == h
      && same_options (&model->graph->options, &options))
    return model->graph;

  /* The old graph is freed last, because the new one shares the weights that it has prepared. */
  graph = build (model, n, w, h, mode, &input, &output, error);
  if (! graph)
    return NULL;
  p2p_model_drop_graph (model);
  model->graph = graph;
  model->input = input;
  model->output = output;
  return graph;
}

P2pGraph *
p2p_model_graph (P2pModel      *model,
                 int            w,
                 int            h,
                 P2pModelMode   mode,
                 GError       **error)
{
  return p2p_model_batch (model, 1, w, h, mode, error);
}

P2pGraph *
p2p_model_plan (P2pModel      *model,
                int            n,
                int            w,
                int            h,
                P2pModelMode   mode,
                GError       **error)
{
  P2pNode *input, *output;

  return build (model, n, w, h, mode, &input, &output, error);
}

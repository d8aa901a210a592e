/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix info` shows what a model file holds, and with --plan how it would be run. */

#include "cli.h"

#include "base/intl.h"
#include "models/model.h"
#include "models/models.h"
#include "models/upsampling.h"

#include <string.h>

/* ---- What is shown ------------------------------------------------------------------------ */

static GList *
sorted_keys (GHashTable *texts)
{
  return g_list_sort (g_hash_table_get_keys (texts), (GCompareFunc) strcmp);
}

static gsize
count_bytes (const P2pTensors *tensors)
{
  gsize bytes = 0;

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = tensors->list->pdata[i];

      bytes += tensor->n_elements * p2p_dtype_size (tensor->dtype);
    }
  return bytes;
}

/* The bytes of the arena that a node needs: its value (unless that is stored in place of another
 * node's), the data that it saves, and its scratch memory. */
static gsize
node_bytes (const P2pNode *node)
{
  const int   n_threads = p2p_parallel_n_threads (node->graph->parallel);
  const gsize value     = node->storage == node ? p2p_node_size (node) : 0;

  return (value + node->saved_size + node->scratch_size
          + n_threads * node->thread_scratch_size) * sizeof (p2p_real);
}

static double
mib (gsize bytes)
{
  return bytes / 1048576.0;
}

/* Whether the node has a place in the arena.  Weights do not; the input and all ops do. */
static gboolean
is_planned (const P2pNode *node)
{
  return ! node->param;
}

static const char *
op_name (const P2pNode *node)
{
  return node->op ? node->op->name : "input";
}

/* ---- What a file does not say ------------------------------------------------------------- */

/* Whether the names of the weights show if the network has dropout.  Dropout has no weights itself,
 * but in some networks it changes the indices of other modules. */
static gboolean
dropout_shows (P2pModel *model)
{
  g_autoptr (P2pParams) with = p2p_params_new ();
  g_autoptr (P2pParams) without = p2p_params_new ();
  P2pNetOptions         options = model->card->options;

  options.use_dropout = TRUE;
  p2p_net_declare (model->card->net, &options, with, model->parallel, NULL);
  options.use_dropout = FALSE;
  p2p_net_declare (model->card->net, &options, without, model->parallel, NULL);

  for (guint i = 0; i < p2p_params_length (with); i++)
    if (! p2p_params_lookup (without, p2p_params_nth (with, i)->name))
      return TRUE;
  return FALSE;
}

/* Calls func for each key that is not on the card and that the weights do not show either.  value
 * is what is assumed for it, or NULL if nothing is. */
static void
for_each_untold (P2pModel *model,
                 void    (*func) (const char *key, const char *value, gpointer data),
                 gpointer  data)
{
  static const char *const keys[] = { "task", "inputs", "scale", "norm_statistics", "use_dropout",
                                      "dropout_at_apply", "upsample" };
  g_autoptr (GHashTable)   taken = p2p_card_to_metadata (model->card);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *name = g_strconcat ("p2p.", keys[i], NULL);

      if (g_hash_table_contains (model->card->texts, keys[i])
          || (strcmp (keys[i], "upsample") == 0 && ! p2p_upsampling_assumed (model->card))
          || (strcmp (keys[i], "use_dropout") == 0 && dropout_shows (model)))
        continue;
      func (keys[i], g_hash_table_lookup (taken, name), data);
    }
}

/* ---- As text ------------------------------------------------------------------------------ */

/* Prints the texts of the card that p2p_cli_info_words () has not printed. */
static void
print_card (const P2pCard *card)
{
  g_autoptr (GList) keys    = sorted_keys (card->texts);

  g_print (_("\nCard\n"));
  for (GList *key = keys; key; key = key->next)
    if (! p2p_cli_info_tells (key->data))
      g_print ("  %-18s %s\n", (char *) key->data,
               (char *) g_hash_table_lookup (card->texts, key->data));
  if (! keys)
    g_print (_("  none: the network is recognized by its tensors' names and shapes\n"));
}

static void
print_network (P2pModel *model)
{
  g_autofree char *network = p2p_net_describe (model->card->net, &model->card->options);
  g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT,
                                            p2p_params_count (model->params, P2P_TRAINABLE));

  g_print (_("\nNetwork\n"));
  g_print ("  %s\n", network);
  g_print (_("  %s parameters\n"), count);
}

/* data points to a gboolean: whether the heading has been printed. */
static void
print_untold (const char *key,
              const char *value,
              gpointer    data)
{
  gboolean *titled = data;

  if (! *titled)
    g_print (_("\nNot said by the file, so this is assumed\n"));
  *titled = TRUE;
  g_print ("  %-18s %s\n", key, value ? value : _("unknown: what the model translates into what"));
}

/* With layers, prints every tensor. */
static void
print_tensors (const P2pTensors *tensors,
               gboolean          layers)
{
  g_print (_("\nTensors: %u, %.1f MiB\n"), tensors->list->len, mib (count_bytes (tensors)));
  for (guint i = 0; i < tensors->list->len && layers; i++)
    {
      const P2pTensor *tensor = tensors->list->pdata[i];
      g_autofree char *shape  = p2p_shape_to_text (tensor->n_dims, tensor->dims);

      g_print ("  %-4s %-18s %s\n", p2p_dtype_name (tensor->dtype), shape, tensor->name);
    }
}

static void
print_nodes (const P2pGraph *graph)
{
  g_print ("  %4s  %-14s %-16s %-26s %9s %11s %11s  %s\n", _("node"), _("op"), _("h×w×c"),
           _("algorithm"), "MFLOP", _("offset"), _("bytes"), _("scope"));
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const P2pNode   *node  = graph->nodes->pdata[i];
      g_autofree char *shape = g_strdup_printf ("%d×%d×%d", node->h, node->w, node->c);

      if (is_planned (node))
        g_print ("  %4d  %-14s %-16s %-26s %9.1f %11" G_GSIZE_FORMAT " %11" G_GSIZE_FORMAT
                 "  %s\n", node->index, op_name (node), shape,
                 node->algorithm ? node->algorithm : "", node->flops / 1e6,
                 node->storage->x_offset, node_bytes (node), node->scope);
    }
}

static void
print_plan (P2pModel *model,
            gboolean  layers)
{
  const P2pGraph *graph = model->graph;

  g_print (_("\nPlan for %d × %d pixels, %d threads\n"), model->input->w, model->input->h,
           p2p_parallel_n_threads (model->parallel));
  if (layers)
    print_nodes (graph);
  g_print (_("  %.2f GFLOP\n"), graph->flops / 1e9);
  g_print (_("  arena, values and scratch: %.1f MiB\n"), mib (graph->arena_size));
  g_print (_("  prepared weights: %.1f MiB\n"), mib (graph->prepared));
  g_print (_("  together: %.1f MiB\n"), mib (graph->arena_size + graph->prepared));
}

static void
print_text (P2pModel *model,
            gboolean  layers)
{
  gboolean untold = FALSE;

  p2p_cli_info_words (model);
  print_network (model);
  print_card (model->card);
  for_each_untold (model, print_untold, &untold);
  if (p2p_upsampling_assumed (model->card))
    g_print ("  %s\n", p2p_upsampling_assumed (model->card));
  if (untold)
    g_print (_("  To set one: pix2pix import FILE -o MODEL.safetensors --card KEY=VALUE\n"));
  if (model->graph)
    print_plan (model, layers);
  else
    print_tensors (model->tensors, layers);
}

/* ---- As JSON ------------------------------------------------------------------------------ */

static void
add_card (JsonBuilder   *builder,
          const P2pCard *card)
{
  const P2pNetOptions *options = &card->options;
  g_autoptr (GList)    keys    = sorted_keys (card->texts);

  json_builder_set_member_name (builder, "card");
  json_builder_begin_object (builder);
  for (GList *key = keys; key; key = key->next)
    p2p_json_string (builder, key->data, g_hash_table_lookup (card->texts, key->data));
  json_builder_end_object (builder);

  json_builder_set_member_name (builder, "network");
  json_builder_begin_object (builder);
  p2p_json_string (builder, "net", card->net->name);
  if (p2p_net_has (card->net, "num_downs"))
    p2p_json_int (builder, "num_downs", options->num_downs);
  if (p2p_net_has (card->net, "n_blocks"))
    p2p_json_int (builder, "n_blocks", options->n_blocks);
  p2p_json_int (builder, "ngf", options->ngf);
  p2p_json_int (builder, "input_nc", options->input_nc);
  p2p_json_int (builder, "output_nc", options->output_nc);
  p2p_json_string (builder, "norm", p2p_norm_name (options->norm));
  p2p_json_bool (builder, "use_dropout", options->use_dropout);
  if (p2p_net_has (card->net, "skip"))
    p2p_json_bool (builder, "skip", options->skip);
  p2p_json_string (builder, "upsample", p2p_upsample_name (options->upsample));
  json_builder_end_object (builder);
}

static void
add_tensors (JsonBuilder      *builder,
             const P2pTensors *tensors)
{
  json_builder_set_member_name (builder, "tensors");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = tensors->list->pdata[i];

      json_builder_begin_object (builder);
      p2p_json_string (builder, "name", tensor->name);
      p2p_json_string (builder, "dtype", p2p_dtype_name (tensor->dtype));
      json_builder_set_member_name (builder, "shape");
      json_builder_begin_array (builder);
      for (int j = 0; j < tensor->n_dims; j++)
        json_builder_add_int_value (builder, tensor->dims[j]);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_node (JsonBuilder   *builder,
          const P2pNode *node)
{
  const int shape[] = { node->n, node->h, node->w, node->c };

  json_builder_begin_object (builder);
  p2p_json_int (builder, "index", node->index);
  p2p_json_string (builder, "op", op_name (node));
  p2p_json_string (builder, "scope", node->scope);
  json_builder_set_member_name (builder, "shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (shape); i++)
    json_builder_add_int_value (builder, shape[i]);
  json_builder_end_array (builder);
  p2p_json_string (builder, "algorithm", node->algorithm ? node->algorithm : "");
  p2p_json_double (builder, "mflop", node->flops / 1e6);
  p2p_json_int (builder, "offset", node->storage->x_offset);
  p2p_json_int (builder, "bytes", node_bytes (node));
  json_builder_end_object (builder);
}

static void
add_plan (JsonBuilder *builder,
          P2pModel    *model)
{
  const GPtrArray *nodes = model->graph->nodes;

  json_builder_set_member_name (builder, "plan");
  json_builder_begin_object (builder);
  p2p_json_int (builder, "width", model->input->w);
  p2p_json_int (builder, "height", model->input->h);
  p2p_json_int (builder, "threads", p2p_parallel_n_threads (model->parallel));
  p2p_json_double (builder, "gflop", model->graph->flops / 1e9);
  p2p_json_int (builder, "arena_bytes", model->graph->arena_size);
  p2p_json_int (builder, "prepared_bytes", model->graph->prepared);
  json_builder_set_member_name (builder, "nodes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < nodes->len; i++)
    {
      if (is_planned (nodes->pdata[i]))
        add_node (builder, nodes->pdata[i]);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_untold (const char *key,
            const char *value,
            gpointer    data)
{
  p2p_json_string (data, key, value);
}

static void
print_json (P2pModel *model)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  p2p_json_path (builder, "file", model->path);
  p2p_json_string (builder, "container", model->tensors->container);
  p2p_json_string (builder, "found_under", model->tensors->found_under);
  add_card (builder, model->card);
  json_builder_set_member_name (builder, "untold");
  json_builder_begin_object (builder);
  for_each_untold (model, add_untold, builder);
  json_builder_end_object (builder);
  p2p_json_int (builder, "parameters", p2p_params_count (model->params, P2P_TRAINABLE));
  add_tensors (builder, model->tensors);
  if (model->graph)
    add_plan (builder, model);
  json_builder_end_object (builder);
  p2p_json_print (builder);
}

/* ---- The command -------------------------------------------------------------------------- */

/* Plans for a picture of width × height pixels.  The sides are rounded up to multiples that the
 * network can take, as an apply adds a mirrored border. */
static gboolean
make_plan (P2pModel  *model,
           int        width,
           int        height,
           GError   **error)
{
  const P2pCard         *card    = model->card;
  const int              side    = card->net->side_multiple (&card->options);
  const P2pApplyOptions  options = P2P_APPLY_DEFAULTS;

  return p2p_model_graph (model, (width + side - 1) / side * side,
                          (height + side - 1) / side * side, p2p_model_mode (model, &options),
                          error) != NULL;
}

/* Does not use p2p_model_open (), which would make a model file of a .pth in the user's folder. */
static gboolean
info (const char  *name,
      int          width,
      int          height,
      int          n_threads,
      gboolean     layers,
      gboolean     json,
      GError     **error)
{
  g_autofree char     *path  = p2p_models_find (name, error);
  g_autoptr (P2pModel) model = path ? p2p_model_open_file (path, NULL, error) : NULL;

  if (! model)
    return FALSE;

  p2p_model_set_threads (model, n_threads);
  if (width && ! make_plan (model, width, height, error))
    return FALSE;

  if (json)
    print_json (model);
  else
    print_text (model, layers);
  return TRUE;
}

int
p2p_cli_info (int    argc,
              char **argv)
{
  g_autofree char   *plan  = NULL, *threads = NULL;
  g_autoptr (GError) error = NULL;
  gboolean           json  = FALSE, layers = FALSE;
  int                width = 0, height = 0, n_threads = 0;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("print JSON"), NULL },
    { "layers", 0, 0, G_OPTION_ARG_NONE, &layers,
      N_("list each tensor, or with --plan each step"), NULL },
    { "plan", 0, 0, G_OPTION_ARG_STRING, &plan,
      N_("show the operations and the memory that a picture of this size would take"), "WxH" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &threads,
      N_("threads that compute, for the plan (default: one for each processor)"), "N" },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("ID|FILE - show what a model file holds"), NULL,
                       "info facade --plan 512x256"))
    return P2P_CLI_USAGE;

  if (argc < 2)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_OPTION, _("name a model or its file"));
  if (argc < 2 ||
      ! p2p_cli_size ("--plan", plan, FALSE, &width, &height, &error) ||
      ! p2p_cli_integer ("--threads", threads, 1, P2P_CLI_MAX_THREADS, &n_threads, &error))
    return p2p_cli_usage (error);
  if (! p2p_cli_no_more (argc - 1, argv + 1))
    return P2P_CLI_USAGE;

  if (! info (argv[1], width, height, n_threads, layers, json, &error))
    {
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }
  return P2P_CLI_DONE;
}

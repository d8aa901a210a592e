/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The table of generators, and the names of their options. */

#include <string.h>

#include "nets.h"

static const P2pNet *const nets[] =
{
  &p2p_net_resnet,
  &p2p_net_unet,
};

static const char *const norms[] = { "none", "batch", "instance" };
static const char *const truths[] = { "false", "true" };
static const int         kernels[] = { 0, 3, 2, 3 };    /* for each of p2p_upsamplings */

const char *const p2p_upsamplings[] = { "transposed", "resize", "smooth", "bilinear", NULL };

/* The options of all networks, in the order in which p2p_net_describe () prints them.  Where an
 * option has words, words[value] is printed instead of the number. */
static const struct
{
  const char        *key;
  gsize              offset;
  const char *const *words;
}
numbers[] =
{
  { "num_downs",   G_STRUCT_OFFSET (P2pNetOptions, num_downs) },
  { "n_blocks",    G_STRUCT_OFFSET (P2pNetOptions, n_blocks) },
  { "ngf",         G_STRUCT_OFFSET (P2pNetOptions, ngf) },
  { "input_nc",    G_STRUCT_OFFSET (P2pNetOptions, input_nc) },
  { "output_nc",   G_STRUCT_OFFSET (P2pNetOptions, output_nc) },
  { "norm",        G_STRUCT_OFFSET (P2pNetOptions, norm), norms },
  { "use_dropout", G_STRUCT_OFFSET (P2pNetOptions, use_dropout), truths },
  { "skip",        G_STRUCT_OFFSET (P2pNetOptions, skip), truths },
  { "upsample",    G_STRUCT_OFFSET (P2pNetOptions, upsample), p2p_upsamplings },
};

const P2pNet *
p2p_net_by_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    if (strcmp (nets[i]->name, name) == 0)
      return nets[i];
  return NULL;
}

const P2pNet *
p2p_net_detect (const P2pTensors *tensors,
                P2pNetOptions    *options)
{
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      *options = nets[i]->defaults;
      if (nets[i]->detect (tensors, options))
        return nets[i];
    }
  return NULL;
}

/* The first build on empty params declares the weights, for which the picture's size does not
 * matter. */
gboolean
p2p_net_declare (const P2pNet         *net,
                 const P2pNetOptions  *options,
                 P2pParams            *params,
                 P2pParallel          *parallel,
                 GError              **error)
{
  P2pGraphOptions      graph_options = { P2P_STATS_OWN, NULL, FALSE };
  g_autoptr (P2pGraph) graph = p2p_graph_new (params, parallel, &graph_options);
  int                  side = net->side_multiple (options);

  net->build (p2p_at (graph), p2p_input (graph, 1, side, side, options->input_nc), options);
  return p2p_graph_plan (graph, error);
}

gboolean
p2p_net_has (const P2pNet *net,
             const char   *key)
{
  return g_strv_contains (net->keys, key);
}

char *
p2p_net_describe (const P2pNet        *net,
                  const P2pNetOptions *options)
{
  GString *text = g_string_new (net->name);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      int value = G_STRUCT_MEMBER (int, options, numbers[i].offset);

      if (! p2p_net_has (net, numbers[i].key))
        continue;
      if (numbers[i].words)
        g_string_append_printf (text, ", %s %s", numbers[i].key, numbers[i].words[value]);
      else
        g_string_append_printf (text, ", %s %d", numbers[i].key, value);
    }
  return g_string_free (text, FALSE);
}

const char *
p2p_norm_name (P2pNormKind kind)
{
  return norms[kind];
}

/* Returns the index of name among n words, or -1. */
static int
find_word (const char *const *words,
           guint              n,
           const char        *name)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (words[i], name) == 0)
      return i;
  return -1;
}

gboolean
p2p_norm_by_name (const char  *name,
                  P2pNormKind *kind)
{
  int found = find_word (norms, G_N_ELEMENTS (norms), name);

  if (found >= 0)
    *kind = found;
  return found >= 0;
}

const char *
p2p_upsample_name (P2pUpsample upsample)
{
  return p2p_upsamplings[upsample];
}

gboolean
p2p_upsample_by_name (const char  *name,
                      P2pUpsample *upsample)
{
  int found = find_word (p2p_upsamplings, G_N_ELEMENTS (p2p_upsamplings) - 1, name);

  if (found >= 0)
    *upsample = found;
  return found >= 0;
}

int
p2p_upsample_kernel (P2pUpsample upsample)
{
  return kernels[upsample];
}

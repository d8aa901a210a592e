/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The table of networks. */

#include <string.h>

#include "nets.h"

static const P2pNet *const nets[] =
{
  &p2p_net_unet,
};

static const char *const norms[] = { "none", "batch", "instance" };

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

char *
p2p_net_describe (const P2pNet        *net,
                  const P2pNetOptions *options)
{
  GString *text = g_string_new (net->name);

  if (options->num_downs)
    g_string_append_printf (text, ", num_downs %d", options->num_downs);
  if (options->n_blocks)
    g_string_append_printf (text, ", n_blocks %d", options->n_blocks);
  g_string_append_printf (text, ", ngf %d, norm %s, %d → %d, use_dropout %s, skip %s", options->ngf,
                          p2p_norm_name (options->norm), options->input_nc, options->output_nc,
                          options->use_dropout ? "true" : "false",
                          options->skip ? "true" : "false");
  return g_string_free (text, FALSE);
}

const char *
p2p_norm_name (P2pNormKind kind)
{
  return norms[kind];
}

gboolean
p2p_norm_by_name (const char  *name,
                  P2pNormKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (norms); i++)
    if (strcmp (norms[i], name) == 0)
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

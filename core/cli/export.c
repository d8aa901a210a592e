/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix export` writes a model's weights for PyTorch, in the form in which the public
 * implementation saves them. */

#include "cli.h"

#include <string.h>

#include "base/intl.h"
#include "files/torch-write.h"
#include "models/model.h"

#define VARIANCE ".running_var"

/* The modules that stand in PyTorch for each nn.ConvTranspose2d if the model upsamples in another
 * way. */
static const struct
{
  const char *sequential;
  const char *place;         /* index of the convolution in it, as part of a name */
}
doublings[] =
{
  [P2P_UPSAMPLE_RESIZE] = { "nn.Sequential(nn.Upsample(scale_factor=2), "
                            "nn.Conv2d(…, 3, padding=1))", ".1" },
  [P2P_UPSAMPLE_SMOOTH] = { "nn.Sequential(nn.Upsample(scale_factor=2), "
                            "nn.AvgPool2d(2, 1, padding=1), nn.Conv2d(…, 2))", ".2" },
  [P2P_UPSAMPLE_BILINEAR] = { "nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), "
                              "nn.Conv2d(…, 3, padding=1))", ".1" },
};

/* Returns the name (newly allocated) of a parameter in the state dict. */
static char *
torch_name (const P2pModel *model,
            const P2pParam *param)
{
  const char      *own = strrchr (param->name, '.');
  g_autofree char *scope = g_strndup (param->name, own - param->name);
  g_autofree char *name = g_strconcat (scope, ".weight", NULL);
  const P2pParam  *weight = p2p_params_lookup (model->params, name);

  return weight && weight->resized
         ? g_strconcat (scope, doublings[model->card->options.upsample].place, own, NULL)
         : g_strdup (param->name);
}

/* Adds running statistics that the model does not have, with the values with which PyTorch's batch
 * norm starts. */
static void
add_untrained (P2pTensors     *tensors,
               const P2pParam *param)
{
  gsize              size = param->n * sizeof (float);
  float             *values = g_new (float, param->n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (values, size);
  gint64             length = param->n;

  for (gsize i = 0; i < param->n; i++)
    values[i] = g_str_has_suffix (param->name, VARIANCE) ? 1.0f : 0.0f;
  p2p_tensors_add (tensors, param->name, P2P_F32, 1, &length, values, bytes);
}

/* Adds num_batches_tracked.  PyTorch's strict loading wants it, although nothing uses its value. */
static void
add_counter (P2pTensors     *tensors,
             const P2pParam *param)
{
  static const gint64 never = 0;
  g_autofree char    *scope = g_strndup (param->name, strlen (param->name) - strlen (VARIANCE));
  g_autofree char    *name = g_strconcat (scope, ".num_batches_tracked", NULL);

  p2p_tensors_add (tensors, name, P2P_I64, 0, NULL, &never, NULL);
}

/* Returns the state dict of the same network in PyTorch. */
static P2pTensors *
make_state_dict (const P2pModel *model)
{
  P2pTensors *tensors = p2p_tensors_new ();

  for (guint i = 0; i < p2p_params_length (model->params); i++)
    {
      const P2pParam  *param = p2p_params_nth (model->params, i);
      const P2pTensor *tensor = p2p_tensors_get (model->tensors, param->name);
      g_autofree char *torch = torch_name (model, param);

      if (tensor)
        p2p_tensors_add (tensors, torch, tensor->dtype, tensor->n_dims, tensor->dims,
                         tensor->data, NULL);
      else
        add_untrained (tensors, param);
      if (g_str_has_suffix (param->name, VARIANCE))
        add_counter (tensors, param);
    }

  return tensors;
}

static gboolean
export (const char  *name,
        const char  *output,
        gboolean     quiet,
        GError     **error)
{
  g_autoptr (P2pModel)   model = p2p_model_open (name, NULL, error);
  g_autoptr (P2pTensors) tensors = model ? make_state_dict (model) : NULL;
  g_autofree char       *shown = g_filename_display_name (output);
  g_autofree char       *network = NULL;

  if (! tensors || ! p2p_torch_write (output, tensors, error))
    return FALSE;

  network = p2p_net_describe (model->card->net, &model->card->options);
  if (! quiet)
    g_print ("%s: %s\n", shown, network);
  if (! quiet && model->card->options.upsample != P2P_UPSAMPLE_TRANSPOSED)
    g_print (_("The public implementation has no such network. To load the state dict there, "
               "replace each nn.ConvTranspose2d(…) by %s\n"),
             doublings[model->card->options.upsample].sequential);
  return TRUE;
}

int
p2p_cli_export (int    argc,
                char **argv)
{
  g_autofree char   *output = NULL;
  g_autoptr (GError) error = NULL;
  gboolean           quiet = FALSE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("the file to write"), N_("OUT.pth") },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, N_("do not say what was written"), NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("ID|FILE - write a model's weights for PyTorch"),
                       _("torch.load (OUT, weights_only=True) gives the state dict of the same "
                         "network in the public pix2pix and CycleGAN implementation. The card is "
                         "not written."),
                       "export facade -o latest_net_G.pth"))
    return P2P_CLI_USAGE;

  if (argc < 2)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_OPTION, _("name a model or its file"));
  else if (! output || ! g_str_has_suffix (output, ".pth"))
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_OPTION,
                         _("--output wants the name of the file to write, ending in .pth"));
  if (error)
    return p2p_cli_usage (error);
  if (! p2p_cli_no_more (argc - 1, argv + 1))
    return P2P_CLI_USAGE;

  if (! export (argv[1], output, quiet, &error))
    {
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }
  return P2P_CLI_DONE;
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix models` lists the models that are found. */

#include "cli.h"

#include "base/intl.h"

static void
print_json (const GPtrArray *models)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < models->len; i++)
    {
      const P2pModelInfo *model = models->pdata[i];

      json_builder_begin_object (builder);
      p2p_json_string (builder, "id", model->id);
      p2p_json_path (builder, "path", model->path);
      p2p_json_string (builder, "title", model->title);
      p2p_json_string (builder, "description", model->description);
      p2p_json_string (builder, "task", model->task);
      p2p_json_bool (builder, "convert", model->convert);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  p2p_json_print (builder);
}

static void
print_text (const GPtrArray *models)
{
  g_autofree char *user   = p2p_models_user_folder ();
  g_autofree char *folder = g_filename_display_name (user);
  int              width  = 0;

  for (guint i = 0; i < models->len; i++)
    width = MAX (width, p2p_cli_width (((P2pModelInfo *) models->pdata[i])->id));
  for (guint i = 0; i < models->len; i++)
    {
      const P2pModelInfo *model = models->pdata[i];

      g_print ("%s%*s  %s%s\n", model->id, width - p2p_cli_width (model->id), "", model->title,
               model->convert ? _(" (trained weights; a model file is made of them on first use)")
                              : "");
    }
  if (models->len == 0)
    g_print (_("No models were found. Put model files (.safetensors or .pth) into the "
                 "folder\n%s\n"),
             folder);
}

int
p2p_cli_models (int    argc,
                char **argv)
{
  g_autoptr (GPtrArray) models = NULL, broken = NULL;
  gboolean              json   = FALSE;
  const GOptionEntry    entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("print JSON"), NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("- list the models that are found"),
                       _("Prints each model's name, which --model takes, and its title; pix2pix "
                         "info NAME tells more."), "models") ||
      ! p2p_cli_no_more (argc, argv))
    return P2P_CLI_USAGE;

  models = p2p_models_list (&broken);
  if (json)
    print_json (models);
  else
    print_text (models);
  for (guint i = 0; i < broken->len; i++)
    g_printerr (_("Not listed: %s\n"), (char *) broken->pdata[i]);
  return P2P_CLI_DONE;
}

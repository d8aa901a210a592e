/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Prints what a model is for, in words for people who want to use it. */

#include "cli.h"

#include "base/intl.h"
#include "models/model.h"

static const char *const picture_words[P2P_N_PLANES] =
{
  [P2P_PLANE_RGB]    = N_("a picture in color"),
  [P2P_PLANE_RGBA]   = N_("a picture in color, with its transparency"),
  [P2P_PLANE_GRAY]   = N_("a gray picture"),
  [P2P_PLANE_LABELS] = N_("flat label colors"),
  [P2P_PLANE_LAB_L]  = N_("a picture's lightness"),
  [P2P_PLANE_LINES]  = N_("line art"),
};

static const char *const output_words[P2P_N_OUTPUTS] =
{
  [P2P_OUTPUT_RGB]    = N_("a picture in color"),
  [P2P_OUTPUT_GRAY]   = N_("a gray picture"),
  [P2P_OUTPUT_LAB_AB] = N_("colors for the picture, which keeps its lightness"),
  [P2P_OUTPUT_RGBA]   = N_("a picture in color, with transparency"),
};

/* The card's keys whose texts p2p_cli_info_words () prints. */
static const char *const told[] = { "title", "description", "good_at", "bad_at", "suits", "data",
                                    "licence", NULL };

gboolean
p2p_cli_info_tells (const char *key)
{
  return g_strv_contains (told, key);
}

static void
print_row (const char *name,
           const char *value)
{
  if (value && *value)
    g_print ("  %-12s %s\n", name, value);
}

static char *
describe_input (const P2pInputs *inputs)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < inputs->n; i++)
    if (picture_words[inputs->kinds[i]])
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", _(picture_words[inputs->kinds[i]]));
  if (p2p_inputs_take_hints (inputs))
    g_string_append_printf (text, ", %s", _("dots and strokes of color as hints"));
  return g_string_free (text, FALSE);
}

void
p2p_cli_info_words (const P2pModel *model)
{
  const P2pCard   *card  = model->card;
  const char      *title = p2p_card_text (card, "title");
  const char      *text  = p2p_card_text (card, "description");
  g_autofree char *name  = g_filename_display_basename (model->path);
  g_autofree char *path  = g_filename_display_name (model->path);
  g_autofree char *takes = describe_input (&card->inputs);
  g_autofree char *size  = card->fit ? g_strdup_printf (_("%d pixels for the longer side, unless "
                                                          "--scale says otherwise"), card->fit)
                                     : NULL;

  g_print ("%s\n", title ? title : name);
  if (text && *text)
    g_print ("%s\n", text);
  g_print ("\n");
  print_row (_("takes"), takes);
  print_row (_("gives"), _(output_words[card->output]));
  print_row (_("works at"), size ? size : _("the picture's own size"));
  print_row (_("good at"), p2p_card_text (card, "good_at"));
  print_row (_("bad at"), p2p_card_text (card, "bad_at"));
  print_row (_("wants"), p2p_card_text (card, "suits"));
  print_row (_("data"), p2p_card_text (card, "data"));
  print_row (_("license"), p2p_card_text (card, "licence"));
  print_row (_("file"), path);
  print_row (_("format"), model->tensors->container);
  print_row (_("found under"), model->tensors->found_under);
}

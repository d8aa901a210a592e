/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads the values of options from texts, and writes them as texts. */

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "option-values.h"
#include "p2p.h"

static gboolean
refuse (const P2pTrainOption  *option,
        const char            *wanted,
        const char            *text,
        GError               **error)
{
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("--%s wants %s, not “%s”"), option->name,
               wanted, text);
  return FALSE;
}

/* ---- Values ----------------------------------------------------------------------------- */

gboolean
p2p_option_set_text (P2pTrainOptions       *options,
                     const P2pTrainOption  *option,
                     const char            *text,
                     GError               **error)
{
  char **value = &G_STRUCT_MEMBER (char *, options, option->offset);

  if (! *text)
    return refuse (option, _("a name"), text, error);
  g_free (*value);
  *value = g_strdup (text);
  return TRUE;
}

char *
p2p_option_get_text (const P2pTrainOptions *options,
                     const P2pTrainOption  *option)
{
  return g_strdup (G_STRUCT_MEMBER (char *, options, option->offset));
}

gboolean
p2p_option_set_integer (P2pTrainOptions       *options,
                        const P2pTrainOption  *option,
                        const char            *text,
                        GError               **error)
{
  g_autofree char *wanted = NULL;
  gint64           value;

  if (g_ascii_string_to_signed (text, 10, option->min, option->max, &value, NULL))
    {
      G_STRUCT_MEMBER (int, options, option->offset) = value;
      return TRUE;
    }
  wanted = g_strdup_printf (_("a whole number from %d to %d"), (int) option->min,
                            (int) option->max);
  return refuse (option, wanted, text, error);
}

char *
p2p_option_get_integer (const P2pTrainOptions *options,
                        const P2pTrainOption  *option)
{
  return g_strdup_printf ("%d", G_STRUCT_MEMBER (int, options, option->offset));
}

gboolean
p2p_option_set_number (P2pTrainOptions       *options,
                       const P2pTrainOption  *option,
                       const char            *text,
                       GError               **error)
{
  g_autofree char *wanted = NULL;
  char            *end;
  double           value = g_ascii_strtod (text, &end);

  if (end != text && ! *end && value >= option->min && value <= option->max)
    {
      G_STRUCT_MEMBER (double, options, option->offset) = value;
      return TRUE;
    }
  wanted = g_strdup_printf (_("a number from %g to %g"), option->min, option->max);
  return refuse (option, wanted, text, error);
}

/* The shortest text that gives the same number: 0.02, not 0.020000000000000000416. */
char *
p2p_option_get_number (const P2pTrainOptions *options,
                       const P2pTrainOption  *option)
{
  double value = G_STRUCT_MEMBER (double, options, option->offset);
  char   text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) != value)
    g_ascii_dtostr (text, sizeof text, value);
  return g_strdup (text);
}

gboolean
p2p_option_set_seed (P2pTrainOptions       *options,
                     const P2pTrainOption  *option,
                     const char            *text,
                     GError               **error)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &options->seed, NULL)
         || refuse (option, _("a whole number, 0 or more"), text, error);
}

char *
p2p_option_get_seed (const P2pTrainOptions *options,
                     const P2pTrainOption  *option)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, options->seed);
}

gboolean
p2p_option_set_word (P2pTrainOptions       *options,
                     const P2pTrainOption  *option,
                     const char            *text,
                     GError               **error)
{
  g_autofree char *wanted = NULL;

  for (int i = 0; option->words[i]; i++)
    if (strcmp (option->words[i], text) == 0)
      {
        G_STRUCT_MEMBER (int, options, option->offset) = i;
        return TRUE;
      }
  wanted = g_strjoinv (" | ", (char **) option->words);
  return refuse (option, wanted, text, error);
}

char *
p2p_option_get_word (const P2pTrainOptions *options,
                     const P2pTrainOption  *option)
{
  return g_strdup (option->words[G_STRUCT_MEMBER (int, options, option->offset)]);
}

/* Reads a side from 1 to P2P_MAX_SIDE at the beginning of text.  *rest gets what follows it. */
static gboolean
read_side (const char  *text,
           int         *side,
           const char **rest)
{
  char   *end;
  guint64 value = g_ascii_strtoull (text, &end, 10);

  *side = MIN (value, P2P_MAX_SIDE);
  *rest = end;
  return g_ascii_isdigit (*text) && value >= 1 && value <= P2P_MAX_SIDE;
}

/* Takes "256", "512x256" or "512×256". */
gboolean
p2p_option_set_size (P2pTrainOptions       *options,
                     const P2pTrainOption  *option,
                     const char            *text,
                     GError               **error)
{
  const char      *rest;
  P2pSize          size;
  g_autofree char *wanted = NULL;

  if (read_side (text, &size.width, &rest))
    {
      const gsize sign = g_str_has_prefix (rest, "x") ? 1 : g_str_has_prefix (rest, "×") ? 2 : 0;

      size.height = size.width;
      if (! *rest || (sign && read_side (rest + sign, &size.height, &rest) && ! *rest))
        {
          G_STRUCT_MEMBER (P2pSize, options, option->offset) = size;
          return TRUE;
        }
    }
  wanted = g_strdup_printf (_("a size in pixels such as 256 or 512x256, at most %d"),
                            P2P_MAX_SIDE);
  return refuse (option, wanted, text, error);
}

char *
p2p_option_get_size (const P2pTrainOptions *options,
                     const P2pTrainOption  *option)
{
  return p2p_size_to_text (G_STRUCT_MEMBER (P2pSize, options, option->offset));
}

/* ---- Method ------------------------------------------------------------------------------ */

/* The options that a recipe changes when it is chosen, as in the public implementation. */
static void
follow_cyclegan (P2pTrainOptions *options)
{
  options->mode = P2P_DATA_UNPAIRED;
  options->net_g = &p2p_net_resnet;
  options->g.n_blocks = 9;
  options->g.num_downs = 0;
  options->g.norm = P2P_NORM_INSTANCE;
  options->g.use_dropout = FALSE;
  options->gan_mode = P2P_GAN_LSGAN;
}

static const char *const recipes[] = { "pix2pix", "cyclegan", NULL };

/* Takes the recipe's name.  A recipe that is new to options brings its own defaults. */
gboolean
p2p_option_set_recipe (P2pTrainOptions       *options,
                       const P2pTrainOption  *option,
                       const char            *text,
                       GError               **error)
{
  const P2pRecipeKind before = options->recipe;

  if (! g_strv_contains (recipes, text))
    return refuse (option, option->wants, text, error);
  options->recipe = strcmp (text, recipes[P2P_RECIPE_CYCLEGAN]) == 0 ? P2P_RECIPE_CYCLEGAN
                                                                     : P2P_RECIPE_PIX2PIX;
  if (options->recipe == P2P_RECIPE_CYCLEGAN && before != P2P_RECIPE_CYCLEGAN)
    follow_cyclegan (options);
  return TRUE;
}

char *
p2p_option_get_recipe (const P2pTrainOptions *options,
                       const P2pTrainOption  *option)
{
  return g_strdup (recipes[options->recipe]);
}

/* ---- Networks --------------------------------------------------------------------------- */

/* Takes names such as "unet_256", a U-Net that halves sides of 256 pixels until they are 1, and
 * "resnet_9blocks". */
gboolean
p2p_option_set_net_g (P2pTrainOptions       *options,
                      const P2pTrainOption  *option,
                      const char            *text,
                      GError               **error)
{
  guint64          side;
  int              number, end = 0;
  g_autofree char *name = NULL;

  if (g_str_has_prefix (text, "unet_")
      && g_ascii_string_to_unsigned (text + 5, 10, 32, 1 << 12, &side, NULL)
      && (side & (side - 1)) == 0)
    {
      options->net_g = &p2p_net_unet;
      options->g.num_downs = g_bit_nth_msf (side, -1);
      options->g.n_blocks = 0;
      return TRUE;
    }
  if (sscanf (text, "resnet_%3dblocks%n", &number, &end) == 1 && end > 0 && ! text[end]
      && number > 0)
    {
      options->net_g = &p2p_net_resnet;
      options->g.n_blocks = number;
      options->g.num_downs = 0;
      return TRUE;
    }
  return refuse (option, option->wants, text, error);
}

char *
p2p_option_get_net_g (const P2pTrainOptions *options,
                      const P2pTrainOption  *option)
{
  return options->net_g == &p2p_net_unet
         ? g_strdup_printf ("unet_%d", 1 << options->g.num_downs)
         : g_strdup_printf ("resnet_%dblocks", options->g.n_blocks);
}

static const char *const ds[] = { "basic", "n_layers", "pixel", NULL };

gboolean
p2p_option_set_net_d (P2pTrainOptions       *options,
                      const P2pTrainOption  *option,
                      const char            *text,
                      GError               **error)
{
  if (! g_strv_contains (ds, text))
    return refuse (option, option->wants, text, error);
  options->pixel_d = strcmp (text, "pixel") == 0;
  if (strcmp (text, "basic") == 0)
    options->n_layers_d = 3;
  return TRUE;
}

char *
p2p_option_get_net_d (const P2pTrainOptions *options,
                      const P2pTrainOption  *option)
{
  return g_strdup (ds[options->pixel_d ? 2 : options->n_layers_d == 3 ? 0 : 1]);
}

gboolean
p2p_option_set_inputs (P2pTrainOptions       *options,
                       const P2pTrainOption  *option,
                       const char            *text,
                       GError               **error)
{
  g_autofree char *unknown = NULL;

  return p2p_inputs_parse (text, &options->inputs, &unknown)
         || refuse (option, option->wants, text, error);
}

char *
p2p_option_get_inputs (const P2pTrainOptions *options,
                       const P2pTrainOption  *option)
{
  return p2p_inputs_to_text (&options->inputs);
}

gboolean
p2p_option_set_norm (P2pTrainOptions       *options,
                     const P2pTrainOption  *option,
                     const char            *text,
                     GError               **error)
{
  return p2p_norm_by_name (text, &options->g.norm) || refuse (option, option->wants, text, error);
}

char *
p2p_option_get_norm (const P2pTrainOptions *options,
                     const P2pTrainOption  *option)
{
  return g_strdup (p2p_norm_name (options->g.norm));
}

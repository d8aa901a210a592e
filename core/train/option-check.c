/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which options go together. */

#include <string.h>

#include "base/intl.h"
#include "option-table.h"
#include "p2p.h"

static gboolean
complain (GError     **error,
          const char  *format,
          ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION, message);
  return FALSE;
}

/* What networks see and give in the modes that say so themselves: without hints, and with them. */
static const struct
{
  P2pDataMode mode;
  const char *name;
  P2pInputs   inputs[2];
  P2pOutput   output;
}
fixed[] =
{
  { P2P_DATA_COLORIZE, "colorize",
    { { 1, { P2P_PLANE_LAB_L } },
      { 5, { P2P_PLANE_LAB_L, P2P_PLANE_HINT_AB, P2P_PLANE_HINT_MASK, P2P_PLANE_SPREAD_AB,
             P2P_PLANE_SPREAD_REACH } } }, P2P_OUTPUT_LAB_AB },
  { P2P_DATA_SKETCH, "sketch",
    { { 1, { P2P_PLANE_LINES } },
      { 5, { P2P_PLANE_LINES, P2P_PLANE_HINT_RGB, P2P_PLANE_HINT_MASK, P2P_PLANE_SPREAD_RGB,
             P2P_PLANE_SPREAD_REACH } } }, P2P_OUTPUT_RGB },
};

static gboolean
check_pairs (const P2pTrainOptions  *options,
             GError                **error)
{
  if (options->hints || p2p_inputs_take_hints (&options->inputs))
    return complain (error, _("--hints is for --mode sketch and --mode colorize"));
  if (p2p_inputs_have (&options->inputs, P2P_PLANE_LAB_L) || options->output == P2P_OUTPUT_LAB_AB)
    return complain (error, _("Lightness and colours alone are for --mode colorize"));
  return TRUE;
}

static gboolean
check_teacher (const P2pTrainOptions  *options,
               GError                **error)
{
  if (options->mode != P2P_DATA_PICTURES)
    return TRUE;
  if (! options->teacher)
    return complain (error, _("--mode pictures needs a teacher that shows what they become: name a "
                              "model with --teacher"));
  if (options->b_to_a)
    return complain (error, _("--mode %s has no other direction"), "pictures");
  return TRUE;
}

static gboolean
check_kinds (P2pTrainOptions  *options,
             GError          **error)
{
  const gsize n_fixed = G_N_ELEMENTS (fixed);
  guint       i = 0;

  while (i < n_fixed && fixed[i].mode != options->mode)
    i++;
  if (options->lines && options->mode != P2P_DATA_SKETCH)
    return complain (error, _("--lines is for --mode sketch"));
  if (i == n_fixed && ! check_pairs (options, error))
    return FALSE;
  if (i < n_fixed && options->b_to_a)
    return complain (error, _("--mode %s has no other direction"), fixed[i].name);
  if (i < n_fixed)
    {
      options->inputs = fixed[i].inputs[options->hints ? 1 : 0];
      options->output = fixed[i].output;
    }

  options->g.input_nc = p2p_inputs_channels (&options->inputs);
  options->g.output_nc = p2p_outputs[options->output].channels;
  return TRUE;
}

/* Takes the largest network of the same kind, beginning with the one that is set, whose sides fit
 * into side.  What --help names is tried, from the largest to the smallest. */
static gboolean
shrink (P2pTrainOptions *options,
        int              side)
{
  const P2pTrainOption *net_g = p2p_train_option_find ("netG");
  const P2pNet         *net = options->net_g;
  g_auto (GStrv)        names = NULL;
  const char           *wants;

  p2p_train_option_help (net_g, &wants);
  names = g_strsplit (wants, "|", -1);
  for (char **name = names; net->side_multiple (&options->g) > side; name++)
    if (! *name || options->start_from || ! p2p_train_options_set (options, net_g, *name, NULL))
      return FALSE;
  return options->net_g == net;
}

char *
p2p_train_options_fit (const P2pTrainOptions *options,
                       int                    side,
                       const char            *command)
{
  P2pTrainOptions  fitting = *options;
  g_autofree char *old = NULL, *name = NULL;
  int              multiple, crop, load;
  gboolean         other;

  if (! command || ! shrink (&fitting, side))
    return NULL;
  old = p2p_train_options_get (options, p2p_train_option_find ("netG"));
  name = p2p_train_options_get (&fitting, p2p_train_option_find ("netG"));
  other = strcmp (old, name) != 0;
  multiple = fitting.net_g->side_multiple (&fitting.g);
  crop = side / multiple * multiple;
  load = MAX (crop, (gint64) crop * options->load_size / options->crop_size);
  return g_strdup_printf ("%s%s%s --load-size %d --crop-size %d", command,
                          other ? " --netG " : "", other ? name : "", load, crop);
}

static gboolean
check_sizes (const P2pTrainOptions  *options,
             const char             *command,
             GError                **error)
{
  const int        multiple = options->net_g->side_multiple (&options->g);
  g_autofree char *name = p2p_train_options_get (options, p2p_train_option_find ("netG"));
  g_autofree char *fitting = p2p_train_options_fit (options, options->crop_size, command);

  if (options->crop_size % multiple && fitting)
    return complain (error, _("--crop-size wants a multiple of %d for --netG %s, not %d. This "
                              "works:\n  %s"), multiple, name, options->crop_size, fitting);
  if (options->crop_size % multiple)
    return complain (error, _("--crop-size wants a multiple of %d for --netG %s, not %d"),
                     multiple, name, options->crop_size);
  if (options->load_size < options->crop_size)
    return complain (error, _("--load-size wants no less than --crop-size, %d, not %d"),
                     options->crop_size, options->load_size);
  return TRUE;
}

gboolean
p2p_train_options_check (P2pTrainOptions  *options,
                         const char       *command,
                         GError          **error)
{
  if (! options->data)
    return complain (error, _("name the folder of pictures with --data"));
  if (! check_teacher (options, error) || ! check_kinds (options, error)
      || ! options->net_g->check (&options->g, error))
    return FALSE;

  if (! check_sizes (options, command, error))
    return FALSE;
  if (options->n_epochs + options->n_epochs_decay < 1)
    return complain (error, _("--n-epochs and --n-epochs-decay leave nothing to do"));
  if (! options->teacher && options->lambda_gan <= 0.0 && options->lambda_l1 <= 0.0)
    return complain (error, _("--lambda-GAN and --lambda-L1 cannot both be 0"));
  return TRUE;
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checks whether a training's options go together, and completes those that follow from others. */

#include <string.h>

#include "base/intl.h"
#include "option-table.h"
#include "p2p.h"

static gboolean G_GNUC_PRINTF (2, 3)
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

/* The inputs, without hints and with hints, and the output of networks for the modes that fix
 * them. */
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

/* What each kind of preprocessing does with the options of sizes. */
static const struct
{
  gboolean scales, one_number;     /* --load-size is used; only its width is used */
  gboolean crops;                  /* all pictures get the same size, --crop-size */
}
traits[] =
{
  [P2P_PREPROCESS_RESIZE_AND_CROP]      = { TRUE,  FALSE, TRUE },
  [P2P_PREPROCESS_CROP]                 = { FALSE, FALSE, TRUE },
  [P2P_PREPROCESS_SCALE_WIDTH]          = { TRUE,  TRUE,  FALSE },
  [P2P_PREPROCESS_SCALE_WIDTH_AND_CROP] = { TRUE,  TRUE,  TRUE },
  [P2P_PREPROCESS_NONE]                 = { FALSE, FALSE, FALSE },
};

static gboolean
check_pairs (const P2pTrainOptions  *options,
             GError                **error)
{
  if (options->hints || p2p_inputs_take_hints (&options->inputs))
    return complain (error, _("--hints is for --mode sketch and --mode colorize"));
  if (p2p_inputs_have (&options->inputs, P2P_PLANE_LAB_L) || options->output == P2P_OUTPUT_LAB_AB)
    return complain (error, _("The input lab-l and the output lab-ab are for --mode colorize"));
  return TRUE;
}

static gboolean
check_teacher (const P2pTrainOptions  *options,
               GError                **error)
{
  P2pTrainOptions usual;

  p2p_train_options_init (&usual);
  if (! options->teacher && options->lambda_teacher != usual.lambda_teacher)
    return complain (error, _("--lambda-teacher is for trainings that have a --teacher"));
  if (options->mode != P2P_DATA_PICTURES)
    return TRUE;
  if (! options->teacher)
    return complain (error, _("--mode pictures needs a teacher that makes the targets: name a "
                              "model with --teacher"));
  if (options->b_to_a)
    return complain (error, _("--mode %s has only one direction: leave out --direction"),
                     "pictures");
  return TRUE;
}

/* Whether an option has another value than its default. */
static gboolean
is_changed (const P2pTrainOptions *options,
            const char            *name)
{
  const P2pTrainOption *option = p2p_train_option_find (name);
  P2pTrainOptions       usual;
  g_autofree char      *before = NULL, *now = p2p_train_options_get (options, option);

  p2p_train_options_init (&usual);
  before = p2p_train_options_get (&usual, option);
  return g_strcmp0 (before, now) != 0;
}

static gboolean
check_unpaired (const P2pTrainOptions  *options,
                GError                **error)
{
  static const char *const others[] = { "hints", "lines", "teacher", "lambda-teacher", "lambda-GAN",
                                        "lambda-L1", "lambda-detail", "diffaugment",
                                        "no-condition" };
  static const char *const own[] = { "lambda-A", "lambda-B", "lambda-identity", "identity-steps",
                                     "cycle-noise", "pool-size" };
  const P2pInputs          back = p2p_inputs_of_output (options->output);

  for (guint i = 0; i < G_N_ELEMENTS (own) && options->recipe != P2P_RECIPE_CYCLEGAN; i++)
    if (is_changed (options, own[i]))
      return complain (error, _("--%s is for --recipe cyclegan"), own[i]);
  if (options->recipe != P2P_RECIPE_CYCLEGAN)
    return options->mode != P2P_DATA_UNPAIRED
           || complain (error, _("--mode unpaired is for --recipe cyclegan"));

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (is_changed (options, others[i]))
      return complain (error, _("--%s is not for --recipe cyclegan: leave it out"),
                       others[i]);
  if (options->mode != P2P_DATA_UNPAIRED)
    return complain (error, _("--recipe cyclegan learns from two kinds of pictures that are no "
                              "pairs: leave out --mode, and put the pictures into two folders, A "
                              "and B"));
  if (! p2p_inputs_equal (&options->inputs, &back))
    return complain (error, _("--recipe cyclegan goes both ways, so --inputs and --outputs must be "
                              "the same"));
  if (! traits[options->preprocess].crops)
    return complain (error, _("--recipe cyclegan needs pictures of one size: use --preprocess "
                              "resize_and_crop, crop or scale_width_and_crop"));
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
    return complain (error, _("--mode %s has only one direction: leave out --direction"),
                     fixed[i].name);
  if (i < n_fixed)
    {
      options->inputs = fixed[i].inputs[options->hints ? 1 : 0];
      options->output = fixed[i].output;
    }

  options->g.input_nc = p2p_inputs_channels (&options->inputs);
  options->g.output_nc = p2p_outputs[options->output].channels;
  return TRUE;
}

/* ---- Sizes ------------------------------------------------------------------------------ */

/* Keeps the network if its side multiple is at most side.  Otherwise sets the largest network of
 * the same kind for which this is so, of those that --help lists from large to small.  FALSE when
 * there is none, or when --start-from has fixed the network. */
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

/* The largest multiple of multiple that is at most most. */
static int
round_down (int most,
            int multiple)
{
  return most / multiple * multiple;
}

/* The load size for a new crop size, in the same proportion to it as the options' load size is to
 * the options' crop size.  Without a crop, it is the load size rounded down to a multiple. */
static P2pSize
load_for (const P2pTrainOptions *options,
          P2pSize                crop,
          int                    multiple)
{
  const P2pSize load = options->load_size, old = options->crop_size;
  const int     width = MAX (crop.width, (gint64) crop.width * load.width / old.width);
  const int     height = MAX (crop.height, (gint64) crop.height * load.height / old.height);

  if (options->preprocess == P2P_PREPROCESS_SCALE_WIDTH)
    return (P2pSize) { round_down (MAX (load.width, multiple), multiple),
                       round_down (MAX (load.width, multiple), multiple) };
  return (P2pSize) { width, traits[options->preprocess].one_number ? width : height };
}

char *
p2p_train_options_fit (const P2pTrainOptions *options,
                       P2pSize                size,
                       const char            *command)
{
  P2pTrainOptions  fitting = *options;
  const P2pSize    old = options->crop_size;
  P2pSize          crop = { MIN (old.width, size.width), MIN (old.height, size.height) };
  g_autofree char *before = NULL, *after = NULL, *load_text = NULL, *crop_text = NULL;
  int              multiple;
  GString         *line;

  if (! command || ! shrink (&fitting, MIN (size.width, size.height)))
    return NULL;
  multiple = fitting.net_g->side_multiple (&fitting.g);
  if (old.width == old.height)
    crop.width = crop.height = MIN (crop.width, crop.height);
  crop = (P2pSize) { round_down (crop.width, multiple), round_down (crop.height, multiple) };
  crop_text = p2p_size_to_text (crop);
  load_text = p2p_size_to_text (load_for (options, crop, multiple));

  line = g_string_new (command);
  before = p2p_train_options_get (options, p2p_train_option_find ("netG"));
  after = p2p_train_options_get (&fitting, p2p_train_option_find ("netG"));
  if (strcmp (before, after) != 0)
    g_string_append_printf (line, " --netG %s", after);
  if (traits[options->preprocess].scales)
    g_string_append_printf (line, " --load-size %s", load_text);
  g_string_append_printf (line, " --crop-size %s", crop_text);
  return g_string_free (line, FALSE);
}

/* Whether the network takes pictures of the size that an option gives. */
static gboolean
check_multiple (const P2pTrainOptions  *options,
                const char             *option,
                P2pSize                 size,
                const char             *command,
                GError                **error)
{
  const int        multiple = options->net_g->side_multiple (&options->g);
  g_autofree char *name = p2p_train_options_get (options, p2p_train_option_find ("netG"));
  g_autofree char *fitting = p2p_train_options_fit (options, options->crop_size, command);
  g_autofree char *text = p2p_size_to_text (size);

  if (size.width % multiple == 0 && size.height % multiple == 0)
    return TRUE;
  if (fitting)
    return complain (error, _("--%s wants a multiple of %d for --netG %s, not %s. This works:\n"
                              "  %s"), option, multiple, name, text, fitting);
  return complain (error, _("--%s wants a multiple of %d for --netG %s, not %s"), option, multiple,
                   name, text);
}

static gboolean
check_sizes (const P2pTrainOptions  *options,
             const char             *command,
             GError                **error)
{
  const P2pSize    load = options->load_size, crop = options->crop_size;
  const gboolean   one_number = traits[options->preprocess].one_number;
  g_autofree char *load_text = p2p_size_to_text (load), *crop_text = p2p_size_to_text (crop);

  if (! check_multiple (options, "crop-size", crop, command, error))
    return FALSE;
  if (! traits[options->preprocess].scales)
    return TRUE;
  if (one_number && load.width != load.height)
    return complain (error, _("--preprocess scale_width and scale_width_and_crop scale to a width: "
                              "--load-size wants one number, not %s"), load_text);
  if (options->preprocess == P2P_PREPROCESS_SCALE_WIDTH)
    return check_multiple (options, "load-size", load, command, error);
  if (load.width < crop.width || (load.height < crop.height && ! one_number))
    return complain (error, _("--load-size must be no smaller than --crop-size, %s, but is %s"),
                     crop_text, load_text);
  return TRUE;
}

/* ---- How pictures are seen -------------------------------------------------------------- */

static gboolean
check_sight (const P2pTrainOptions  *options,
             GError                **error)
{
  const P2pPlaneKind first = options->inputs.kinds[0];
  const gboolean     colored = options->inputs.n == 1
                               && (first == P2P_PLANE_RGB || first == P2P_PLANE_RGBA);
  const gboolean     crops = traits[options->preprocess].crops;
  g_autofree char   *name = p2p_train_options_get (options, p2p_train_option_find ("preprocess"));
  g_autofree char   *inputs = p2p_inputs_to_text (&options->inputs);

  if (! crops && options->batch_size * options->accumulate > 1)
    return complain (error, _("--preprocess %s gives pictures of differing shapes, which do not go "
                              "into one batch: it needs --batch-size 1 and --accumulate 1"), name);
  if (options->scale_jitter > 1.0 && ! (crops && traits[options->preprocess].scales))
    return complain (error, _("--scale-jitter is for --preprocess resize_and_crop and "
                              "scale_width_and_crop, not for %s"), name);
  if (options->color_jitter > 0.0 && ! colored)
    return complain (error, _("--color-jitter changes the colors of inputs: it needs --inputs rgb "
                              "or rgba, not %s"), inputs);
  return TRUE;
}

gboolean
p2p_train_options_check (P2pTrainOptions  *options,
                         const char       *command,
                         GError          **error)
{
  if (! options->data)
    return complain (error, _("name the folder of pictures with --data"));
  if (! check_teacher (options, error) || ! check_unpaired (options, error)
      || ! check_kinds (options, error)
      || ! options->net_g->check (&options->g, error))
    return FALSE;

  if (! check_sizes (options, command, error) || ! check_sight (options, error))
    return FALSE;
  if (options->half_gradients && options->accumulate < 2)
    return complain (error, _("--gradients half is for machines that share the batches of a step: "
                              "give their number with --accumulate too"));
  if (options->n_epochs + options->n_epochs_decay < 1)
    return complain (error, _("--n-epochs and --n-epochs-decay cannot both be 0"));
  if (! options->teacher && options->lambda_gan <= 0.0 && options->lambda_l1 <= 0.0)
    return complain (error, _("--lambda-GAN and --lambda-L1 cannot both be 0"));
  return TRUE;
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The options of a training are a table: how each is read from a text, and given as one.  To add
 * one, add its row. */

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "options.h"
#include "p2p.h"

struct _P2pTrainOption
{
  const char *name;
  gboolean (* set)   (P2pTrainOptions *options, const P2pTrainOption *option, const char *text,
                      GError **error);
  char *   (* get)   (const P2pTrainOptions *options, const P2pTrainOption *option);
  gsize       offset;               /* of the value in P2pTrainOptions */
  double      min, max;
  const char *const *words;         /* what stands for 0, 1, 2 … */
  const char *wants;                /* NULL: no value */
  const char *help;
  gboolean    resume;
};

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

static gboolean
set_text (P2pTrainOptions       *options,
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

static char *
get_text (const P2pTrainOptions *options,
          const P2pTrainOption  *option)
{
  return g_strdup (G_STRUCT_MEMBER (char *, options, option->offset));
}

static gboolean
set_integer (P2pTrainOptions       *options,
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

static char *
get_integer (const P2pTrainOptions *options,
             const P2pTrainOption  *option)
{
  return g_strdup_printf ("%d", G_STRUCT_MEMBER (int, options, option->offset));
}

static gboolean
set_number (P2pTrainOptions       *options,
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
static char *
get_number (const P2pTrainOptions *options,
            const P2pTrainOption  *option)
{
  double value = G_STRUCT_MEMBER (double, options, option->offset);
  char   text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) != value)
    g_ascii_dtostr (text, sizeof text, value);
  return g_strdup (text);
}

static gboolean
set_seed (P2pTrainOptions       *options,
          const P2pTrainOption  *option,
          const char            *text,
          GError               **error)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &options->seed, NULL)
         || refuse (option, _("a whole number, 0 or more"), text, error);
}

static char *
get_seed (const P2pTrainOptions *options,
          const P2pTrainOption  *option)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, options->seed);
}

static gboolean
set_word (P2pTrainOptions       *options,
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

static char *
get_word (const P2pTrainOptions *options,
          const P2pTrainOption  *option)
{
  return g_strdup (option->words[G_STRUCT_MEMBER (int, options, option->offset)]);
}

/* Those without a value say what not to do. */
static const char *const denials[] = { "true", "false", NULL };

/* ---- Networks --------------------------------------------------------------------------- */

/* "unet_256" is made for sides of 256 pixels and halves them down to one; "resnet_9blocks". */
static gboolean
set_net_g (P2pTrainOptions       *options,
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

static char *
get_net_g (const P2pTrainOptions *options,
           const P2pTrainOption  *option)
{
  return options->net_g == &p2p_net_unet
         ? g_strdup_printf ("unet_%d", 1 << options->g.num_downs)
         : g_strdup_printf ("resnet_%dblocks", options->g.n_blocks);
}

static const char *const ds[] = { "basic", "n_layers", "pixel", NULL };

static gboolean
set_net_d (P2pTrainOptions       *options,
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

static char *
get_net_d (const P2pTrainOptions *options,
           const P2pTrainOption  *option)
{
  return g_strdup (ds[options->pixel_d ? 2 : options->n_layers_d == 3 ? 0 : 1]);
}

static gboolean
set_inputs (P2pTrainOptions       *options,
            const P2pTrainOption  *option,
            const char            *text,
            GError               **error)
{
  g_autofree char *unknown = NULL;

  return p2p_inputs_parse (text, &options->inputs, &unknown)
         || refuse (option, option->wants, text, error);
}

static char *
get_inputs (const P2pTrainOptions *options,
            const P2pTrainOption  *option)
{
  return p2p_inputs_to_text (&options->inputs);
}

static gboolean
set_norm (P2pTrainOptions       *options,
          const P2pTrainOption  *option,
          const char            *text,
          GError               **error)
{
  return p2p_norm_by_name (text, &options->g.norm) || refuse (option, option->wants, text, error);
}

static char *
get_norm (const P2pTrainOptions *options,
          const P2pTrainOption  *option)
{
  return g_strdup (p2p_norm_name (options->g.norm));
}

/* ---- The table -------------------------------------------------------------------------- */

static const char *const modes[]      = { "aligned", "folders", "colorize", "sketch", NULL };
static const char *const directions[] = { "AtoB", "BtoA", NULL };
static const char *const kinds_out[]  = { "rgb", "gray", "lab-ab", "rgba", NULL };
static const char *const yes[]        = { "false", "true", NULL };
static const char *const inits[]      = { "normal", "xavier", "kaiming", "orthogonal", NULL };
static const char *const gans[]       = { "vanilla", "lsgan", "hinge", NULL };

#define AT(member)             G_STRUCT_OFFSET (P2pTrainOptions, member)
#define TEXT(member)           set_text, get_text, AT (member), 0, 0, NULL
#define INTEGER(member, a, b)  set_integer, get_integer, AT (member), a, b, NULL
#define NUMBER(member, a, b)   set_number, get_number, AT (member), a, b, NULL
#define WORD(member, words)    set_word, get_word, AT (member), 0, 0, words
#define SPECIAL(name)          set_ ## name, get_ ## name, 0, 0, 0, NULL

static const P2pTrainOption table[] =
{
  { "data", TEXT (data), N_("FOLDER"), N_("the pictures to train with"), .resume = TRUE },
  { "val", TEXT (val), N_("FOLDER"), N_("pictures to validate with, of the same mode"),
    .resume = TRUE },
  { "mode", WORD (mode, modes), "aligned|folders|colorize|sketch",
    N_("pairs in one picture (A left, B right), pairs in the folders A and B, any pictures to "
       "learn to color, or colored drawings to learn to color line art") },
  { "direction", WORD (b_to_a, directions), "AtoB|BtoA", N_("what becomes what") },
  { "inputs", SPECIAL (inputs), "rgb|rgba|gray|labels|lines",
    N_("what goes in; flat labels are scaled without mixing them") },
  { "outputs", WORD (output, kinds_out), "rgb|gray|rgba", N_("what comes out") },
  { "hints", WORD (hints, yes), NULL,
    N_("of sketch and colorize: the model is to obey dots and strokes of color") },
  { "lines", TEXT (lines), N_("FOLDER"),
    N_("of sketch: drawn lines by the drawings' names, instead of lines made of the drawings"),
    .resume = TRUE },
  { "load-size", INTEGER (load_size, 1, P2P_MAX_SIDE), "N",
    N_("scale pictures to N×N pixels (286)") },
  { "crop-size", INTEGER (crop_size, 1, P2P_MAX_SIDE), "N",
    N_("then cut out N×N at random (256)") },
  { "no-flip", WORD (flip, denials), NULL, N_("do not mirror pictures at random") },

  { "netG", SPECIAL (net_g),
    "unet_512|unet_256|unet_128|unet_64|unet_32|resnet_9blocks|resnet_6blocks",
    N_("the generator (unet_256)") },
  { "ngf", INTEGER (g.ngf, 1, 1024), "N", N_("channels of its first layer (64)") },
  { "norm", SPECIAL (norm), "batch|instance|none", N_("how networks normalise (batch)") },
  { "no-dropout", WORD (g.use_dropout, denials), NULL, N_("a generator without dropout") },
  { "no-skip", WORD (g.skip, denials), NULL, N_("a U-Net without its short cuts") },
  { "netD", SPECIAL (net_d), "basic|n_layers|pixel",
    N_("the discriminator: of patches, or of single pixels (basic)") },
  { "ndf", INTEGER (ndf, 1, 1024), "N", N_("channels of its first layer (64)") },
  { "n-layers-D", INTEGER (n_layers_d, 1, 6), "N", N_("its layers (3)") },
  { "no-condition", WORD (conditional, denials), NULL,
    N_("the discriminator sees results alone, not what they were made of") },
  { "init-type", WORD (init_type, inits), "normal|xavier|kaiming|orthogonal",
    N_("how weights begin (normal)") },
  { "init-gain", NUMBER (init_gain, 0.0, 100.0), "X", N_("and how large (0.02)") },
  { "start-from", TEXT (start_from), N_("MODEL"), N_("begin with a model's weights") },

  { "gan-mode", WORD (gan_mode, gans), "vanilla|lsgan|hinge", N_("the GAN's loss (vanilla)") },
  { "lambda-GAN", NUMBER (lambda_gan, 0.0, 1e6), "X", N_("its weight (1); 0: without") },
  { "lambda-L1", NUMBER (lambda_l1, 0.0, 1e6), "X",
    N_("weight of the difference from the target (100)") },
  { "lr", NUMBER (lr, 0.0, 10.0), "X", N_("learning rate (0.0002)") },
  { "beta1", NUMBER (beta1, 0.0, 0.9999), "X", N_("Adam's momentum (0.5)") },

  { "batch-size", INTEGER (batch_size, 1, 1024), "N", N_("pictures in a step (1)") },
  { "n-epochs", INTEGER (n_epochs, 0, 1000000), "N", N_("epochs at that rate (100)"),
    .resume = TRUE },
  { "n-epochs-decay", INTEGER (n_epochs_decay, 0, 1000000), "N",
    N_("epochs more, in which it falls to zero (100)"), .resume = TRUE },
  { "seed", SPECIAL (seed), "N", N_("of everything that is random (0)") },

  { "print-freq", INTEGER (print_freq, 1, 1000000), "N", N_("steps in a line of the log (100)"),
    .resume = TRUE },
  { "save-epoch-freq", INTEGER (save_epoch_freq, 1, 1000000), "N",
    N_("save every N epochs (5)"), .resume = TRUE },
  { "val-epoch-freq", INTEGER (val_epoch_freq, 1, 1000000), "N",
    N_("validate every N epochs (1)"), .resume = TRUE },
  { "save-minutes", NUMBER (save_minutes, 0.0, 1e6), "X",
    N_("and save every X minutes (10)"), .resume = TRUE },
};

const P2pTrainOption *
p2p_train_option (guint i)
{
  return i < G_N_ELEMENTS (table) ? &table[i] : NULL;
}

const P2pTrainOption *
p2p_train_option_find (const char *name)
{
  g_autofree char *dashed = g_strdelimit (g_strdup (name), "_", '-');

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].name, dashed) == 0)
      return &table[i];
  return NULL;
}

const char *
p2p_train_option_name (const P2pTrainOption *option)
{
  return option->name;
}

const char *
p2p_train_option_help (const P2pTrainOption  *option,
                       const char           **wants)
{
  *wants = option->wants;
  return option->help;
}

gboolean
p2p_train_option_resume (const P2pTrainOption *option)
{
  return option->resume;
}

gboolean
p2p_train_options_set (P2pTrainOptions       *options,
                       const P2pTrainOption  *option,
                       const char            *text,
                       GError               **error)
{
  return option->set (options, option, text, error);
}

char *
p2p_train_options_get (const P2pTrainOptions *options,
                       const P2pTrainOption  *option)
{
  return option->get (options, option);
}

/* ---- All of them ------------------------------------------------------------------------ */

void
p2p_train_options_init (P2pTrainOptions *options)
{
  *options = (P2pTrainOptions) {
    .inputs = p2p_inputs_one (P2P_PLANE_RGB), .load_size = 286, .crop_size = 256, .flip = TRUE,
    .net_g = &p2p_net_unet,
    .g = { .num_downs = 8, .ngf = 64, .norm = P2P_NORM_BATCH, .use_dropout = TRUE,
           .skip = TRUE },
    .ndf = 64, .n_layers_d = 3, .conditional = TRUE, .init_gain = 0.02,
    .lambda_gan = 1.0, .lambda_l1 = 100.0, .lr = 0.0002, .beta1 = 0.5,
    .batch_size = 1, .n_epochs = 100, .n_epochs_decay = 100,
    .print_freq = 100, .save_epoch_freq = 5, .val_epoch_freq = 1, .save_minutes = 10.0,
  };
}

void
p2p_train_options_clear (P2pTrainOptions *options)
{
  g_clear_pointer (&options->data, g_free);
  g_clear_pointer (&options->val, g_free);
  g_clear_pointer (&options->start_from, g_free);
  g_clear_pointer (&options->lines, g_free);
}

void
p2p_train_options_from_card (P2pTrainOptions *options,
                             const P2pCard   *card)
{
  options->net_g = card->net;
  options->g = card->options;
  options->inputs = card->inputs;
  options->output = card->output;
}

char *
p2p_train_options_to_text (const P2pTrainOptions *options)
{
  P2pTrainOptions defaults;
  GString        *line = g_string_new (NULL);

  p2p_train_options_init (&defaults);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const P2pTrainOption *option = &table[i];
      g_autofree char      *usual = option->get (&defaults, option);
      g_autofree char      *value = option->get (options, option);

      /* The last ones change what is kept, not what is learnt. */
      if (option->set == set_text || option->offset >= AT (print_freq)
          || g_strcmp0 (usual, value) == 0)
        continue;
      g_string_append_printf (line, "%s--%s", line->len ? " " : "", option->name);
      if (option->wants)
        g_string_append_printf (line, " %s", value);
    }
  return g_string_free (line, FALSE);
}

double
p2p_train_options_rate (const P2pTrainOptions *options,
                        int                    epoch)
{
  double beyond = MAX (0, epoch + 1 - options->n_epochs);

  return options->lr * (1.0 - beyond / (options->n_epochs_decay + 1));
}

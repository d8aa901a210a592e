/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The options of a training are a table: how each is read from a text, and given as one.  To add
 * one, add its row. */

#include <string.h>

#include "base/intl.h"
#include "option-table.h"
#include "option-values.h"
#include "p2p.h"

static const char *const modes[]      = { "aligned", "folders", "colorize", "sketch",
                                        "pictures", NULL };
static const char *const directions[] = { "AtoB", "BtoA", NULL };
static const char *const kinds_out[]  = { "rgb", "gray", "lab-ab", "rgba", NULL };
static const char *const yes[]        = { "false", "true", NULL };
static const char *const inits[]      = { "normal", "xavier", "kaiming", "orthogonal", NULL };
static const char *const denials[]    = { "true", "false", NULL };  /* "no-flip": what not to do */
static const char *const gans[]       = { "vanilla", "lsgan", "hinge", NULL };

#define AT(member)             G_STRUCT_OFFSET (P2pTrainOptions, member)
#define TEXT(member)           p2p_option_set_text, p2p_option_get_text, AT (member), 0, 0, NULL
#define INTEGER(member, a, b)  p2p_option_set_integer, p2p_option_get_integer, AT (member), a, b, \
                               NULL
#define NUMBER(member, a, b)   p2p_option_set_number, p2p_option_get_number, AT (member), a, b, NULL
#define WORD(member, words)    p2p_option_set_word, p2p_option_get_word, AT (member), 0, 0, words
#define SPECIAL(name)          p2p_option_set_ ## name, p2p_option_get_ ## name, 0, 0, 0, NULL

static const P2pTrainOption table[] =
{
  { "data", TEXT (data), N_("FOLDER"), N_("the pictures to train with"), .resume = TRUE },
  { "val", TEXT (val), N_("FOLDER"), N_("pictures to validate with, of the same mode"),
    .resume = TRUE },
  { "mode", WORD (mode, modes), "aligned|folders|colorize|sketch|pictures",
    N_("pairs in one picture (A left, B right), pairs in the folders A and B, any pictures to "
       "learn to color, colored drawings to learn to color line art, or any pictures that "
       "--teacher has an answer to") },
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
  { "teacher", TEXT (teacher), N_("MODEL"),
    N_("learn from a larger model too, from its picture and from what it finds on the way"),
    .resume = TRUE },

  { "gan-mode", WORD (gan_mode, gans), "vanilla|lsgan|hinge", N_("the GAN's loss (vanilla)") },
  { "lambda-GAN", NUMBER (lambda_gan, 0.0, 1e6), "X", N_("its weight (1); 0: without") },
  { "lambda-L1", NUMBER (lambda_l1, 0.0, 1e6), "X",
    N_("weight of the difference from the target (100)") },
  { "lambda-teacher", NUMBER (lambda_teacher, 0.0, 1e6), "X",
    N_("weight of the difference from the teacher's picture (100)") },
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
      if (option->set == p2p_option_set_text || option->offset >= AT (print_freq)
          || g_strcmp0 (usual, value) == 0)
        continue;
      g_string_append_printf (line, "%s--%s", line->len ? " " : "", option->name);
      if (option->wants)
        g_string_append_printf (line, " %s", value);
    }
  return g_string_free (line, FALSE);
}

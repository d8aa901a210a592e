/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The options of a training are a table: how each is read from a text, and given as one.  To add
 * one, add its row.  Help texts are for people who have not read the paper: what happens, and when
 * one wants it; the default is in brackets. */

#include <string.h>

#include "base/intl.h"
#include "option-table.h"
#include "option-values.h"
#include "p2p.h"

static const char *const modes[]      = { "aligned", "folders", "colorize", "sketch",
                                        "pictures", NULL };
static const char *const preprocesses[] =
  { "resize_and_crop", "crop", "scale_width", "scale_width_and_crop", "none", NULL };
static const char *const directions[] = { "AtoB", "BtoA", NULL };
static const char *const kinds_out[]  = { "rgb", "gray", "lab-ab", "rgba", NULL };
static const char *const yes[]        = { "false", "true", NULL };
static const char *const inits[]      = { "normal", "xavier", "kaiming", "orthogonal", NULL };
static const char *const denials[]    = { "true", "false", NULL };  /* "no-flip": what not to do */
static const char *const upsamplings[] = { "transposed", "resize", "smooth", NULL };
static const char *const gans[]       = { "vanilla", "lsgan", "hinge", NULL };
static const char *const policies[]   = { "linear", "cosine", NULL };

#define AT(member)             G_STRUCT_OFFSET (P2pTrainOptions, member)
#define TEXT(member)           p2p_option_set_text, p2p_option_get_text, AT (member), 0, 0, NULL
#define INTEGER(member, a, b)  p2p_option_set_integer, p2p_option_get_integer, AT (member), a, b, \
                               NULL
#define NUMBER(member, a, b)   p2p_option_set_number, p2p_option_get_number, AT (member), a, b, NULL
#define SIZE(member)           p2p_option_set_size, p2p_option_get_size, AT (member), 0, 0, NULL
#define WORD(member, words)    p2p_option_set_word, p2p_option_get_word, AT (member), 0, 0, words
#define SPECIAL(name)          p2p_option_set_ ## name, p2p_option_get_ ## name, 0, 0, 0, NULL

static const P2pTrainOption table[] =
{
  { "data", TEXT (data), N_("FOLDER"), N_("the pictures to learn from"), .resume = TRUE,
    .heading = N_("Pictures") },
  { "val", TEXT (val), N_("FOLDER"),
    N_("others of the same kind, which tell how good the model is at pictures that it has not "
       "learnt; best.safetensors is the best one by them"), .resume = TRUE },
  { "mode", WORD (mode, modes), "aligned|folders|colorize|sketch|pictures",
    N_("what lies there: pairs in one picture (A left, B right), pairs in the folders A and B, any "
       "pictures to learn to color, colored drawings to learn to color line art, or any pictures "
       "whose answer --teacher knows (guessed)") },
  { "direction", WORD (b_to_a, directions), "AtoB|BtoA",
    N_("whether B is made of A, or A of B (AtoB; labels are recognized)") },
  { "inputs", SPECIAL (inputs), "rgb|rgba|gray|labels|lines",
    N_("the kind of picture that goes in (rgb); labels are flat colors, each of which stands for a "
       "thing: they are scaled without mixing them") },
  { "outputs", WORD (output, kinds_out), "rgb|gray|rgba",
    N_("the kind of picture that comes out (rgb)") },
  { "hints", WORD (hints, yes), NULL,
    N_("with sketch and colorize: the model learns to obey dots and strokes of color") },
  { "lines", TEXT (lines), N_("FOLDER"),
    N_("with sketch: drawn line art by the drawings' names; without it, line art is made of the "
       "drawings"), .resume = TRUE },
  { "preprocess", WORD (preprocess, preprocesses),
    "resize_and_crop|crop|scale_width|scale_width_and_crop|none",
    N_("scale to --load-size, then cut out --crop-size; only cut out; only scale to the width of "
       "--load-size, which keeps the shape; scale so and cut out; or neither (resize_and_crop)") },
  { "load-size", SIZE (load_size), "N|WxH",
    N_("scale pictures to N×N or W×H pixels (286); the larger than --crop-size, the more the cuts "
       "vary, which helps where pictures are few") },
  { "crop-size", SIZE (crop_size), "N|WxH",
    N_("then cut out N×N or W×H at random (256): the size that the model knows; more shows finer "
       "detail and takes longer; smaller pictures are left out") },
  { "scale-jitter", NUMBER (scale_jitter, 1.0, 64.0), "X",
    N_("scale each picture at random to between --load-size and X times that, but not beyond its "
       "own size, so that the model holds for larger pictures (1)") },
  { "color-jitter", NUMBER (color_jitter, 0.0, 1.0), "X",
    N_("change brightness, contrast and saturation of what goes in at random by up to this part, "
       "such as 0.1, so that the model holds for other light (0)") },
  { "no-flip", WORD (flip, denials), NULL,
    N_("do not mirror pictures at random: for writing, and all else where left is not right") },

  { "netG", SPECIAL (net_g),
    "unet_512|unet_256|unet_128|unet_64|unet_32|resnet_9blocks|resnet_6blocks",
    N_("the generator, the network that makes the pictures (unet_256); a unet sees the picture as "
       "a whole, a resnet only what is near each place"), .heading = N_("Networks") },
  { "ngf", INTEGER (g.ngf, 1, 512), "N",
    N_("how wide it is (64); 32 takes a third of the time and a quarter of the file, and is "
       "somewhat coarser") },
  { "norm", SPECIAL (norm), "batch|instance|none",
    N_("how contrast is evened out between layers (batch): over a step's pictures, in each picture "
       "alone, or not") },
  { "no-dropout", WORD (g.use_dropout, denials), NULL,
    N_("do not switch parts of it off at random while it learns: more exact, and more learnt by "
       "heart where pictures are few") },
  { "no-skip", WORD (g.skip, denials), NULL,
    N_("a unet without the connections that carry outlines past its middle; for comparisons") },
  { "upsample", WORD (g.upsample, upsamplings), "transposed|resize|smooth",
    N_("how the generator makes its values larger (transposed): resize keeps flat areas flat, "
       "where transposed may leave a checkerboard; smooth leaves none where colors run into each "
       "other either, and halves the file") },
  { "netD", SPECIAL (net_d), "basic|n_layers|pixel",
    N_("the discriminator, which learns to tell results from real pictures and so teaches the "
       "generator: it judges patches, or with pixel single pixels (basic)") },
  { "ndf", INTEGER (ndf, 1, 512), "N", N_("how wide it is (64); usually the same as --ngf") },
  { "n-layers-D", INTEGER (n_layers_d, 1, 6), "N",
    N_("its layers (3); with 1 to 5 it judges patches of 16, 34, 70, 142 or 286 pixels a side") },
  { "no-condition", WORD (conditional, denials), NULL,
    N_("it sees results alone, and cannot judge whether they belong to what they were made of") },
  { "init-type", WORD (init_type, inits), "normal|xavier|kaiming|orthogonal",
    N_("how weights are drawn at random before the first step (normal); seldom changed") },
  { "init-gain", NUMBER (init_gain, 0.0, 100.0), "X",
    N_("and how large they are (0.02); seldom changed") },
  { "start-from", TEXT (start_from), N_("MODEL"),
    N_("begin with a model's network and weights instead of random ones: fewer pictures and epochs "
       "do then") },
  { "teacher", TEXT (teacher), N_("MODEL"),
    N_("learn from a larger model too, from its picture and from what it finds on the way: for a "
       "small model that is nearly as good and faster"), .resume = TRUE },

  { "gan-mode", WORD (gan_mode, gans), "vanilla|lsgan|hinge",
    N_("how the discriminator's judgement is counted (vanilla); try another where the losses do "
       "not settle"), .heading = N_("What is learnt, and how fast") },
  { "lambda-GAN", NUMBER (lambda_gan, 0.0, 1e6), "X",
    N_("how much that judgement counts (1); more invents crisper detail, 0 goes without: blurred, "
       "but quick and never wild") },
  { "lambda-L1", NUMBER (lambda_l1, 0.0, 1e6), "X",
    N_("how much the difference from the target counts (100); more is nearer to it, and softer") },
  { "lambda-teacher", NUMBER (lambda_teacher, 0.0, 1e6), "X",
    N_("how much the difference from the teacher's picture counts (100)") },
  { "lr", NUMBER (lr, 0.0, 10.0), "X",
    N_("the learning rate: how far each step goes (0.0002); halve it where losses jump or "
       "explode") },
  { "beta1", NUMBER (beta1, 0.0, 0.9999), "X",
    N_("how much of the last steps' direction stays in a step (0.5); seldom changed") },

  { "lr-policy", WORD (lr_policy, policies), "linear|cosine",
    N_("how the learning rate falls: in the last --n-epochs-decay epochs, or from the first one "
       "on, and slowly at the end (linear)") },
  { "ema", NUMBER (ema, 0.0, 0.999999), "X",
    N_("make the model the average of the weights over about 1 / (1 − X) steps, which is calmer "
       "than the last ones; 0.999 does well (0: the last ones)") },
  { "diffaugment", WORD (diffaugment, yes), NULL,
    N_("change colors and place of what the discriminator sees, at random: for fewer than some "
       "thousand pictures, which it would learn by heart") },

  { "batch-size", INTEGER (batch_size, 1, 1024), "N",
    N_("pictures in a step (1); more take more memory, learn more steadily, and need more epochs"),
    .heading = N_("How long") },
  { "accumulate", INTEGER (accumulate, 1, 1024), "N",
    N_("make a step of N such batches, with the memory of one (1)") },
  { "n-epochs", INTEGER (n_epochs, 0, 1000000), "N",
    N_("epochs, rounds through all pictures, at that learning rate (100)"), .resume = TRUE },
  { "n-epochs-decay", INTEGER (n_epochs_decay, 0, 1000000), "N",
    N_("and epochs after them in which it falls to zero (100): results become finer then"),
    .resume = TRUE },
  { "seed", SPECIAL (seed), "N",
    N_("the number that all that is random follows from (0); another gives another training") },

  { "print-freq", INTEGER (print_freq, 1, 1000000), "N",
    N_("steps in a line of the log, and in a point of the curves (100)"), .resume = TRUE,
    .heading = N_("What is told and kept") },
  { "save-epoch-freq", INTEGER (save_epoch_freq, 1, 1000000), "N",
    N_("save, and make samples, every N epochs (5)"), .resume = TRUE },
  { "val-epoch-freq", INTEGER (val_epoch_freq, 1, 1000000), "N",
    N_("try the pictures of --val every N epochs (1)"), .resume = TRUE },
  { "save-minutes", NUMBER (save_minutes, 0.0, 1e6), "X",
    N_("and save every X minutes (10): a crash costs no more than that"), .resume = TRUE },
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

const char *
p2p_train_option_heading (const P2pTrainOption *option)
{
  return option->heading;
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

gboolean
p2p_train_options_from_text (P2pTrainOptions *options,
                             const char      *text)
{
  g_auto (GStrv) words = NULL;

  if (*text && ! g_shell_parse_argv (text, NULL, &words, NULL))
    return FALSE;
  for (char **word = words; word && *word; word++)
    {
      const gboolean        is_option = g_str_has_prefix (*word, "--");
      const P2pTrainOption *option = is_option ? p2p_train_option_find (*word + 2) : NULL;
      const gboolean        has_value = option && option->wants;

      if (! option || (has_value && ! word[1])
          || ! option->set (options, option, has_value ? *++word : "true", NULL))
        return FALSE;
    }
  return TRUE;
}

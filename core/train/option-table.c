/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The table of a training's options, with how each is read from a text and written as one.  To add
 * an option, add its row.  Help texts are for people who have not read the paper: they say what the
 * option does, then when to use it.  The default is in brackets. */

#include <string.h>

#include "base/intl.h"
#include "option-table.h"
#include "option-values.h"
#include "p2p.h"

static const char *const modes[]      = { "aligned", "folders", "colorize", "sketch",
                                        "pictures", "unpaired", NULL };
static const char *const preprocesses[] =
  { "resize_and_crop", "crop", "scale_width", "scale_width_and_crop", "none", NULL };
static const char *const directions[] = { "AtoB", "BtoA", NULL };
static const char *const kinds_out[]  = { "rgb", "gray", "lab-ab", "rgba", NULL };
static const char *const yes[]        = { "false", "true", NULL };
static const char *const inits[]      = { "normal", "xavier", "kaiming", "orthogonal", NULL };
static const char *const denials[]    = { "true", "false", NULL };  /* "no-flip" true: flip is 0 */
static const char *const gans[]       = { "vanilla", "lsgan", "hinge", NULL };
static const char *const widths[]     = { "float", "half", NULL };
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
  { "recipe", SPECIAL (recipe), "pix2pix|cyclegan",
    N_("how the model learns: from pairs of pictures (pix2pix, the default), or from two folders "
       "of pictures that do not belong together (cyclegan), such as photos and paintings; cyclegan "
       "trains a model for each way, and begins with --netG resnet_9blocks --norm instance "
       "--gan-mode lsgan --no-dropout"), .heading = N_("Method") },

  { "data", TEXT (data), N_("FOLDER"), N_("the pictures to learn from"), .resume = TRUE,
    .heading = N_("Pictures") },
  { "val", TEXT (val), N_("FOLDER"),
    N_("other pictures of the same kind, to see how good the model is at pictures that it has not "
       "learned from; best.safetensors is the model that does best on them"), .resume = TRUE },
  { "mode", WORD (mode, modes), "aligned|folders|colorize|sketch|pictures|unpaired",
    N_("what the folder holds: pairs in one picture (aligned: A left, B right), pairs in the "
       "folders A and B (folders), any pictures to learn to color (colorize), colored drawings to "
       "learn to color line art (sketch), any pictures for which --teacher makes the targets "
       "(pictures), or in the folders A and B pictures of two kinds that are no pairs (unpaired, "
       "for --recipe cyclegan); if not given, it is guessed") },
  { "direction", WORD (b_to_a, directions), "AtoB|BtoA",
    N_("whether the model makes B from A, or A from B (AtoB, unless B alone is recognized as "
       "labels)") },
  { "inputs", SPECIAL (inputs), "rgb|rgba|gray|labels|lines",
    N_("the kind of picture that goes in (rgb); labels are flat colors that each stand for a kind "
       "of thing, and are scaled without mixing them") },
  { "outputs", WORD (output, kinds_out), "rgb|gray|rgba",
    N_("the kind of picture that comes out (rgb)") },
  { "hints", WORD (hints, yes), NULL,
    N_("with --mode sketch and colorize: the model learns to obey dots and strokes of color") },
  { "lines", TEXT (lines), N_("FOLDER"),
    N_("with --mode sketch: line art drawn by hand, under the same names as the drawings; without "
       "this, line art is made from the drawings"), .resume = TRUE },
  { "preprocess", WORD (preprocess, preprocesses),
    "resize_and_crop|crop|scale_width|scale_width_and_crop|none",
    N_("scale to --load-size, then crop to --crop-size (resize_and_crop, the default); only crop; "
       "only scale to the width of --load-size and keep the shape (scale_width); scale so, then "
       "crop; or neither (none)") },
  { "load-size", SIZE (load_size), "N|WxH",
    N_("scale pictures to N×N or W×H pixels (286); the larger this is than --crop-size, the more "
       "the crops vary, which helps when there are few pictures") },
  { "crop-size", SIZE (crop_size), "N|WxH",
    N_("then crop to N×N or W×H pixels, at a random place (256); the model learns pictures of this "
       "size, so a larger one shows it finer detail, but takes longer; smaller pictures are left "
       "out") },
  { "scale-jitter", NUMBER (scale_jitter, 1.0, 64.0), "X",
    N_("scale each picture to a random size between --load-size and X times that, but not beyond "
       "its own size, so that the model is good at larger pictures too (1)") },
  { "color-jitter", NUMBER (color_jitter, 0.0, 1.0), "X",
    N_("change brightness, contrast and saturation of inputs at random by up to this fraction, "
       "such as 0.1, so that the model is good in other light too (0)") },
  { "no-flip", WORD (flip, denials), NULL,
    N_("do not mirror pictures at random; for pictures with writing, and all others that must not "
       "be mirrored") },

  { "netG", SPECIAL (net_g),
    "unet_512|unet_256|unet_128|unet_64|unet_32|resnet_9blocks|resnet_6blocks",
    N_("the generator, the network that makes the pictures (unet_256); a unet sees the picture as "
       "a whole, a resnet only the surroundings of each place"), .heading = N_("Networks") },
  { "ngf", INTEGER (g.ngf, 1, 512), "N",
    N_("the generator's width, the channels of its first layer (64); with 32 it takes a third of "
       "the time and a quarter of the file size, and is somewhat coarser") },
  { "norm", SPECIAL (norm), "batch|instance|none",
    N_("how values are normalized between layers: over all pictures of a batch (batch, the "
       "default), in each picture alone (instance), or not at all (none)") },
  { "no-dropout", WORD (g.use_dropout, denials), NULL,
    N_("do not switch off random parts of the generator while it learns; results are more exact, "
       "but if there are few pictures, it learns more of them by heart") },
  { "no-skip", WORD (g.skip, denials), NULL,
    N_("make a unet without the connections that carry outlines past its middle; for "
       "comparisons") },
  { "upsample", WORD (g.upsample, p2p_upsamplings), "transposed|resize|smooth|bilinear",
    N_("how the generator enlarges its values (transposed); transposed may leave a checkerboard "
       "pattern, resize leaves none in flat areas, and smooth leaves less where colors run into "
       "each other too, and halves the file size; bilinear is slower, and for going on with models "
       "that other programs have trained so") },
  { "netD", SPECIAL (net_d), "basic|n_layers|pixel",
    N_("the discriminator, the network that learns to tell results from real pictures and so "
       "teaches the generator (basic); it judges patches, or with pixel single pixels") },
  { "ndf", INTEGER (ndf, 1, 512), "N",
    N_("the discriminator's width, the channels of its first layer (64); usually the same as "
       "--ngf") },
  { "n-layers-D", INTEGER (n_layers_d, 1, 6), "N",
    N_("the discriminator's layers (3); with 1 to 5 it judges patches of 16, 34, 70, 142 or 286 "
       "pixels a side") },
  { "no-condition", WORD (conditional, denials), NULL,
    N_("show the discriminator results without their inputs, so that it cannot judge whether the "
       "two belong together") },
  { "init-type", WORD (init_type, inits), "normal|xavier|kaiming|orthogonal",
    N_("how random weights are chosen before the first step (normal); seldom changed") },
  { "init-gain", NUMBER (init_gain, 0.0, 100.0), "X",
    N_("how large these weights are (0.02); seldom changed") },
  { "start-from", TEXT (start_from), N_("MODEL"),
    N_("begin with a model's network and weights instead of random weights; fewer pictures and "
       "epochs are enough then") },
  { "teacher", TEXT (teacher), N_("MODEL"),
    N_("learn from a larger model too: from its results, and from the features inside it; for a "
       "small model that is nearly as good, and faster"), .resume = TRUE },

  { "gan-mode", WORD (gan_mode, gans), "vanilla|lsgan|hinge",
    N_("how the discriminator's judgment is turned into a loss (vanilla); try another way if the "
       "losses do not settle"), .heading = N_("What is learned, and how fast") },
  { "lambda-GAN", NUMBER (lambda_gan, 0.0, 1e6), "X",
    N_("how much the discriminator's judgment counts (1); with more, the model invents crisper "
       "detail; 0 trains without a discriminator, which gives blurred results, but is quick and "
       "never goes wild") },
  { "lambda-L1", NUMBER (lambda_l1, 0.0, 1e6), "X",
    N_("how much the difference from the target counts (100); with more, results are nearer to "
       "the target, but softer") },
  { "lambda-detail", NUMBER (lambda_detail, 0.0, 1e6), "X",
    N_("how much it counts that details are as strong as in the target, wherever they lie (0); "
       "from 2000 to 5000, for some epochs of a model that was trained without it (--start-from), "
       "it makes results crisper") },
  { "lambda-teacher", NUMBER (lambda_teacher, 0.0, 1e6), "X",
    N_("how much the difference from the teacher's picture counts (100)") },
  { "lambda-A", NUMBER (lambda_a, 0.0, 1e6), "X",
    N_("with --recipe cyclegan: how much it counts that a picture A is the same again after it was "
       "turned into a B and back (10); with less, the model changes more") },
  { "lambda-B", NUMBER (lambda_b, 0.0, 1e6), "X",
    N_("the same for pictures B (10)") },
  { "lambda-identity", NUMBER (lambda_identity, 0.0, 1e6), "X",
    N_("with --recipe cyclegan: how much it counts that a picture which is a B already stays as it "
       "is, as a part of --lambda-A and --lambda-B (0.5); this keeps colors, and 0 saves a third "
       "of the time") },
  { "identity-steps", INTEGER (identity_steps, 0, 1000000), "N",
    N_("with --recipe cyclegan: only learn to leave pictures as they are in the first N steps (0); "
       "results are clear sooner then, because only their look is left to learn") },
  { "cycle-noise", NUMBER (cycle_noise, 0.0, 1.0), "X",
    N_("with --recipe cyclegan: noise on results before they are turned back (0); with 0.1 they "
       "hide less of what they have removed in fine patterns") },
  { "pool-size", INTEGER (pool_size, 0, 10000), "N",
    N_("with --recipe cyclegan: earlier results that the discriminators may see again, so that "
       "they do not forget them (50)") },
  { "lr", NUMBER (lr, 0.0, 10.0), "X",
    N_("the learning rate, how far each step goes (0.0002); halve it if losses jump or explode") },
  { "beta1", NUMBER (beta1, 0.0, 0.9999), "X",
    N_("how much a step keeps of the direction of the steps before it (0.5); seldom changed") },

  { "lr-policy", WORD (lr_policy, policies), "linear|cosine",
    N_("how the learning rate falls: evenly in the last --n-epochs-decay epochs (linear, the "
       "default), or from the first epoch on, and slowly at the end (cosine)") },
  { "ema", NUMBER (ema, 0.0, 0.999999), "X",
    N_("save as the model the average of the weights over about the last 1 / (1 − X) steps, which "
       "is steadier than the weights of the last step; 0.999 works well (0: no average)") },
  { "diffaugment", WORD (diffaugment, yes), NULL,
    N_("change the colors and the position of what the discriminator sees at random; for fewer "
       "than some thousand pictures, which it would otherwise learn by heart") },

  { "batch-size", INTEGER (batch_size, 1, 1024), "N",
    N_("pictures that are learned from at once (1); with more, learning is steadier, but takes "
       "more memory and more epochs"), .heading = N_("How long") },
  { "accumulate", INTEGER (accumulate, 1, 1024), "N",
    N_("make one step of N such batches, with the memory of one batch (1)") },
  { "gradients", WORD (half_gradients, widths), "float|half",
    N_("with --accumulate, on several machines: how exactly they tell each other what they have "
       "learned from their batches (float); half sends half as many bytes, which is faster over a "
       "network, but adds an error of 0.3 to 0.4 %") },
  { "n-epochs", INTEGER (n_epochs, 0, 1000000), "N",
    N_("epochs (rounds through all pictures) before the learning rate falls (100)"),
    .resume = TRUE },
  { "n-epochs-decay", INTEGER (n_epochs_decay, 0, 1000000), "N",
    N_("further epochs, in which the learning rate falls to zero and results become finer (100)"),
    .resume = TRUE },
  { "seed", SPECIAL (seed), "N",
    N_("the number from which all random choices follow (0); another number gives another "
       "training") },

  { "print-freq", INTEGER (print_freq, 1, 1000000), "N",
    N_("steps over which each line of the log, and each point of the curves, is averaged (100)"),
    .resume = TRUE, .heading = N_("What is shown and saved") },
  { "save-epoch-freq", INTEGER (save_epoch_freq, 1, 1000000), "N",
    N_("save the training, and make samples, every N epochs (5)"), .resume = TRUE },
  { "val-epoch-freq", INTEGER (val_epoch_freq, 1, 1000000), "N",
    N_("measure the model with the pictures of --val every N epochs (1)"), .resume = TRUE },
  { "save-minutes", NUMBER (save_minutes, 0.0, 1e6), "X",
    N_("save the training every X minutes too, so that a crash costs no more than that (10)"),
    .resume = TRUE },
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

      /* The options from print_freq on change what is saved, not what is learned. */
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

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/intl.h"
#include "option-table.h"
#include "p2p.h"
#include "presets.h"

/* "unpaired-cpu" has a U-Net, not the ResNet of the publication: skip connections carry what
 * the pictures show.  On photos and paintings, on one core of a Zen 4, five minutes (1100 steps)
 * gave results with all their detail, and a cycle loss of 0.93 each way with λ 10; resnet_6 with
 * ngf 32 gave blur after more than twenty (2158 steps), and 2.8 and 2.5, also with identity steps.
 * After 1650 steps day and night, and photos and woodblock prints, looked best; after 4000, edges
 * had colored steps.
 *
 * "quick" is without --diffaugment, which helps only in trainings with many epochs for their
 * pictures: after five epochs on facades, results had 0.33 of their targets' sharpness with it, and
 * 0.60 without.  The times in the texts are those of unet_256 on two cores of a Zen 4, where a step
 * takes 109 ms with ngf 32 and 369 ms with ngf 64 (README.md, "How fast"). */
static const P2pTrainPreset presets[] =
{
  { "quick",
    N_("for a first result, good enough to judge: about half an hour for 400 pairs"),
    "--ngf 32 --upsample smooth --ndf 32 --ema 0.999 --n-epochs 15 --n-epochs-decay 15" },
  { "good",
    N_("for a model to keep: results are crisper, and training takes a night for 400 pairs"),
    "--upsample smooth --ema 0.999 --diffaugment --n-epochs 50 --n-epochs-decay 50" },
  { "crisp",
    N_("to make a model crisper that was trained before (--start-from MODEL), from the same "
       "pictures: some six minutes for 400 pairs"),
    "--ndf 32 --ema 0.999 --lambda-GAN 0.5 --lambda-detail 5000 --n-epochs 2 --n-epochs-decay 2" },
  { "small-set",
    N_("for fewer than about 100 pairs: a smaller network, which learns less by heart, crops that "
       "vary more, and more epochs"),
    "--load-size 320 --netG unet_128 --ngf 32 --upsample smooth --ndf 32 --ema 0.999 --diffaugment "
    "--n-epochs 100 --n-epochs-decay 100" },
  { "unpaired-cpu",
    N_("for pictures of two kinds that are no pairs, such as photos and paintings, on a computer "
       "without a graphics card: small crops and a small network; half an hour for 500 pictures. "
       "Look at the samples: more epochs can make it worse"),
    "--recipe cyclegan --load-size 160 --crop-size 128 --scale-jitter 1.6 --netG unet_32 --ngf 32 "
    "--upsample smooth --ndf 32 --lambda-A 3 --lambda-B 3 --lambda-identity 0.2 "
    "--cycle-noise 0.1 --identity-steps 300 --ema 0.998 --n-epochs 4 --n-epochs-decay 0 "
    "--save-epoch-freq 1" },
};

const P2pTrainPreset *
p2p_train_preset (guint i)
{
  return i < G_N_ELEMENTS (presets) ? &presets[i] : NULL;
}

const P2pTrainPreset *
p2p_train_preset_find (const char  *name,
                       GError     **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      if (strcmp (presets[i].name, name) == 0)
        return &presets[i];
      g_string_append_printf (names, "%s%s", i > 0 ? " | " : "", presets[i].name);
    }
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("--%s wants %s, not “%s”"), "preset",
               names->str, name);
  return NULL;
}

/* Reads the option at *word: returns it, sets *text to its value, and moves *word to the next
 * option. */
static const P2pTrainOption *
next_option (char       ***word,
             const char  **text)
{
  const P2pTrainOption *option = p2p_train_option_find (**word + strlen ("--"));
  const char           *wants;

  g_return_val_if_fail (option != NULL, NULL);
  p2p_train_option_help (option, &wants);
  *text = wants ? *++*word : "true";
  ++*word;
  return option;
}

gboolean
p2p_train_preset_set (const P2pTrainPreset  *preset,
                      P2pTrainOptions       *options,
                      GError               **error)
{
  g_auto (GStrv) words = g_strsplit (preset->options, " ", -1);

  for (char **word = words; *word;)
    {
      const char           *text = NULL;
      const P2pTrainOption *option = next_option (&word, &text);

      if (! p2p_train_options_set (options, option, text, error))
        return FALSE;
    }
  return TRUE;
}

char *
p2p_train_preset_kept (const P2pTrainPreset  *preset,
                       const P2pTrainOptions *options)
{
  g_auto (GStrv) words = g_strsplit (preset->options, " ", -1);
  GString       *kept = g_string_new (NULL);

  for (char **word = words, **first = word; *word; first = word)
    {
      const char           *text = NULL;
      const P2pTrainOption *option = next_option (&word, &text);
      g_autofree char      *value = p2p_train_options_get (options, option);

      if (g_strcmp0 (value, text) != 0)
        continue;
      for (; first < word; first++)
        g_string_append_printf (kept, "%s%s", kept->len ? " " : "", *first);
    }
  return g_string_free (kept, FALSE);
}

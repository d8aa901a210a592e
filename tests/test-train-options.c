/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A training's options as texts: sizes, the card's line, and the messages about options that do not
 * go together. */

#include <string.h>

#include "p2p.h"
#include "train/option-table.h"

static void
set (P2pTrainOptions *options,
     const char      *name,
     const char      *text)
{
  GError *error = NULL;

  p2p_train_options_set (options, p2p_train_option_find (name), text, &error);
  g_assert_no_error (error);
}

/* ---- Sizes ------------------------------------------------------------------------------- */

static const struct
{
  const char *text;
  int         width, height;    /* 0: it is refused */
  const char *again;
}
sizes[] =
{
  { "256",      256,   256, "256" },
  { "256x384",  256,   384, "256x384" },
  { "256×384",  256,   384, "256x384" },
  { "64x64",     64,    64, "64" },
  { "65536x1", 65536,    1, "65536x1" },
  { "" }, { "0" }, { "x3" }, { "3x" }, { "3x0" }, { "-3" }, { "3x4x5" }, { "3 x 4" }, { "3.5" },
  { "65537" }, { "99999999999999999999999" }, { "3x65537" },
};

static void
test_sizes (void)
{
  const P2pTrainOption *crop = p2p_train_option_find ("crop-size");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_auto (P2pTrainOptions) options = { 0 };
      g_autoptr (GError)       error = NULL;
      gboolean                 good = p2p_train_options_set (&options, crop, sizes[i].text, &error);
      g_autofree char         *again = p2p_train_options_get (&options, crop);

      g_test_message ("“%s”", sizes[i].text);
      g_assert_cmpint (good, ==, sizes[i].width > 0);
      g_assert_cmpint (options.crop_size.width, ==, sizes[i].width);
      g_assert_cmpint (options.crop_size.height, ==, sizes[i].height);
      if (good)
        g_assert_cmpstr (again, ==, sizes[i].again);
      else
        g_assert_nonnull (strstr (error->message, "--crop-size wants a size in pixels such as 256 "
                                  "or 512x256, at most 65536, not"));
    }
}

/* ---- The card's line --------------------------------------------------------------------- */

/* The options on a card, read again, give the same options. */
static void
test_line (void)
{
  g_auto (P2pTrainOptions) options = { 0 }, again = { 0 };
  g_autofree char         *line = NULL, *second = NULL;

  p2p_train_options_init (&options);
  p2p_train_options_init (&again);
  set (&options, "preprocess", "scale_width_and_crop");
  set (&options, "crop-size", "256x384");
  set (&options, "no-flip", "true");
  set (&options, "netG", "unet_128");
  set (&options, "color-jitter", "0.1");
  line = p2p_train_options_to_text (&options);
  g_assert_cmpstr (line, ==, "--preprocess scale_width_and_crop --crop-size 256x384 "
                   "--color-jitter 0.1 --no-flip --netG unet_128");
  g_assert_true (p2p_train_options_from_text (&again, line));
  second = p2p_train_options_to_text (&again);
  g_assert_cmpstr (second, ==, line);
}

/* Lines that people wrote, or whose options have other names, are not accepted as options. */
static void
test_other_lines (void)
{
  static const char *const lines[] = {
    "trained twice", "--ngf 32; then --ngf 32", "--ngf", "--ngf many", "--nonsense 3",
    "--no-flip 3", "--netD round", "--recipe flat", "--data ''",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (P2pTrainOptions) options = { 0 };

      p2p_train_options_init (&options);
      g_assert_false (p2p_train_options_from_text (&options, lines[i]));
    }
}

/* The public implementation's basic discriminator always has three layers. */
static void
test_basic_d (void)
{
  g_auto (P2pTrainOptions) options = { 0 };

  p2p_train_options_init (&options);
  g_assert_true (p2p_train_options_from_text (&options, "--netD n_layers --n-layers-D 5"));
  g_assert_cmpint (options.n_layers_d, ==, 5);
  g_assert_true (p2p_train_options_from_text (&options, "--netD basic"));
  g_assert_cmpint (options.n_layers_d, ==, 3);
}

/* ---- What goes together ------------------------------------------------------------------ */

/* Options, and a part of the message about them, or NULL if nothing is wrong.  The network needs
 * multiples of 32. */
static const struct
{
  const char *line, *said;
}
checks[] =
{
  { "--crop-size 64x32 --load-size 72x40", NULL },
  { "--crop-size 64x48 --load-size 72", "--crop-size wants a multiple of 32 for --netG unet_32, "
    "not 64x48. This works:\n  train --load-size 72x48 --crop-size 64x32" },
  { "--crop-size 8 --load-size 8", "--crop-size wants a multiple of 32 for --netG unet_32, not 8" },
  { "--crop-size 32 --inputs lab-l", "The input lab-l and the output lab-ab are for --mode "
    "colorize" },
  { "--crop-size 64x96 --load-size 72", "--load-size must be no smaller than --crop-size, 64x96, "
    "but is 72" },
  { "--preprocess crop --crop-size 64x32 --load-size 8 --batch-size 4", NULL },
  { "--preprocess scale_width --load-size 96 --crop-size 64x32", NULL },
  { "--preprocess scale_width --load-size 80 --crop-size 64x32", "--load-size wants a multiple of "
    "32 for --netG unet_32, not 80. This works:\n  train --load-size 64 --crop-size 64x32" },
  { "--preprocess scale_width --load-size 96x64 --crop-size 32", "--load-size wants one number, "
    "not 96x64" },
  { "--preprocess scale_width --load-size 96 --crop-size 32 --batch-size 2", "--preprocess "
    "scale_width gives pictures of differing shapes, which do not go into one batch: it needs "
    "--batch-size 1 and --accumulate 1" },
  { "--preprocess none --crop-size 32", NULL },
  { "--preprocess none --crop-size 32 --batch-size 2", "--batch-size 1 and --accumulate 1" },
  { "--preprocess none --crop-size 32 --accumulate 2", "--batch-size 1 and --accumulate 1" },
  { "--gradients half", "--accumulate too" },
  { "--gradients half --accumulate 2", NULL },
  { "--preprocess scale_width_and_crop --load-size 80 --crop-size 64x96 --batch-size 2", NULL },
  { "--preprocess scale_width_and_crop --load-size 80 --crop-size 96x64", "--load-size must be no "
    "smaller than --crop-size, 96x64, but is 80" },
  { "--preprocess crop --crop-size 32 --scale-jitter 2", "--scale-jitter is for --preprocess "
    "resize_and_crop and scale_width_and_crop, not for crop" },
  { "--preprocess none --crop-size 32 --scale-jitter 2", "not for none" },
  { "--crop-size 32 --scale-jitter 2 --color-jitter 0.1 --inputs rgba", NULL },
  { "--crop-size 32 --color-jitter 0.1 --inputs labels", "--color-jitter changes the colors of "
    "inputs: it needs --inputs rgb or rgba, not labels" },
  { "--crop-size 32 --color-jitter 0.1 --mode colorize", "not lab-l" },
};

static void
test_checks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_auto (P2pTrainOptions) options = { 0 };
      g_autoptr (GError)       error = NULL;

      g_test_message ("%s", checks[i].line);
      p2p_train_options_init (&options);
      set (&options, "data", "folder");
      set (&options, "netG", "unet_32");
      g_assert_true (p2p_train_options_from_text (&options, checks[i].line));
      p2p_train_options_check (&options, "train", &error);
      if (! checks[i].said)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, P2P_ERROR, P2P_ERROR_OPTION);
          g_test_message ("%s", error->message);
          g_assert_nonnull (strstr (error->message, checks[i].said));
        }
    }
}

/* ---- Smaller pictures -------------------------------------------------------------------- */

/* What is added to a command line for pictures of 100×70 pixels. */
static const struct
{
  const char *line, *added;
}
fits[] =
{
  { "",                                         " --netG unet_64 --load-size 71 --crop-size 64" },
  { "--crop-size 256x128 --load-size 286x143",  " --netG unet_64 --load-size 71 --crop-size 64" },
  { "--netG unet_32 --crop-size 128x96",        " --load-size 214x190 --crop-size 96x64" },
  { "--preprocess crop --netG unet_32",         " --crop-size 64" },
  { "--preprocess none --netG unet_128",        " --netG unet_64 --crop-size 64" },
  { "--preprocess scale_width --load-size 256", " --netG unet_64 --load-size 256 --crop-size 64" },
  { "--preprocess scale_width_and_crop --load-size 512 --crop-size 256x128",
    " --netG unet_64 --load-size 128 --crop-size 64" },
};

static void
test_fits (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_auto (P2pTrainOptions) options = { 0 };
      g_autofree char         *command = NULL, *expected = g_strconcat ("train", fits[i].added,
                                                                        NULL);

      p2p_train_options_init (&options);
      g_assert_true (! *fits[i].line || p2p_train_options_from_text (&options, fits[i].line));
      command = p2p_train_options_fit (&options, (P2pSize) { 100, 70 }, "train");
      g_assert_cmpstr (command, ==, expected);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/train-options/sizes", test_sizes);
  g_test_add_func ("/train-options/line", test_line);
  g_test_add_func ("/train-options/other-lines", test_other_lines);
  g_test_add_func ("/train-options/basic-discriminator", test_basic_d);
  g_test_add_func ("/train-options/checks", test_checks);
  g_test_add_func ("/train-options/fits", test_fits);

  return g_test_run ();
}

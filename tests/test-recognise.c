/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The messages for weights that none of our networks fits: lists of names and shapes from public
 * implementations, and the sentence that each one gives. */

#include <string.h>

#include "models/card.h"
#include "models/model.h"
#include "models/recognise.h"
#include "p2p.h"

/* The tensors in a list like "name 64x3x4x4|name 64|…". */
static P2pTensors *
parse (const char *list)
{
  P2pTensors    *tensors = p2p_tensors_new ();
  g_auto (GStrv) items = g_strsplit (list, "|", 0);

  for (int i = 0; items[i]; i++)
    {
      g_auto (GStrv) words = g_strsplit (items[i], " ", 2);
      g_auto (GStrv) sides = g_strsplit (words[1], "x", 0);
      gint64         dims[P2P_MAX_DIMS];
      int            n_dims;

      for (n_dims = 0; sides[n_dims]; n_dims++)
        dims[n_dims] = g_ascii_strtoll (sides[n_dims], NULL, 10);
      g_assert_true (p2p_tensors_add (tensors, words[0], P2P_F32, n_dims, dims, NULL, NULL));
    }

  return tensors;
}

typedef struct
{
  const char *list;
  const char *sentence;   /* NULL: not recognized */
} Case;

#define OF_D         "it judges pictures and makes none. The generator is another file"
#define G_FOR_D      ", whose name has a G instead of the D."
#define PATCH        "This seems to be a PatchGAN discriminator: " OF_D G_FOR_D
#define PIXEL        "This seems to be a pixel discriminator: " OF_D G_FOR_D
#define MULTISCALE   "This seems to be a discriminator for several scales: " OF_D "."
#define PIX2PIXHD    "This seems to be a generator of pix2pixHD."
#define PART_UNET    "This seems to be a part of a U-Net generator, or one that was changed."
#define PART_RESNET  "This seems to be a part of a ResNet generator, or one that was changed."
#define UPSCALER     "This seems to be an upscaler, such as ESRGAN."
#define STYLEGAN     "This seems to be a StyleGAN, which makes pictures out of random numbers."
#define CLASSIFIER   "This seems to be a classifier, which names what a picture shows."
#define DIFFUSION    "This seems to be a diffusion model, or a part of one."
#define TEXT         "This seems to be a model for text."

static const Case cases[] =
{
  /* Discriminators with three layers, with one layer, and for pixels */
  { "model.0.weight 64x6x4x4|model.0.bias 64|model.2.weight 128x64x4x4|model.3.weight 128|"
    "model.5.weight 256x128x4x4|model.8.weight 512x256x4x4|model.11.weight 1x512x4x4", PATCH },
  { "model.0.weight 64x3x4x4|model.2.weight 128x64x4x4|model.5.weight 1x128x4x4", PATCH },
  { "net.0.weight 64x6x1x1|net.0.bias 64|net.2.weight 128x64x1x1|net.3.weight 128|"
    "net.5.weight 1x128x1x1", PIXEL },
  { "scale0_layer0.0.weight 64x6x4x4|scale0_layer1.0.weight 128x64x4x4|"
    "scale1_layer0.0.weight 64x6x4x4", MULTISCALE },
  { "layer0.0.weight 64x6x4x4|layer0.2.weight 128x64x4x4|layer1.0.weight 64x6x4x4", MULTISCALE },
  { "discriminator_0.model0.0.weight 64x6x4x4|discriminator_1.model0.0.weight 64x6x4x4",
    MULTISCALE },

  /* Generators */
  { "fc.weight 16384x256|head_0.conv_0.weight_orig 1024x1024x3x3|"
    "head_0.norm_0.mlp_shared.0.weight 128x184x3x3",
    "This seems to be a SPADE generator (GauGAN)." },
  { "model.1.weight 64x3x7x7|model.4.weight 128x64x3x3|model.7.weight 256x128x3x3|"
    "model.10.weight 512x256x3x3|model.16.conv_block.1.weight 1024x1024x3x3", PIX2PIXHD },
  { "model.1.weight 64x3x7x7|model1_1.1.weight 32x3x7x7|model1_2.0.conv_block.1.weight 64x64x3x3",
    PIX2PIXHD },
  { "model.1.weight 64x3x7x7|model.10.conv_block.1.conv.0.weight 256x1x3x3|"
    "model.10.conv_block.1.conv.2.weight 256x256x1x1",
    "This seems to be a ResNet generator of depthwise convolutions, made small by GAN "
    "Compression." },
  { "model.1.weight 64x3x7x7|model.7.filt 128x1x3x3|model.12.conv_block.1.weight 256x256x3x3",
    "This seems to be a ResNet generator with smoothed sampling, as CUT trains it." },
  { "gap_fc.weight 1x256|gmp_fc.weight 1x256|conv1x1.weight 256x512x1x1",
    "This seems to be a generator of U-GAT-IT." },
  { "block_a.0.1.weight 32x3x7x7|block_e.0.1.weight 64x128x3x3|out_layer.0.weight 3x32x1x1",
    "This seems to be a generator of AnimeGAN." },
  { "conv1.conv2d.weight 32x3x9x9|in1.weight 32|res1.conv1.conv2d.weight 128x128x3x3",
    "This seems to be a network for style transfer (Johnson)." },
  { "model.model.0.weight 64x3x4x4|model.model.0.bias 64|model.model.1.model.1.weight 128x64x4x4|"
    "model.model.1.model.2.weight 128",
    "This seems to be a U-Net with biases beside its batch norms, as the Lua and TensorFlow "
    "versions of pix2pix have them." },
  { "model.model.1.model.1.weight 128x64x4x4", PART_UNET },
  { "model.10.conv_block.1.weight 256x256x3x3", PART_RESNET },
  { "inc.double_conv.0.weight 64x3x3x3|down1.maxpool_conv.1.double_conv.0.weight 128x64x3x3",
    "This seems to be a U-Net that finds areas in pictures (segmentation)." },
  { "conv_first.weight 64x3x3x3|body.0.rdb1.conv1.weight 32x64x3x3", UPSCALER },
  { "model.0.weight 64x3x3x3|model.1.sub.0.RDB1.conv1.0.weight 32x64x3x3", UPSCALER },
  { "conv_first.weight 180x3x3x3|layers.0.residual_group.blocks.0.norm1.weight 180", UPSCALER },

  /* Other things */
  { "synthesis.b4.const 512x4x4|mapping.fc0.weight 512x512", STYLEGAN },
  { "input.input 1x512x4x4|style.1.weight 512x512|convs.0.conv.modulation.weight 512x512",
    STYLEGAN },
  { "resnet.layer1.0.conv1.weight 64x64x3x3", NULL },
  { "conv1.weight 64x3x7x7|layer1.0.conv1.weight 64x64x3x3|fc.weight 1000x512", CLASSIFIER },
  { "features.0.weight 64x3x3x3|classifier.6.weight 1000x4096", CLASSIFIER },
  { "model.diffusion_model.input_blocks.0.0.weight 320x4x3x3", DIFFUSION },
  { "conv_in.weight 320x4x3x3|down_blocks.0.resnets.0.norm1.weight 320|"
    "mid_block.resnets.0.norm1.weight 1280", DIFFUSION },
  { "lora_unet_mid_block.lora_up.weight 1280x4", "This seems to be a LoRA, an addition to a "
    "diffusion model." },
  { "embeddings.word_embeddings.weight 30522x768", TEXT },
  { "model.embed_tokens.weight 32000x4096", TEXT },
  { "transformer.wte.weight 50257x768", TEXT },
  { "state.0.exp_avg 64x3x4x4", "This seems to be the state of an optimizer, which training needs; "
    "the generator's weights are elsewhere." },
  { "D.value.model.0.bias 64|G.value.model.model.0.weight 64x3x4x4|G.moment1.model.model.0.weight "
    "64x3x4x4", "This is the checkpoint of a training, with which “pix2pix train --resume” goes "
    "on. The model is the file model.safetensors beside it." },
  { "weight 3x3", NULL },
};

static void
test_sentence (gconstpointer data)
{
  const Case            *test = data;
  g_autoptr (P2pTensors) tensors = parse (test->list);

  g_assert_cmpstr (p2p_recognise (tensors), ==, test->sentence);
}

/* ---- The whole message -------------------------------------------------------------------- */

#define OPENS "What can be opened: U-Net and ResNet generators of the public pix2pix and " \
              "CycleGAN implementation."

static void
check_unknown (const char *list,
               const char *message)
{
  g_autoptr (P2pTensors) tensors = list ? parse (list) : p2p_tensors_new ();
  g_autoptr (GError)     error = NULL;

  g_assert_null (p2p_card_new (tensors, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_unknown (void)
{
  check_unknown ("net.0.weight 64x6x1x1|net.0.bias 64|net.2.weight 128x64x1x1|scale 1|z 2x3",
                 PIXEL " It holds net.0.weight (64×6×1×1), net.0.bias (64), "
                 "net.2.weight (128×64×1×1) and 2 more. " OPENS);
  check_unknown ("weight 3x3",
                 "The weights belong to no known network. It holds weight (3×3). " OPENS);
  check_unknown (NULL, "The file holds no weights. " OPENS);
}

/* ---- Near misses -------------------------------------------------------------------------- */

/* A U-Net with five down-samplings, without norm, with ngf 1. */
#define P0  "model.model"
#define P1  P0 ".1.model"
#define P2  P1 ".3.model"
#define P3  P2 ".3.model"
#define P4  P3 ".3.model"
#define ENDS   P0 ".0.weight 1x3x4x4|" P0 ".3.weight 2x3x4x4|" P0 ".3.bias 3|"
#define MIDDLE P1 ".1.weight 2x1x4x4|" P1 ".5.weight 4x1x4x4|" \
               P2 ".1.weight 4x2x4x4|" P2 ".5.weight 8x2x4x4|" \
               P3 ".1.weight 8x4x4x4|" P3 ".5.weight 16x4x4x4|"
#define DEEP   P4 ".1.weight 8x8x4x4|" P4 ".3.weight 8x8x4x4"

/* on_card says whether a card names the network. */
static void
check_misfit (const char *list,
              gboolean    on_card,
              const char *misfits)
{
  g_autoptr (P2pTensors)  tensors = parse (list);
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pCard)     card = NULL;
  g_autoptr (GError)      error = NULL;
  g_autofree char        *network = NULL, *message = NULL;

  if (on_card)
    {
      g_autoptr (P2pCard) told = p2p_card_new (tensors, NULL);

      g_hash_table_unref (tensors->metadata);
      tensors->metadata = p2p_card_to_metadata (told);
    }
  card = p2p_card_new (tensors, &error);
  g_assert_no_error (error);
  network = p2p_net_describe (card->net, &card->options);
  message = on_card ? g_strdup_printf ("The weights do not fit the network on the card: %s.\n"
                                       "%s", network, misfits)
                    : g_strdup_printf (PART_UNET " The nearest network that can be opened is: "
                                       "%s.\n%s\n" OPENS, network, misfits);

  g_assert_false (p2p_model_fill (card, params, parallel, tensors, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_missing (void)
{
  check_misfit (P0 ".0.weight 1x3x4x4|" P0 ".3.weight 2x3x4x4|" MIDDLE DEEP, FALSE,
                "Missing weights:\n  model.model.3.bias (3)");
}

static void
test_misshapen (void)
{
  check_misfit (P0 ".0.weight 1x3x4x4|" P0 ".3.weight 2x3x4x4|" P0 ".3.bias 4|" MIDDLE DEEP, FALSE,
                "Weights of another shape:\n  model.model.3.bias (4 instead of 3)");
}

static void
test_unexpected (void)
{
  check_misfit (ENDS MIDDLE DEEP "|a.weight 1x2|b 3|c 4|d 5|e 6", FALSE,
                "Unexpected weights:\n  a.weight (1×2)\n  b (3)\n  c (4)\n  and 2 more");
}

static void
test_all_kinds (void)
{
  check_misfit (P0 ".0.weight 1x3x4x4|" P0 ".3.weight 2x3x4x4|bias 3|" MIDDLE
                P4 ".1.weight 9x8x4x4|" P4 ".3.weight 8x8x4x4", TRUE,
                "Missing weights:\n  model.model.3.bias (3)\n"
                "Weights of another shape:\n  " P4 ".1.weight (9×8×4×4 instead of 8×8×4×4)\n"
                "Unexpected weights:\n  bias (3)");
}

/* Running statistics that old versions of PyTorch saved for instance norm, and counters, do not
 * count as a misfit. */
static void
test_stale (void)
{
  check_misfit (ENDS MIDDLE DEEP "|" P1 ".2.running_mean 2|" P1 ".2.running_var 2|"
                P1 ".2.num_batches_tracked 1|a 2", FALSE, "Unexpected weights:\n  a (2)");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/recognise/%u", i);

      g_test_add_data_func (path, &cases[i], test_sentence);
    }
  g_test_add_func ("/recognise/message", test_unknown);
  g_test_add_func ("/misfit/missing", test_missing);
  g_test_add_func ("/misfit/misshapen", test_misshapen);
  g_test_add_func ("/misfit/unexpected", test_unexpected);
  g_test_add_func ("/misfit/all-kinds-with-a-card", test_all_kinds);
  g_test_add_func ("/misfit/stale-tensors-are-none", test_stale);

  return g_test_run ();
}

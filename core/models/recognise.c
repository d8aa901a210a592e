/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A table of the names that public implementations of other networks give to their weights.  The
 * first row that fits is taken, so more specific rows stand before more general ones. */

#include "recognise.h"

#include <string.h>

#include "base/intl.h"
#include "p2p.h"

#define MAX_NAMES 4
#define MAX_SHOWN 3

typedef struct
{
  const char *what;                 /* a sentence for the user */
  const char *names[MAX_NAMES];     /* patterns with * and ?; each must match some tensor's name */
  gboolean (* test) (const P2pTensors *tensors);   /* a further test of shapes, or NULL */
} Kind;

/* ---- Tests of shapes ---------------------------------------------------------------------- */

static gboolean
is_convolution (const P2pTensors *tensors,
                const char       *name,
                gint64            side)
{
  const P2pTensor *tensor = p2p_tensors_get (tensors, name);

  return tensor && tensor->n_dims == 4 && tensor->dims[2] == side && tensor->dims[3] == side;
}

/* Both discriminators are one Sequential that begins with a convolution and an activation, so the
 * first two convolutions have the indices 0 and 2. */
static gboolean
is_patch_discriminator (const P2pTensors *tensors)
{
  return is_convolution (tensors, "model.0.weight", 4)
         && is_convolution (tensors, "model.2.weight", 4);
}

static gboolean
is_pixel_discriminator (const P2pTensors *tensors)
{
  return is_convolution (tensors, "net.0.weight", 1) && is_convolution (tensors, "net.2.weight", 1);
}

/* pix2pixHD's generator has a third downsampling convolution at index 10, where CycleGAN's ResNet
 * generator has its first residual block. */
static gboolean
is_deep_resnet (const P2pTensors *tensors)
{
  return is_convolution (tensors, "model.1.weight", 7)
         && is_convolution (tensors, "model.10.weight", 3);
}

/* ---- The table ---------------------------------------------------------------------------- */

#define UPSCALER   N_("This seems to be an upscaler, such as ESRGAN.")
#define CLASSIFIER N_("This seems to be a classifier, which names what a picture shows.")
#define DIFFUSION  N_("This seems to be a diffusion model, or a part of one.")
#define STYLEGAN   N_("This seems to be a StyleGAN, which makes pictures out of random numbers.")
#define TEXT       N_("This seems to be a model for text.")
#define MULTISCALE N_("This seems to be a discriminator for several scales: it judges pictures " \
                      "and makes none. The generator is another file.")
#define PIX2PIXHD  N_("This seems to be a generator of pix2pixHD.")

static const Kind kinds[] =
{
  { N_("This is the checkpoint of a training, with which “pix2pix train --resume” goes on. The "
       "model is the file model.safetensors beside it."), { "G.value.*", "G.moment1.*" } },
  { N_("This seems to be the state of an optimizer, which training needs; the generator's weights "
       "are elsewhere."), { "*exp_avg*" } },

  /* Discriminators */
  { MULTISCALE, { "scale?_layer?.*.weight*" } },
  { MULTISCALE, { "discriminator_?.model?.*" } },
  { MULTISCALE, { "layer0.0.weight", "layer0.2.weight" } },
  { N_("This seems to be a PatchGAN discriminator: it judges pictures and makes none. The "
       "generator is another file, whose name has a G instead of the D."), { "model.0.weight" },
    is_patch_discriminator },
  { N_("This seems to be a pixel discriminator: it judges pictures and makes none. The generator "
       "is another file, whose name has a G instead of the D."), { "net.0.weight" },
    is_pixel_discriminator },

  /* Other image-to-image generators */
  { N_("This seems to be a SPADE generator (GauGAN)."), { "*mlp_shared*" } },
  { PIX2PIXHD, { "model1_1.*", "model1_2.*" } },
  { PIX2PIXHD, { "model.*.conv_block.*" }, is_deep_resnet },
  { N_("This seems to be a ResNet generator of depthwise convolutions, made small by GAN "
       "Compression."), { "*.conv_block.*.conv.*.weight" } },
  { N_("This seems to be a ResNet generator with smoothed sampling, as CUT trains it."),
    { "*.conv_block.*", "model.*.filt" } },
  { N_("This seems to be a generator of U-GAT-IT."), { "gap_fc.*", "gmp_fc.*" } },
  { N_("This seems to be a generator of AnimeGAN."), { "block_a.*", "block_e.*", "out_layer.*" } },
  { N_("This seems to be a network for style transfer (Johnson)."),
    { "conv1.conv2d.weight", "res1.conv1.conv2d.weight" } },
  { N_("This seems to be a U-Net with biases beside its batch norms, as the Lua and TensorFlow "
       "versions of pix2pix have them."),
    { "model.model.0.bias", "model.model.1.model.2.weight" } },
  { N_("This seems to be a part of a U-Net generator, or one that was changed."),
    { "model.model.1.model.*" } },
  { N_("This seems to be a part of a ResNet generator, or one that was changed."),
    { "model.*.conv_block.*" } },
  { N_("This seems to be a U-Net that finds areas in pictures (segmentation)."),
    { "inc.double_conv.*", "down1.maxpool_conv.*" } },
  { UPSCALER, { "*.rdb1.conv1.*" } },
  { UPSCALER, { "*.RDB1.conv1.*" } },
  { UPSCALER, { "*.residual_group.*" } },

  /* Other things */
  { STYLEGAN, { "mapping.fc0.*", "synthesis.*" } },
  { STYLEGAN, { "*.modulation.weight", "style.*" } },
  { DIFFUSION, { "model.diffusion_model.*" } },
  { DIFFUSION, { "*down_blocks.*", "*mid_block.*" } },
  { N_("This seems to be a LoRA, an addition to a diffusion model."), { "*.lora_up.weight" } },
  { CLASSIFIER, { "layer1.0.conv1.weight", "fc.weight" } },
  { CLASSIFIER, { "features.0.weight", "classifier.*.weight" } },
  { TEXT, { "*embeddings.word_embeddings.weight" } },
  { TEXT, { "*embed_tokens.weight" } },
  { TEXT, { "*wte.weight" } },
};

static gboolean
has_name (const P2pTensors *tensors,
          const char       *pattern)
{
  g_autoptr (GPatternSpec) spec = g_pattern_spec_new (pattern);

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);

      if (g_pattern_spec_match_string (spec, tensor->name))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_kind (const P2pTensors *tensors,
         const Kind       *kind)
{
  for (int i = 0; i < MAX_NAMES && kind->names[i]; i++)
    if (! has_name (tensors, kind->names[i]))
      return FALSE;
  return ! kind->test || kind->test (tensors);
}

const char *
p2p_recognise (const P2pTensors *tensors)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (is_kind (tensors, &kinds[i]))
      return _(kinds[i].what);
  return NULL;
}

/* ---- In words ----------------------------------------------------------------------------- */

/* "a.weight (64×3×4×4), a.bias (64), b.weight (1) and 5 more" */
static char *
list_first (const P2pTensors *tensors)
{
  GString *list = g_string_new (NULL);
  guint    n = tensors->list->len;

  for (guint i = 0; i < MIN (n, MAX_SHOWN); i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);
      g_autofree char *shape = p2p_shape_to_text (tensor->n_dims, tensor->dims);

      g_string_append_printf (list, "%s%s (%s)", i ? ", " : "", tensor->name, shape);
    }
  if (n > MAX_SHOWN)
    g_string_append_printf (list, _(" and %u more"), n - MAX_SHOWN);
  return g_string_free (list, FALSE);
}

void
p2p_unknown_network (const P2pTensors *tensors,
                     GError          **error)
{
  const char      *what = p2p_recognise (tensors);
  g_autofree char *first = list_first (tensors);

  if (! tensors->list->len)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, _("The file holds no weights. %s"),
                 p2p_what_opens ());
  else
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, _("%s It holds %s. %s"),
                 what ? what : _("The weights belong to no known network."), first,
                 p2p_what_opens ());
}

const char *
p2p_what_opens (void)
{
  return _("What can be opened: U-Net and ResNet generators of the public pix2pix and CycleGAN "
           "implementation.");
}

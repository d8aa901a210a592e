/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "blend.h"
#include "pictures/color.h"

/* The network's colours at a pixel, sRGB-encoded; one for gray. */
static void
find_colour (const P2pBlend *blend,
             const float  *rgb,
             const float  *after,
             float        *to)
{
  float lab[3];

  if (blend->output != P2P_OUTPUT_LAB_AB)
    {
      for (int k = 0; k < 3; k++)
        to[k] = CLAMP (after[blend->output == P2P_OUTPUT_GRAY ? 0 : k], 0.0f, 1.0f);
      return;
    }

  lab[0] = p2p_lab_lightness (rgb);
  for (int k = 0; k < 2; k++)
    lab[1 + k] = (after[k] * 2.0f - 1.0f) * 110.0f * blend->chroma;
  p2p_lab_to_gamut (lab, to);
}

void
p2p_blend_row (int      row,
               int      worker,
               gpointer data)
{
  const P2pBlend   *blend = data;
  const P2pImage   *image = blend->image;
  const int         c = blend->after.channels, channels = blend->result->channels;
  const float       strength = blend->strength;
  const gboolean    colour = image->channels >= 3, alpha = image->channels % 2 == 0;
  const gboolean    gives_alpha = blend->output == P2P_OUTPUT_RGBA;
  g_autofree float *values = g_new (float, (gsize) image->width * c);
  const float      *after = values;
  const float      *before = image->pixels + (gsize) row * image->width * image->channels;
  float            *to = blend->result->pixels + (gsize) row * image->width * channels;

  blend->after.read (blend->after.data, row, 0, image->width, values);
  for (int x = 0; x < image->width; x++, before += image->channels, after += c, to += channels)
    {
      float rgb[3] = { before[0], before[colour ? 1 : 0], before[colour ? 2 : 0] };
      float given[3];

      find_colour (blend, rgb, after, given);
      for (int k = 0; k < channels - (alpha || gives_alpha); k++)
        to[k] = strength == 1.0f ? given[k] : rgb[k] + strength * (given[k] - rgb[k]);
      if (alpha || gives_alpha)
        to[channels - 1] = alpha ? before[image->channels - 1] : 1.0f;
      if (gives_alpha)
        to[channels - 1] += strength * (CLAMP (after[3], 0.0f, 1.0f) - to[channels - 1]);
    }
}

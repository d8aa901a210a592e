/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "blend.h"
#include "pictures/color.h"

/* The network's colours at a pixel, sRGB-encoded; one for gray. */
static void
find_colour (const P2pMix *mix,
             const float  *rgb,
             const float  *after,
             float        *to)
{
  float lab[3];

  if (mix->output != P2P_OUTPUT_LAB_AB)
    {
      for (int k = 0; k < 3; k++)
        to[k] = CLAMP (after[mix->output == P2P_OUTPUT_GRAY ? 0 : k], 0.0f, 1.0f);
      return;
    }

  lab[0] = p2p_lab_lightness (rgb);
  for (int k = 0; k < 2; k++)
    lab[1 + k] = (after[k] * 2.0f - 1.0f) * 110.0f * mix->chroma;
  p2p_lab_to_gamut (lab, to);
}

void
p2p_mix_row (int      row,
             int      worker,
             gpointer data)
{
  const P2pMix     *mix = data;
  const P2pImage   *image = mix->image;
  const int         c = mix->after.channels, channels = mix->result->channels;
  const float       strength = mix->strength;
  const gboolean    colour = image->channels >= 3, alpha = image->channels % 2 == 0;
  g_autofree float *values = g_new (float, (gsize) image->width * c);
  const float      *after = values;
  const float      *before = image->pixels + (gsize) row * image->width * image->channels;
  float            *to = mix->result->pixels + (gsize) row * image->width * channels;

  mix->after.read (mix->after.data, row, 0, image->width, values);
  for (int x = 0; x < image->width; x++, before += image->channels, after += c, to += channels)
    {
      float rgb[3] = { before[0], before[colour ? 1 : 0], before[colour ? 2 : 0] };
      float given[3];

      find_colour (mix, rgb, after, given);
      for (int k = 0; k < channels - alpha; k++)
        to[k] = strength == 1.0f ? given[k] : rgb[k] + strength * (given[k] - rgb[k]);
      if (alpha)
        to[channels - 1] = before[image->channels - 1];
    }
}

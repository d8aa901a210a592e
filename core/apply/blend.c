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

/* The network's planes of a row, of the picture's size (newly allocated). */
static float *
read_after (const P2pBlend *blend,
            int             row)
{
  const int width = blend->image->width;
  float    *values = g_new (float, (gsize) width * blend->after.channels);

  blend->after.read (blend->after.data, row, 0, width, values);
  return values;
}

static float *
row_of (const P2pImage *image,
        int             row)
{
  return image->pixels + (gsize) row * image->width * image->channels;
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
  g_autofree float *values = read_after (blend, row);
  const float      *after = values, *before = row_of (image, row);
  float            *to = row_of (blend->result, row);

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

/* ---- Below a drawing -------------------------------------------------------------------- */

/* The picture is seen through its alpha, on the paper.  Mixed as it is seen, alpha grows by the
 * strength of what is missing, and the colors move by as much of the whole as is new. */
void
p2p_blend_drawing_row (int      row,
                       int      worker,
                       gpointer data)
{
  const P2pBlend   *blend = data;
  const P2pImage   *image = blend->image;
  const int         c = blend->after.channels, channels = blend->result->channels;
  const float       strength = blend->strength;
  const gboolean    colour = image->channels >= 3, alpha = image->channels % 2 == 0;
  g_autofree float *values = read_after (blend, row);
  g_autofree float *ink = g_new (float, (gsize) image->width * 3);
  const float      *before = row_of (image, row);
  float            *to = row_of (blend->result, row);

  p2p_drawing_read (blend->drawing, row, ink);
  for (int x = 0; x < image->width; x++, before += image->channels, to += channels)
    {
      const float own = alpha ? before[image->channels - 1] : 1.0f;
      const float whole = strength == 1.0f ? 1.0f : own + strength * (1.0f - own);
      const float share = whole > 0.0f ? strength / whole : 0.0f;
      float       given[3];

      find_colour (blend, NULL, values + x * c, given);
      for (int k = 0; k < 3; k++)
        {
          const float picture = before[colour ? k : 0];
          const float merged = p2p_drawing_over (blend->drawing, given[k], ink[3 * x + k]);

          to[k] = strength == 1.0f ? merged : picture + share * (merged - picture);
        }
      if (alpha)
        to[3] = whole;
    }
}

void
p2p_blend_layers_row (int      row,
                      int      worker,
                      gpointer data)
{
  const P2pBlend   *blend = data;
  const int         width = blend->image->width, c = blend->after.channels;
  const float       paper = blend->drawing->light ? 0.0f : 1.0f;
  g_autofree float *values = read_after (blend, row);
  g_autofree float *ink = g_new (float, (gsize) width * 3);
  float            *to = row_of (blend->result, row);
  float            *lines = blend->lines ? row_of (blend->lines, row) : NULL;

  for (int x = 0; x < width; x++, to += 3)
    {
      find_colour (blend, NULL, values + x * c, to);
      for (int k = 0; k < 3 && blend->strength != 1.0f; k++)
        to[k] = paper + blend->strength * (to[k] - paper);
    }

  if (! lines)
    return;
  p2p_drawing_read (blend->drawing, row, ink);
  for (int x = 0; x < width; x++)
    lines[x] = blend->drawing->light ? 1.0f - ink[3 * x] : ink[3 * x];
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "blend.h"
#include "pictures/color.h"

/* Finds the color that the network gives to one pixel: three sRGB-encoded values, which are equal
 * if the output is gray.  The network's values of the pixel are in after.  rgb is the picture's
 * pixel.  It is read only with P2P_OUTPUT_LAB_AB, for the lightness; otherwise it may be NULL. */
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

/* Adjacent pixels of one row. */
typedef struct
{
  int    x, n;
  float  after[P2P_PIECE];   /* the network's planes [n, channels] */
  float  ink[P2P_PIECE];     /* the drawing's ink [n, 3] */
} Piece;

/* Begins the piece at column x and reads the network's planes into it. */
static void
read_piece (const P2pBlend *blend,
            int             row,
            int             x,
            Piece          *piece)
{
  piece->x = x;
  piece->n = p2p_piece (blend->image->width - x, MAX (blend->after.channels, 3));
  blend->after.read (blend->after.data, row, x, piece->n, piece->after);
}

/* Calls blend_piece for each piece of a row. */
static void
blend_row (const P2pBlend *blend,
           int             row,
           void          (*blend_piece) (const P2pBlend *blend, int row, Piece *piece))
{
  Piece piece;

  for (int x = 0; x < blend->image->width; x += piece.n)
    {
      read_piece (blend, row, x, &piece);
      blend_piece (blend, row, &piece);
    }
}

static float *
pixel_of (const P2pImage *image,
          int             row,
          int             x)
{
  return image->pixels + ((gsize) row * image->width + x) * image->channels;
}

static void
blend_piece (const P2pBlend *blend,
             int             row,
             Piece          *piece)
{
  const P2pImage *image = blend->image;
  const int       c = blend->after.channels, channels = blend->result->channels;
  const float     strength = blend->strength;
  const gboolean  colour = image->channels >= 3, alpha = image->channels % 2 == 0;
  const gboolean  gives_alpha = blend->output == P2P_OUTPUT_RGBA;
  const float    *after = piece->after, *before = pixel_of (image, row, piece->x);
  float          *to = pixel_of (blend->result, row, piece->x);

  for (int i = 0; i < piece->n; i++, before += image->channels, after += c, to += channels)
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

void
p2p_blend_row (int      row,
               int      worker,
               gpointer data)
{
  blend_row (data, row, blend_piece);
}

/* ---- Below a drawing -------------------------------------------------------------------- */

/* Mixes the picture with merged, the drawing laid over the colors.  merged is opaque; own is the
 * alpha of the picture's pixel, whole the alpha of the result.  Alpha, and the colors multiplied by
 * alpha, change linearly with the strength:
 *
 *   whole         = (1 − strength) · own + strength
 *   whole · color = (1 − strength) · own · picture + strength · merged */
static void
blend_drawing (const P2pBlend *blend,
               int             row,
               Piece          *piece)
{
  const P2pImage *image = blend->image;
  const int       c = blend->after.channels, channels = blend->result->channels;
  const float     strength = blend->strength;
  const gboolean  colour = image->channels >= 3, alpha = image->channels % 2 == 0;
  const float    *before = pixel_of (image, row, piece->x);
  float          *to = pixel_of (blend->result, row, piece->x);

  p2p_drawing_read (blend->drawing, row, piece->x, piece->n, piece->ink);
  for (int i = 0; i < piece->n; i++, before += image->channels, to += channels)
    {
      const float own = alpha ? before[image->channels - 1] : 1.0f;
      const float whole = strength == 1.0f ? 1.0f : own + strength * (1.0f - own);
      const float share = whole > 0.0f ? strength / whole : 0.0f;
      float       given[3];

      find_colour (blend, NULL, piece->after + i * c, given);
      for (int k = 0; k < 3; k++)
        {
          const float picture = before[colour ? k : 0];
          const float merged = p2p_drawing_over (blend->drawing, given[k], piece->ink[3 * i + k]);

          to[k] = strength == 1.0f ? merged : picture + share * (merged - picture);
        }
      if (alpha)
        to[3] = whole;
    }
}

void
p2p_blend_drawing_row (int      row,
                       int      worker,
                       gpointer data)
{
  blend_row (data, row, blend_drawing);
}

static void
blend_layers (const P2pBlend *blend,
              int             row,
              Piece          *piece)
{
  const int   c = blend->after.channels;
  const float paper = blend->drawing->light ? 0.0f : 1.0f;
  float      *to = pixel_of (blend->result, row, piece->x);
  float      *lines = blend->lines ? pixel_of (blend->lines, row, piece->x) : NULL;

  for (int i = 0; i < piece->n; i++, to += 3)
    {
      find_colour (blend, NULL, piece->after + i * c, to);
      for (int k = 0; k < 3 && blend->strength != 1.0f; k++)
        to[k] = paper + blend->strength * (to[k] - paper);
    }

  if (! lines)
    return;
  p2p_drawing_read (blend->drawing, row, piece->x, piece->n, piece->ink);
  for (int i = 0; i < piece->n; i++)
    lines[i] = blend->drawing->light ? 1.0f - piece->ink[3 * i] : piece->ink[3 * i];
}

void
p2p_blend_layers_row (int      row,
                      int      worker,
                      gpointer data)
{
  blend_row (data, row, blend_layers);
}

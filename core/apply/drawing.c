/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "drawing.h"
#include "pictures/color.h"

/* The picture counts as clean if cleaning changes no more than this share of its pixels, such as
 * specks and the edges of a scan. */
#define CLEAN 0.005

void
p2p_drawing_init (P2pDrawing       *drawing,
                  const P2pImage   *image,
                  const P2pLineArt *lines,
                  gboolean          keep_paper,
                  P2pParallel      *parallel)
{
  *drawing = (P2pDrawing) { image, lines, p2p_line_art_is_light (lines),
                            ! keep_paper && p2p_line_art_changed (lines, parallel) > CLEAN };
}

/* Reads the picture itself as ink, so that colored ink keeps its color. */
static void
read_picture (const P2pDrawing *drawing,
              int               row,
              int               first,
              int               n,
              float            *ink)
{
  const P2pImage *image = drawing->image;
  const int       channels = image->channels;
  const float    *from = image->pixels + ((gsize) row * image->width + first) * channels;

  for (int x = 0; x < n; x++, from += channels, ink += 3)
    {
      const float alpha = channels % 2 ? 1.0f : p2p_unit (from[channels - 1]);

      for (int k = 0; k < 3; k++)
        {
          const float value = from[channels >= 3 ? k : 0];

          ink[k] = drawing->light ? 1.0f - alpha * value : alpha * value + (1.0f - alpha);
        }
    }
}

void
p2p_drawing_read (const P2pDrawing *drawing,
                  int               row,
                  int               x,
                  int               n,
                  float            *ink)
{
  const P2pSource lines = p2p_line_art_source (drawing->lines);
  float           values[P2P_PIECE];

  if (! drawing->cleaned)
    {
      read_picture (drawing, row, x, n, ink);
      return;
    }
  lines.read (lines.data, row, x, n, values);
  for (int i = 0; i < 3 * n; i++)
    ink[i] = values[i / 3];
}

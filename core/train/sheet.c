/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pictures/color.h"
#include "sheet.h"

#define GAP 4   /* pixels between pictures */

/* One channel is gray. */
static void
to_rgb (const p2p_real *values,
        int             c,
        gsize           n,
        float          *rgb)
{
  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < 3; k++)
      rgb[3 * i + k] = (values[i * c + k % c] + 1.0f) / 2.0f;
}

/* ab NULL: without colour. */
static void
from_lab (const p2p_real *l,
          const p2p_real *ab,
          gsize           n,
          float          *rgb)
{
  for (gsize i = 0; i < n; i++)
    {
      float lab[3] = { 50.0f * (l[i] + 1.0f), ab ? 110.0f * ab[2 * i] : 0.0f,
                       ab ? 110.0f * ab[2 * i + 1] : 0.0f };

      p2p_lab_to_rgb (lab, rgb + 3 * i);
      for (int k = 0; k < 3; k++)
        rgb[3 * i + k] = CLAMP (rgb[3 * i + k], 0.0f, 1.0f);
    }
}

void
p2p_rgb_of_input (const P2pDataKind *kind,
                  const p2p_real    *a,
                  gsize              n,
                  float             *rgb)
{
  if (kind->input == P2P_INPUT_LAB_L)
    from_lab (a, NULL, n, rgb);
  else
    to_rgb (a, p2p_inputs[kind->input].channels, n, rgb);
}

void
p2p_rgb_of_output (const P2pDataKind *kind,
                   const p2p_real    *a,
                   const p2p_real    *b,
                   gsize              n,
                   float             *rgb)
{
  if (kind->output == P2P_OUTPUT_LAB_AB)
    from_lab (a, b, n, rgb);
  else
    to_rgb (b, p2p_outputs[kind->output].channels, n, rgb);
}

P2pImage *
p2p_sheet_new (int rows,
               int columns,
               int side)
{
  P2pImage *sheet = p2p_image_new (columns * (side + GAP) - GAP, rows * (side + GAP) - GAP, 3);

  for (gsize i = 0; i < (gsize) sheet->width * sheet->height * 3; i++)
    sheet->pixels[i] = 1.0f;
  return sheet;
}

void
p2p_sheet_put (P2pImage    *sheet,
               int          side,
               int          row,
               int          column,
               const float *rgb)
{
  float *to = sheet->pixels
              + ((gsize) row * (side + GAP) * sheet->width + column * (side + GAP)) * 3;

  for (int y = 0; y < side; y++)
    memcpy (to + (gsize) y * sheet->width * 3, rgb + (gsize) y * side * 3,
            side * 3 * sizeof (float));
}

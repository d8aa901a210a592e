/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pictures/color.h"
#include "sheet.h"

#define GAP 4   /* pixels between pictures */

/* The first c of stride values of a pixel as colors; one channel is gray. */
static void
to_rgb (const p2p_real *values,
        int             stride,
        int             c,
        gsize           n,
        float          *rgb)
{
  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < 3; k++)
      rgb[3 * i + k] = (values[i * stride + (c < 3 ? 0 : k)] + 1.0f) / 2.0f;
}

/* The first of stride values is the lightness.  ab, of ab_stride values, NULL: without color. */
static void
from_lab (const p2p_real *l,
          int             stride,
          const p2p_real *ab,
          int             ab_stride,
          gsize           n,
          float          *rgb)
{
  for (gsize i = 0; i < n; i++)
    {
      float lab[3] = { 50.0f * (l[i * stride] + 1.0f), ab ? 110.0f * ab[i * ab_stride] : 0.0f,
                       ab ? 110.0f * ab[i * ab_stride + 1] : 0.0f };

      p2p_lab_to_rgb (lab, rgb + 3 * i);
      for (int k = 0; k < 3; k++)
        rgb[3 * i + k] = CLAMP (rgb[3 * i + k], 0.0f, 1.0f);
    }
}

/* Lays the hints over the picture as an artist sees them. */
static void
put_hints (const P2pInputs *inputs,
           const p2p_real  *a,
           gsize            n,
           float           *rgb)
{
  const gboolean    ab = p2p_inputs_have (inputs, P2P_PLANE_HINT_AB);
  const int         stride = p2p_inputs_channels (inputs);
  const int         mask = p2p_inputs_offset (inputs, P2P_PLANE_HINT_MASK);
  const int         color = p2p_inputs_offset (inputs, ab ? P2P_PLANE_HINT_AB
                                                          : P2P_PLANE_HINT_RGB);
  g_autofree float *hints = NULL;

  if (mask < 0 || color < 0)
    return;
  hints = g_new (float, 3 * n);
  if (ab)
    from_lab (a, stride, a + color, stride, n, hints);
  else
    to_rgb (a + color, stride, 3, n, hints);
  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < 3; k++)
      rgb[3 * i + k] += (a[i * stride + mask] + 1.0f) / 2.0f * (hints[3 * i + k] - rgb[3 * i + k]);
}

void
p2p_rgb_of_input (const P2pDataKind *kind,
                  const p2p_real    *a,
                  gsize              n,
                  float             *rgb)
{
  const P2pPlaneKind first = kind->inputs.kinds[0];
  const int          stride = p2p_inputs_channels (&kind->inputs);

  if (first == P2P_PLANE_LAB_L)
    from_lab (a, stride, NULL, 0, n, rgb);
  else
    to_rgb (a, stride, p2p_plane_kinds[first].channels, n, rgb);
  put_hints (&kind->inputs, a, n, rgb);
}

void
p2p_rgb_of_output (const P2pDataKind *kind,
                   const p2p_real    *a,
                   const p2p_real    *b,
                   gsize              n,
                   float             *rgb)
{
  const int c = p2p_outputs[kind->output].channels;

  if (kind->output == P2P_OUTPUT_LAB_AB)
    from_lab (a, p2p_inputs_channels (&kind->inputs), b, c, n, rgb);
  else
    to_rgb (b, c, c, n, rgb);
}

P2pImage *
p2p_sheet_new (int      rows,
               int      columns,
               int      w,
               int      h,
               GError **error)
{
  P2pImage *sheet = p2p_image_try_new (columns * (w + GAP) - GAP, rows * (h + GAP) - GAP, 3, error);

  for (gsize i = 0; sheet && i < (gsize) sheet->width * sheet->height * 3; i++)
    sheet->pixels[i] = 1.0f;
  return sheet;
}

void
p2p_sheet_put (P2pImage    *sheet,
               int          w,
               int          h,
               int          row,
               int          column,
               const float *rgb)
{
  float *to = sheet->pixels
              + ((gsize) row * (h + GAP) * sheet->width + column * (w + GAP)) * 3;

  for (int y = 0; y < h; y++)
    memcpy (to + (gsize) y * sheet->width * 3, rgb + (gsize) y * w * 3, w * 3 * sizeof (float));
}

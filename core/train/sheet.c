/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pictures/color.h"
#include "sheet.h"

#define GAP 4   /* pixels between pictures */

/* Turns n pixels of stride values each, in [−1, 1], into rgb [n,3].  The first c values are the
 * colors; fewer than 3 are gray. */
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

/* Turns n pixels of Lab into rgb [n,3].  l has stride values for each pixel, the lightness first.
 * ab has ab_stride values for each pixel, a and b first; NULL: the result is gray. */
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

/* Lays the hints of a network's input over the picture, as an artist sees them. */
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

  if (mask < 0 || color < 0)
    return;
  for (gsize i = 0; i < n; i++, a += stride, rgb += 3)
    {
      float hint[3];

      if (ab)
        from_lab (a, stride, a + color, stride, 1, hint);
      else
        to_rgb (a + color, stride, 3, 1, hint);
      for (int k = 0; k < 3; k++)
        rgb[k] += (a[mask] + 1.0f) / 2.0f * (hint[k] - rgb[k]);
    }
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

static P2pImage *
white (int      width,
       int      height,
       GError **error)
{
  P2pImage *sheet = p2p_image_try_new (width, height, 3, error);

  for (gsize i = 0; sheet && i < (gsize) width * height * 3; i++)
    sheet->pixels[i] = 1.0f;
  return sheet;
}

/* Copies rgb [h,w,3] to the sheet, with its top left corner at x, y. */
static void
put (P2pImage    *sheet,
     int          x,
     int          y,
     int          w,
     int          h,
     const float *rgb)
{
  for (int row = 0; row < h; row++)
    memcpy (sheet->pixels + ((gsize) (y + row) * sheet->width + x) * 3, rgb + (gsize) row * w * 3,
            w * 3 * sizeof (float));
}

P2pImage *
p2p_sheet_row (int                 w,
               int                 h,
               const float *const *rgb,
               int                 n,
               GError            **error)
{
  P2pImage *row = white (n * (w + GAP) - GAP, h, error);

  for (int i = 0; row && i < n; i++)
    put (row, i * (w + GAP), 0, w, h, rgb[i]);
  return row;
}

P2pImage *
p2p_sheet_stack (const GPtrArray  *rows,
                 GError          **error)
{
  P2pImage *sheet;
  int       width = 1, height = rows->len ? -GAP : 1, y = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const P2pImage *row = rows->pdata[i];

      width = MAX (width, row->width);
      height += row->height + GAP;
    }
  sheet = white (width, height, error);
  for (guint i = 0; sheet && i < rows->len; i++)
    {
      const P2pImage *row = rows->pdata[i];

      put (sheet, 0, y, row->width, row->height, row->pixels);
      y += row->height + GAP;
    }
  return sheet;
}

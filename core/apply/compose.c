/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The named inputs of networks.  To add one: its row in card.h's P2pInput and its row here. */

#include <string.h>

#include "compose.h"
#include "pictures/color.h"
#include "pictures/transparency.h"

struct _P2pCompose
{
  const P2pCard    *card;
  const P2pImage   *image;
  const P2pPalette *palette;      /* NULL: colours stay */
  P2pExtension     *extension;    /* NULL: nothing is filled in */
};

/* ---- Inputs ----------------------------------------------------------------------------- */

static void
keep (const float *rgb,
      float       *to)
{
  for (int k = 0; k < 3; k++)
    to[k] = CLAMP (rgb[k], 0.0f, 1.0f);
}

/* One channel from colours as the public data sets make it: ITU-R BT.601 luma. */
static void
luma (const float *rgb,
      float       *to)
{
  float y = rgb[0] == rgb[1] && rgb[1] == rgb[2]
            ? rgb[0] : 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];

  to[0] = CLAMP (y, 0.0f, 1.0f);
}

static void
lightness (const float *rgb,
           float       *to)
{
  float l = p2p_lab_lightness (rgb) / 100.0f;

  to[0] = CLAMP (l, 0.0f, 1.0f);
}

static const struct
{
  void   (* convert) (const float *rgb, float *to);
  P2pFilter filter;
  gboolean  on_white;     /* else colours are extended under transparency */
}
kinds[] =
{
  [P2P_INPUT_RGB]    = { keep,      P2P_CUBIC },
  [P2P_INPUT_GRAY]   = { luma,      P2P_CUBIC },
  [P2P_INPUT_LABELS] = { keep,      P2P_NEAREST, .on_white = TRUE },
  [P2P_INPUT_LAB_L]  = { lightness, P2P_CUBIC },
};

P2pFilter
p2p_compose_filter (const P2pCard *card,
                    gboolean       snapped)
{
  return snapped ? P2P_NEAREST : kinds[card->input].filter;
}

/* ---- Pixels ----------------------------------------------------------------------------- */

/* Over white.  What was snapped stays a label: transparency by half or more is white. */
static void
put_on_white (float    *rgb,
              float     alpha,
              gboolean  snapped)
{
  if (snapped)
    alpha = alpha > 0.5f ? 1.0f : 0.0f;
  for (int k = 0; k < 3; k++)
    rgb[k] = alpha * rgb[k] + (1.0f - alpha);
}

static void
read_pixels (gconstpointer data,
             int           y,
             int           x,
             int           n,
             float        *to)
{
  const P2pCompose *compose = data;
  const int         channels = compose->image->channels, c = compose->card->options.input_nc;
  const gboolean    colour = channels >= 3, alpha = channels % 2 == 0;
  const float      *from = compose->image->pixels
                           + ((gsize) y * compose->image->width + x) * channels;

  for (int i = 0; i < n; i++, from += channels, to += c)
    {
      float rgb[3] = { from[0], from[colour ? 1 : 0], from[colour ? 2 : 0] };

      if (compose->extension && from[channels - 1] <= 0.0f)
        {
          memcpy (to, p2p_extension_at (compose->extension, y, x + i), c * sizeof (float));
          continue;
        }
      if (compose->palette)
        memcpy (rgb, p2p_palette_nearest (compose->palette, rgb), sizeof rgb);
      if (alpha && kinds[compose->card->input].on_white)
        put_on_white (rgb, from[channels - 1], compose->palette != NULL);
      kinds[compose->card->input].convert (rgb, to);
    }
}

P2pCompose *
p2p_compose_new (const P2pCard    *card,
                 const P2pImage   *image,
                 const P2pPalette *palette,
                 P2pParallel      *parallel)
{
  P2pCompose *compose = g_new0 (P2pCompose, 1);
  P2pSource   source = { image->width, image->height, card->options.input_nc, read_pixels,
                         compose };

  *compose = (P2pCompose) { card, image, palette };
  if (image->channels % 2 == 0 && ! kinds[card->input].on_white)
    compose->extension = p2p_extension_new (&source, image, parallel);
  return compose;
}

void
p2p_compose_free (P2pCompose *compose)
{
  if (! compose)
    return;
  p2p_extension_free (compose->extension);
  g_free (compose);
}

P2pSource
p2p_compose_source (const P2pCompose *compose)
{
  return (P2pSource) { compose->image->width, compose->image->height,
                       compose->card->options.input_nc, read_pixels, compose };
}

guint64
p2p_compose_bytes (const P2pCard *card,
                   int            width,
                   int            height,
                   gboolean       alpha)
{
  if (! alpha || kinds[card->input].on_white)
    return 0;

  /* A quarter, a sixteenth and so on of the picture: a third; and a bit of rounding up. */
  return ((guint64) width * height / 3 + width + height)
         * (card->options.input_nc * sizeof (float) + 1);
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The named inputs of networks.  To add one: its row in card.h's P2pInput and its case here. */

#include "compose.h"

P2pFilter
p2p_compose_filter (const P2pCard *card)
{
  return card->input == P2P_INPUT_LABELS ? P2P_NEAREST : P2P_CUBIC;
}

int
p2p_mirror (int i,
            int n)
{
  int period = 2 * (n - 1);

  if (n == 1)
    return 0;
  i %= period;
  return i < n ? i : period - i;
}

/* ---- Transparency ----------------------------------------------------------------------- */

/* Extends colours into places that are not known: a picture of half the size holds the mean of
 * what is known, is extended itself, and fills what is not (push and pull: Gortler et al., The
 * Lumigraph, 1996, section 3.4).  known [height, width]. */
static void
extend (P2pPlanes *planes,
        gboolean  *known)
{
  int                   w = planes->width, h = planes->height, c = planes->channels;
  int                   half_w = (w + 1) / 2, half_h = (h + 1) / 2;
  g_autoptr (P2pPlanes) half = NULL;
  g_autofree gboolean  *half_known = NULL;

  if (w == 1 && h == 1)
    return;

  half = p2p_planes_new (half_w, half_h, c);
  half_known = g_new0 (gboolean, (gsize) half_w * half_h);
  for (int y = 0; y < half_h; y++)
    for (int x = 0; x < half_w; x++)
      {
        float *to = half->values + ((gsize) y * half_w + x) * c;
        int    n = 0;

        for (int k = 0; k < c; k++)
          to[k] = 0.0f;
        for (int i = 2 * y; i < MIN (2 * y + 2, h); i++)
          for (int j = 2 * x; j < MIN (2 * x + 2, w); j++)
            if (known[(gsize) i * w + j])
              {
                for (int k = 0; k < c; k++)
                  to[k] += planes->values[((gsize) i * w + j) * c + k];
                n++;
              }
        for (int k = 0; k < c && n; k++)
          to[k] /= n;
        half_known[(gsize) y * half_w + x] = n > 0;
      }

  extend (half, half_known);
  for (gsize i = 0; i < (gsize) w * h; i++)
    if (! known[i])
      for (int k = 0; k < c; k++)
        planes->values[i * c + k] =
          half->values[((gsize) (i / w / 2) * half_w + i % w / 2) * c + k];
}

static void
extend_opaque (P2pPlanes      *planes,
               const P2pImage *image)
{
  gsize                n = (gsize) image->width * image->height, n_hidden = 0;
  g_autofree gboolean *known = g_new (gboolean, n);

  for (gsize i = 0; i < n; i++)
    {
      known[i] = image->pixels[(i + 1) * image->channels - 1] > 0.0f;
      n_hidden += ! known[i];
    }
  if (n_hidden && n_hidden < n)
    extend (planes, known);
}

static void
put_on_white (P2pPlanes      *planes,
              const P2pImage *image)
{
  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    {
      float alpha = image->pixels[(i + 1) * image->channels - 1];

      for (int k = 0; k < planes->channels; k++)
        {
          float *value = &planes->values[i * planes->channels + k];

          *value = alpha * *value + (1.0f - alpha);
        }
    }
}

/* ---- Colours ---------------------------------------------------------------------------- */

/* One channel from colours as the public data sets make it: ITU-R BT.601 luma. */
static float
luma (const float *rgb)
{
  return 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
}

typedef struct
{
  const P2pImage *image;
  P2pPlanes      *planes;
} Compose;

static void
compose_row (int      row,
             int      worker,
             gpointer data)
{
  const Compose *run = data;
  const int      from_n = run->image->channels, to_n = run->planes->channels;
  const float   *from = run->image->pixels + (gsize) row * run->image->width * from_n;
  float         *to = run->planes->values + (gsize) row * run->image->width * to_n;

  for (int i = 0; i < run->image->width; i++, from += from_n, to += to_n)
    for (int k = 0; k < to_n; k++)
      to[k] = CLAMP (from_n < 3 ? from[0] : to_n == 1 ? luma (from) : from[k], 0.0f, 1.0f);
}

P2pPlanes *
p2p_compose (const P2pCard  *card,
             const P2pImage *image,
             P2pParallel    *parallel)
{
  gboolean   alpha = image->channels % 2 == 0;
  P2pPlanes *planes = p2p_planes_new (image->width, image->height, card->options.input_nc);

  p2p_parallel_for (parallel, image->height, compose_row, &(Compose) { image, planes });
  if (alpha && card->input == P2P_INPUT_LABELS)
    put_on_white (planes, image);
  else if (alpha)
    extend_opaque (planes, image);

  return planes;
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Samples that are no numbers: pictures of floating point numbers, such as renderings, may have
 * NaN and infinity in them, which neither networks nor color spaces can work with.
 *
 * Holes are filled in rings, from their edges inwards.  While that goes on, a sample that waits for
 * its turn is infinite when it is in the list for the next ring, and NaN when it is not yet. */

#include <math.h>

#include "p2p.h"

/* Where the samples of the same channel around a sample are: up to 8; returns how many. */
static int
find_neighbors (const P2pImage *image,
                gsize           at,
                gsize          *found)
{
  const int   channel = at % image->channels;
  const gsize pixel   = at / image->channels;
  const int   x0 = pixel % image->width, y0 = pixel / image->width;
  int         n = 0;

  for (int y = MAX (y0 - 1, 0); y <= MIN (y0 + 1, image->height - 1); y++)
    for (int x = MAX (x0 - 1, 0); x <= MIN (x0 + 1, image->width - 1); x++)
      if (x != x0 || y != y0)
        found[n++] = ((gsize) y * image->width + x) * image->channels + channel;
  return n;
}

/* NaN when no neighbor is a number. */
static float
mean_around (const P2pImage *image,
             gsize           at)
{
  gsize     neighbors[8];
  const int n   = find_neighbors (image, at, neighbors);
  double    sum = 0.0;
  int       numbers = 0;

  for (int i = 0; i < n; i++)
    if (isfinite (image->pixels[neighbors[i]]))
      {
        sum += image->pixels[neighbors[i]];
        numbers++;
      }
  return sum / numbers;
}

/* Fills the samples of a ring and gives the next one, inside of it. */
static GArray *
fill_ring (P2pImage     *image,
           const GArray *ring)
{
  GArray           *next   = g_array_new (FALSE, FALSE, sizeof (gsize));
  const gsize      *places = (const gsize *) ring->data;
  g_autofree float *means  = g_new (float, ring->len);

  for (guint i = 0; i < ring->len; i++)
    means[i] = mean_around (image, places[i]);
  for (guint i = 0; i < ring->len; i++)
    image->pixels[places[i]] = means[i];

  for (guint i = 0; i < ring->len; i++)
    {
      gsize     neighbors[8];
      const int n = find_neighbors (image, places[i], neighbors);

      for (int k = 0; k < n; k++)
        if (isnan (image->pixels[neighbors[k]]))
          {
            image->pixels[neighbors[k]] = INFINITY;
            g_array_append_val (next, neighbors[k]);
          }
    }
  return next;
}

gsize
p2p_image_mend (P2pImage *image)
{
  const gsize        n     = (gsize) image->width * image->height * image->channels;
  const int          alpha = image->channels % 2 ? -1 : image->channels - 1;
  gsize              bad   = 0;
  g_autoptr (GArray) ring  = NULL;

  for (gsize i = 0; i < n; i++)
    if (! isfinite (image->pixels[i]))
      {
        image->pixels[i] = NAN;
        bad++;
      }
  if (bad == 0)
    return 0;

  ring = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (gsize i = 0; i < n; i++)
    if (isnan (image->pixels[i]) && ! isnan (mean_around (image, i)))
      g_array_append_val (ring, i);

  while (ring->len > 0)
    {
      GArray *next = fill_ring (image, ring);

      g_array_unref (ring);
      ring = next;
    }

  /* Channels without any number are left. */
  for (gsize i = 0; i < n; i++)
    if (isnan (image->pixels[i]))
      image->pixels[i] = (int) (i % image->channels) == alpha;
  return bad;
}

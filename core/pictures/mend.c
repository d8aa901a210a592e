/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Replaces samples that are NaN or infinite, called holes.  Pictures with floating-point samples,
 * such as renderings, may contain them, but neither networks nor color conversions can work with
 * them.
 *
 * Holes are filled in rings, from their edges inward.  Meanwhile a sample that is not yet filled is
 * infinite if it is in the list for the next ring, and NaN if it is in no list yet. */

#include <math.h>

#include "base/memory.h"
#include "p2p.h"

/* Finds the indices of the samples of the same channel in the up to 8 pixels around sample at.
 * Returns how many there are. */
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

/* Returns the mean of the neighbors that are finite; NaN if none is. */
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

/* Fills one ring, the samples whose indices are places [begin, end), and appends the samples of the
 * next ring, inside of it, to places.  Returns the end of places.  means has room for as many
 * values as places. */
static gsize
fill_ring (P2pImage *image,
           gsize    *places,
           gsize     begin,
           gsize     end,
           float    *means)
{
  gsize last = end;

  for (gsize i = begin; i < end; i++)
    means[i] = mean_around (image, places[i]);
  for (gsize i = begin; i < end; i++)
    image->pixels[places[i]] = means[i];

  for (gsize i = begin; i < end; i++)
    {
      gsize     neighbors[8];
      const int n = find_neighbors (image, places[i], neighbors);

      for (int k = 0; k < n; k++)
        if (isnan (image->pixels[neighbors[k]]))
          {
            image->pixels[neighbors[k]] = INFINITY;
            places[last++] = neighbors[k];
          }
    }
  return last;
}

gboolean
p2p_image_mend (P2pImage  *image,
                gsize     *n_mended,
                GError   **error)
{
  const gsize       n      = (gsize) image->width * image->height * image->channels;
  const int         alpha  = image->channels % 2 ? -1 : image->channels - 1;
  g_autofree gsize *places = NULL;
  g_autofree float *means  = NULL;
  gsize             begin  = 0, end = 0;

  *n_mended = 0;
  for (gsize i = 0; i < n; i++)
    *n_mended += ! isfinite (image->pixels[i]);
  if (*n_mended == 0)
    return TRUE;

  places = p2p_try_new (gsize, *n_mended, error);
  means = places ? p2p_try_new (float, *n_mended, error) : NULL;
  if (! means)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    if (! isfinite (image->pixels[i]))
      image->pixels[i] = NAN;
  for (gsize i = 0; i < n; i++)
    if (isnan (image->pixels[i]) && ! isnan (mean_around (image, i)))
      places[end++] = i;
  while (begin < end)
    {
      const gsize last = fill_ring (image, places, begin, end, means);

      begin = end;
      end = last;
    }

  /* Only channels without any finite sample still have holes. */
  for (gsize i = 0; i < n; i++)
    if (isnan (image->pixels[i]))
      image->pixels[i] = (int) (i % image->channels) == alpha;
  return TRUE;
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Push and pull (Gortler et al., The Lumigraph, 1996, section 3.4): each level of a pyramid holds
 * the mean of what is known in the four places of the level below, down to a single place; then,
 * from there up, each level fills what it does not know from the smaller one.  The picture itself
 * is the lowest level and is not copied. */

#include <string.h>

#include "transparency.h"

typedef struct
{
  P2pPlanes *planes;
  guint8    *known;     /* [height, width] */
} Level;

struct _P2pExtension
{
  const P2pSource *colours;   /* while the pyramid is made */
  const P2pImage  *image;
  int              n;         /* levels above the picture */
  Level            levels[32];
  int              at;        /* the level that is being made */
};

static gboolean
is_opaque (const P2pImage *image,
           int             y,
           int             x)
{
  return image->pixels[((gsize) y * image->width + x + 1) * image->channels - 1] > 0.0f;
}

/* ---- Whether there is anything to do ---------------------------------------------------- */

typedef struct
{
  const P2pImage *image;
  int            *n_opaque;   /* of each row */
} Count;

static void
count_row (int      row,
           int      worker,
           gpointer data)
{
  const Count *run = data;

  for (int x = 0; x < run->image->width; x++)
    run->n_opaque[row] += is_opaque (run->image, row, x);
}

static gboolean
has_both (const P2pImage *image,
          P2pParallel    *parallel)
{
  g_autofree int *n_opaque = g_new0 (int, image->height);
  gsize           n = 0;

  p2p_parallel_for (parallel, image->height, count_row, &(Count) { image, n_opaque });
  for (int y = 0; y < image->height; y++)
    n += n_opaque[y];
  return n && n < (gsize) image->width * image->height;
}

/* ---- The pyramid ------------------------------------------------------------------------ */

/* Adds up the known places [2·x, 2·x + 2) of a row of the level below. */
static int
add_pair (const float  *from,
          const guint8 *known,
          int           n,
          int           c,
          float        *to)
{
  int count = 0;

  for (int i = 0; i < n; i++)
    if (known[i])
      {
        for (int k = 0; k < c; k++)
          to[k] += from[i * c + k];
        count++;
      }
  return count;
}

/* A row of the level below: of the picture, or of a level. */
static void
read_below (const P2pExtension *extension,
            int                 y,
            float              *values,
            guint8             *known)
{
  const P2pImage *image = extension->image;
  const Level    *below;
  P2pSource       source;

  if (extension->at == 0)
    {
      extension->colours->read (extension->colours->data, y, 0, image->width, values);
      for (int x = 0; x < image->width; x++)
        known[x] = is_opaque (image, y, x);
      return;
    }

  below = &extension->levels[extension->at - 1];
  source = p2p_planes_source (below->planes);
  source.read (source.data, y, 0, source.width, values);
  memcpy (known, below->known + (gsize) y * source.width, source.width);
}

static void
reduce_row (int      row,
            int      worker,
            gpointer data)
{
  const P2pExtension *extension = data;
  const Level        *level = &extension->levels[extension->at];
  const P2pPlanes    *planes = level->planes;
  const gboolean      first = extension->at == 0;
  const Level        *below = first ? NULL : level - 1;
  const int           c = planes->channels;
  const int           width = first ? extension->image->width : below->planes->width;
  const int           height = first ? extension->image->height : below->planes->height;
  g_autofree float   *values = g_new (float, (gsize) width * c);
  g_autofree guint8  *known = g_new (guint8, width);
  g_autofree int     *count = g_new0 (int, planes->width);
  float              *to = planes->values + (gsize) row * planes->width * c;

  memset (to, 0, (gsize) planes->width * c * sizeof (float));
  for (int y = 2 * row; y < MIN (2 * row + 2, height); y++)
    {
      read_below (extension, y, values, known);
      for (int x = 0; x < planes->width; x++)
        count[x] += add_pair (values + 2 * x * c, known + 2 * x, MIN (2, width - 2 * x), c,
                              to + x * c);
    }
  for (int x = 0; x < planes->width; x++)
    {
      for (int k = 0; k < c && count[x]; k++)
        to[x * c + k] /= count[x];
      level->known[(gsize) row * planes->width + x] = count[x] > 0;
    }
}

static const float *
above (const Level *level,
       int          y,
       int          x)
{
  const P2pPlanes *planes = level->planes;

  return planes->values + ((gsize) (y / 2) * planes->width + x / 2) * planes->channels;
}

static void
fill_row (int      row,
          int      worker,
          gpointer data)
{
  const P2pExtension *extension = data;
  const Level        *level = &extension->levels[extension->at];
  const P2pPlanes    *planes = level->planes;
  const int           c = planes->channels;

  for (int x = 0; x < planes->width; x++)
    {
      gsize i = (gsize) row * planes->width + x;

      if (! level->known[i])
        memcpy (planes->values + i * c, above (level + 1, row, x), c * sizeof (float));
    }
}

P2pExtension *
p2p_extension_new (const P2pSource *colours,
                   const P2pImage  *image,
                   P2pParallel     *parallel)
{
  P2pExtension *extension;
  int           w = image->width, h = image->height;

  if (! has_both (image, parallel))
    return NULL;

  extension = g_new0 (P2pExtension, 1);
  extension->colours = colours;
  extension->image = image;
  for (extension->at = 0; w > 1 || h > 1; extension->at++)
    {
      Level *level = &extension->levels[extension->at];

      w = (w + 1) / 2;
      h = (h + 1) / 2;
      level->planes = p2p_planes_new (w, h, colours->channels);
      level->known = g_new (guint8, (gsize) w * h);
      p2p_parallel_for (parallel, h, reduce_row, extension);
    }
  extension->n = extension->at;
  for (extension->at = extension->n - 2; extension->at >= 0; extension->at--)
    p2p_parallel_for (parallel, extension->levels[extension->at].planes->height, fill_row,
                      extension);
  return extension;
}

void
p2p_extension_free (P2pExtension *extension)
{
  if (! extension)
    return;
  for (int i = 0; i < extension->n; i++)
    {
      p2p_planes_free (extension->levels[i].planes);
      g_free (extension->levels[i].known);
    }
  g_free (extension);
}

const float *
p2p_extension_at (const P2pExtension *extension,
                  int                 y,
                  int                 x)
{
  return above (&extension->levels[0], y, x);
}

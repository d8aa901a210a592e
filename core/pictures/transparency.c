/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pull and push (Gortler et al., The Lumigraph, 1996, section 3.4) with a pyramid of levels.  Each
 * level has half of the sides of the level below it, rounded up; level 0 has half of the sides of
 * the picture, and the last level has a single place.
 *
 * Pull makes the levels from level 0 up.  A place gets the mean of the known ones among the four
 * places below it; if none is known, the place itself is unknown.  Push goes down again: an unknown
 * place takes the value of the place above it.  The picture itself is not copied; the value of a
 * fully transparent pixel is read from level 0.  In this example the unknown places are dots:
 *
 *   picture               level 0       level 1     level 2
 *
 *   . . 2 4 . . . .
 *   . . . 6 . . . .       . 4 . .
 *   . . . . . . . .       . . . .       4 .
 *   . . . . . . . .   →   . . . .   →   . 8   →     6           pull
 *   . . . . . . . .       . . . 8
 *   . . . . . . . .
 *   . . . . . . . .
 *   . . . . . . . 8
 *
 *   4 4 2 4 6 6 6 6
 *   4 4 4 6 6 6 6 6       4 4 6 6
 *   4 4 4 4 6 6 6 6       4 4 6 6       4 6
 *   4 4 4 4 6 6 6 6   ←   6 6 8 8   ←   6 8   ←     6           push
 *   6 6 6 6 8 8 8 8       6 6 8 8
 *   6 6 6 6 8 8 8 8
 *   6 6 6 6 8 8 8 8
 *   6 6 6 6 8 8 8 8 */

#include <string.h>

#include "base/memory.h"
#include "transparency.h"

typedef struct
{
  P2pPlanes *planes;
  guint8    *known;     /* [height, width]: whether pull gave a place a value */
} Level;

struct _P2pExtension
{
  const P2pSource *colours;   /* this, image and at are valid only while the pyramid is made */
  const P2pImage  *image;
  int              n;         /* number of levels */
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

/* ---- Whether there is anything to fill -------------------------------------------------- */

typedef struct
{
  const P2pImage *image;
  gint            any_opaque, any_transparent;   /* atomic */
} Count;

static void
count_row (int      row,
           int      worker,
           gpointer data)
{
  Count     *run = data;
  const int  width = run->image->width;
  int        n_opaque = 0;

  for (int x = 0; x < width; x++)
    n_opaque += is_opaque (run->image, row, x);
  if (n_opaque > 0)
    g_atomic_int_set (&run->any_opaque, TRUE);
  if (n_opaque < width)
    g_atomic_int_set (&run->any_transparent, TRUE);
}

static gboolean
has_both (const P2pImage *image,
          P2pParallel    *parallel)
{
  Count run = { image };

  p2p_parallel_for (parallel, image->height, count_row, &run);
  return run.any_opaque && run.any_transparent;
}

/* ---- The pyramid ------------------------------------------------------------------------ */

/* Adds up into to [c] those of the places from [n, c] that are known; n is 1 or 2.  Returns how
 * many are known. */
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

/* Reads n places, from place x on, of row y below the level that is being made, which is a row of
 * the picture or of a level. */
static void
read_below (const P2pExtension *extension,
            int                 y,
            int                 x,
            int                 n,
            float              *values,
            guint8             *known)
{
  const P2pImage *image = extension->image;
  const Level    *below;
  P2pSource       source;

  if (extension->at == 0)
    {
      extension->colours->read (extension->colours->data, y, x, n, values);
      for (int i = 0; i < n; i++)
        known[i] = is_opaque (image, y, x + i);
      return;
    }

  below = &extension->levels[extension->at - 1];
  source = p2p_planes_source (below->planes);
  source.read (source.data, y, x, n, values);
  memcpy (known, below->known + (gsize) y * source.width + x, n);
}

/* Pull: computes n places of a row, from place first on. */
static void
reduce (const P2pExtension *extension,
        int                 row,
        int                 first,
        int                 n)
{
  const Level     *level = &extension->levels[extension->at];
  const P2pPlanes *planes = level->planes;
  const gboolean   lowest = extension->at == 0;
  const int        c = planes->channels;
  const int        width = lowest ? extension->image->width : level[-1].planes->width;
  const int        height = lowest ? extension->image->height : level[-1].planes->height;
  const gsize      at = (gsize) row * planes->width + first;
  float           *to = planes->values + at * c;
  float            values[P2P_PIECE];
  guint8           known[P2P_PIECE], count[P2P_PIECE] = { 0 };

  memset (to, 0, (gsize) n * c * sizeof (float));
  for (int y = 2 * row; y < MIN (2 * row + 2, height); y++)
    {
      read_below (extension, y, 2 * first, MIN (2 * n, width - 2 * first), values, known);
      for (int i = 0; i < n; i++)
        count[i] += add_pair (values + 2 * i * c, known + 2 * i,
                              MIN (2, width - 2 * (first + i)), c, to + i * c);
    }
  for (int i = 0; i < n; i++)
    {
      for (int k = 0; k < c && count[i]; k++)
        to[i * c + k] /= count[i];
      level->known[at + i] = count[i] > 0;
    }
}

static void
reduce_row (int      row,
            int      worker,
            gpointer data)
{
  const P2pExtension *extension = data;
  const P2pPlanes    *planes = extension->levels[extension->at].planes;

  for (int x = 0, n; x < planes->width; x += n)
    {
      n = p2p_piece (planes->width - x, 2 * planes->channels);
      reduce (extension, row, x, n);
    }
}

/* Returns the value [c] of the place in level that lies above place (x, y) of the level below. */
static const float *
above (const Level *level,
       int          y,
       int          x)
{
  const P2pPlanes *planes = level->planes;

  return planes->values + ((gsize) (y / 2) * planes->width + x / 2) * planes->channels;
}

/* Push: fills the unknown places of a row. */
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

gboolean
p2p_extension_new (const P2pSource  *colours,
                   const P2pImage   *image,
                   P2pParallel      *parallel,
                   P2pExtension    **result,
                   GError          **error)
{
  g_autoptr (P2pExtension) extension = NULL;
  int                      w = image->width, h = image->height;

  *result = NULL;
  if (! has_both (image, parallel))
    return TRUE;

  extension = g_new0 (P2pExtension, 1);
  extension->colours = colours;
  extension->image = image;
  for (extension->at = 0; w > 1 || h > 1; extension->at++)
    {
      Level *level = &extension->levels[extension->at];

      w = (w + 1) / 2;
      h = (h + 1) / 2;
      extension->n = extension->at + 1;
      level->planes = p2p_planes_new (w, h, colours->channels, error);
      level->known = level->planes ? p2p_try_new (guint8, (gsize) w * h, error) : NULL;
      if (! level->known)
        return FALSE;
      p2p_parallel_for (parallel, h, reduce_row, extension);
    }
  for (extension->at = extension->n - 2; extension->at >= 0; extension->at--)
    p2p_parallel_for (parallel, extension->levels[extension->at].planes->height, fill_row,
                      extension);
  *result = g_steal_pointer (&extension);
  return TRUE;
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

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Small drawings with hints that have one channel of color, for the tests of spreading. */

#pragma once

#include <math.h>

#include "pictures/spread.h"

/* Colors. */
#define PAPER  (-1.0f)
#define NONE   (-2.0f)
#define RED    1.0f
#define BLUE   2.0f

typedef struct
{
  P2pSpread  hints;
  float    *darkness, *colour, *mask;    /* [h, w] */
  float    *spread, *reach;              /* [h, w] */
} Scene;

static inline void
scene_free (Scene *scene)
{
  g_free (scene->darkness);
  g_free (scene->colour);
  g_free (scene->mask);
  g_free (scene->spread);
  g_free (scene->reach);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

/* White paper without hints. */
static inline Scene *
scene_new (int w,
           int h)
{
  static const float paper = PAPER, none = NONE;
  Scene             *scene = g_new (Scene, 1);
  gsize              n = (gsize) w * h;

  *scene = (Scene) { { w, h, 1 }, g_new0 (float, n), g_new0 (float, n), g_new0 (float, n),
                     g_new0 (float, n), g_new0 (float, n) };
  scene->hints.darkness = scene->darkness;
  scene->hints.colour = scene->colour;
  scene->hints.mask = scene->mask;
  scene->hints.paper = &paper;
  scene->hints.none = &none;
  return scene;
}

static inline void
run (Scene *scene)
{
  p2p_spread (&scene->hints, scene->spread, scene->reach, NULL);
}

/* Draws a black box of w × h pixels. */
static inline void
draw_box (Scene *scene,
          int    left,
          int    top,
          int    w,
          int    h)
{
  for (int y = top; y < top + h; y++)
    for (int x = left; x < left + w; x++)
      scene->darkness[y * scene->hints.w + x] = 1.0f;
}

/* Draws a black line around the drawing, so that no pixel of its border is paper. */
static inline void
draw_frame (Scene *scene,
            int    width)
{
  const int w = scene->hints.w, h = scene->hints.h;

  draw_box (scene, 0, 0, w, width);
  draw_box (scene, 0, h - width, w, width);
  draw_box (scene, 0, 0, width, h);
  draw_box (scene, w - width, 0, width, h);
}

static inline double
from_ring (const Scene *scene,
           int          i,
           double       radius)
{
  const int    w = scene->hints.w;
  const double unit = w / 512.0;

  return hypot ((i % w + 0.5) / unit - 256.0, (i / w + 0.5) / unit - 300.0) - radius;
}

/* Draws a circle with the center (256, 300) and a line of 2 pixels.  These lengths are for a
 * drawing of 512 × 512 pixels and are scaled to the size of the scene. */
static inline void
draw_circle (Scene  *scene,
             double  radius)
{
  const int    w = scene->hints.w;
  const double unit = w / 512.0;

  for (int i = 0; i < w * scene->hints.h; i++)
    {
      double covered = (1.0 - fabs (from_ring (scene, i, radius))) * unit + 0.5;

      scene->darkness[i] = MAX (scene->darkness[i], CLAMP (covered, 0.0, 1.0));
    }
}

static inline void
put_dot (Scene *scene,
         int    left,
         int    top,
         int    side,
         float  colour)
{
  for (int y = top; y < top + side; y++)
    for (int x = left; x < left + side; x++)
      {
        scene->colour[y * scene->hints.w + x] = colour;
        scene->mask[y * scene->hints.w + x] = 1.0f;
      }
}

/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Draws a street of house fronts below a sky in the facade model's label colors, of any size, for
 * the tests of large pictures.  No two houses are alike. */

#pragma once

#include "base/random.h"
#include "p2p.h"

enum
{
  BACKGROUND, FACADE, WINDOW, DOOR, CORNICE, SILL, BALCONY, BLIND, DECO, MOLDING, PILLAR, SHOP
};

static inline void
street_rectangle (P2pImage *image,
                  int       label,
                  double    left,
                  double    top,
                  double    width,
                  double    height)
{
  static const guint32 colours[] = { 0x0000de, 0x0030ff, 0x0080ff, 0x01cfff, 0x20ffe0, 0x70fe8e,
                                     0xc0ff3f, 0xfff001, 0xff9f00, 0xff5000, 0xfe0000, 0xae0001 };

  for (int y = MAX (top, 0); y < MIN (top + height, image->height); y++)
    for (int x = MAX (left, 0); x < MIN (left + width, image->width); x++)
      for (int k = 0; k < 3; k++)
        image->pixels[((gsize) y * image->width + x) * 3 + k] =
          (colours[label] >> (16 - 8 * k) & 0xff) / 255.0f;
}

/* A random number in [from, to) for a house. */
static inline double
street_random (int    house,
               int    which,
               double from,
               double to)
{
  return from + (to - from) * p2p_random_uniform (1, house, which);
}

static inline void
street_house (P2pImage *image,
              int       house,
              double    left,
              double    top,
              double    width,
              double    height)
{
  int    floors = street_random (house, 0, 2, 6), columns = street_random (house, 1, 2, 7);
  double floor = 0.9 * height / floors, column = width / columns;
  double w = column * street_random (house, 2, 0.35, 0.7);
  double h = floor * street_random (house, 3, 0.4, 0.7);

  street_rectangle (image, FACADE, left, top, width, height);
  street_rectangle (image, CORNICE, left, top, width, 0.03 * height);
  for (int i = 0; i < floors * columns; i++)
    {
      double x = left + (i % columns + 0.5) * column - w / 2;
      double y = top + 0.07 * height + i / columns * floor;
      int    ground = i / columns == floors - 1;

      street_rectangle (image, ground && house % 3 == 0 ? SHOP : WINDOW, x, y, w, h);
      if (ground && i % columns == columns / 2)
        street_rectangle (image, DOOR, x, y, w, 2 * h);
      else if (house % 2)
        street_rectangle (image, SILL, x - 0.1 * w, y + h, 1.2 * w, 0.1 * h);
      if (house % 4 == 1)
        street_rectangle (image, BLIND, x, y, w, 0.3 * h);
      if (house % 5 == 2 && ! ground)
        street_rectangle (image, BALCONY, x - 0.1 * w, y + 0.7 * h, 1.2 * w, 0.3 * h);
    }
  if (house % 3 == 1)
    street_rectangle (image, MOLDING, left, top + 0.5 * height, width, 0.02 * height);
  if (house % 4 == 2)
    for (int i = 0; i <= columns; i++)
      street_rectangle (image, PILLAR, left + i * column - 3, top, 6, height);
}

static inline P2pImage *
street_draw (int width,
             int height)
{
  P2pImage *image = p2p_image_new (width, height, 3);
  int       house = 0;

  street_rectangle (image, BACKGROUND, 0, 0, width, height);
  for (double y = height - 273; y > 0.35 * height - 273; y -= 273)
    for (double x = 10; x < width; house++)
      {
        double w = street_random (house, 4, 150, 330), h = street_random (house, 5, 190, 255);

        street_house (image, house, x, y + 263 - h, w, h);
        x += w + 7;
      }
  return image;
}

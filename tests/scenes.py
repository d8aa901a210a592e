# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes that stand for photos, drawn for draw-samples.py: a town from above, and a landscape, in
gray, in color and at dusk."""

import functools

import numpy as np
from PIL import Image, ImageDraw

FINE = 4        # drawn pixels for one pixel of the picture, in each direction


def clouds (random, width, height, coarse, octaves=5):
    """Noise of several octaves in 0 … 1.  coarse is the size of its largest features in pixels."""
    total, weight = np.zeros ((height, width)), 0.0
    for octave in range (octaves):
        step = max (1.0, coarse / 2 ** octave)
        shape = int (height / step) + 3, int (width / step) + 3
        small = random.random (shape).astype (np.float32)
        large = Image.fromarray (small).resize ((int (small.shape[1] * step),
                                                 int (small.shape[0] * step)), Image.BICUBIC)
        total += np.asarray (large)[:height, :width] / 2 ** octave
        weight += 1 / 2 ** octave
    return np.clip (total / weight, 0, 1)


def mixed (below, above, mask):
    """Lays the color or picture above over below, as far as mask (0 to 1) says."""
    return below + (np.asarray (above, float) - below) * mask[..., None]


# A town from above

STREETS_X = (20, 96, 172, 248, 324)         # where streets cross, before the town is turned
STREETS_Y = (40, 128, 216, 304)
TOWN, ANGLE = 380, 14                       # pixels a side before the town is turned, and degrees


def houses (random, draw, left, top, right, bottom):
    """Two rows of houses with yards between them, each with its shadow."""
    def box (x, y, width, height, fill):
        draw.rectangle ((x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE), fill=fill)

    for side in (left + 4, right - 17):
        y = top + 4
        while y < bottom - 10:
            height, light = random.uniform (6, 10), int (random.choice ((78, 96, 118, 150, 196)))
            width = random.uniform (10, 14)
            box (side + 1.5, y + 1.5, width, height, (24, 25, 27))
            box (side, y, width, height, (light, light - 2, light - 6))
            if random.random () < 0.5:
                box (side + 2, y + 2, width / 3, height / 3, (light - 26,) * 3)
            y += height + random.uniform (1.5, 4)


def trees (random, draw, n, where):
    for _ in range (n):
        x, y, r = random.uniform (*where[0]), random.uniform (*where[1]), random.uniform (1.5, 4.5)
        green = int (random.integers (34, 58))
        for dx, dy, fill in ((1.2, 1.2, (16, 19, 17)), (0, 0, (green - 10, green, green - 18))):
            draw.ellipse (((x + dx - r) * FINE, (y + dy - r) * FINE,
                           (x + dx + r) * FINE, (y + dy + r) * FINE), fill=fill)


def aerial_town ():
    """Blocks of houses between streets, a park with a ball field, and a river along one side."""
    random = np.random.default_rng (5)
    town = Image.new ('RGB', (TOWN * FINE, TOWN * FINE), (56, 56, 50))
    draw = ImageDraw.Draw (town)
    park = STREETS_X[2], STREETS_Y[1], STREETS_X[3], STREETS_Y[2]
    for left, right in zip ((-60,) + STREETS_X, STREETS_X + (TOWN + 40,)):
        for top, bottom in zip ((-60,) + STREETS_Y, STREETS_Y + (TOWN + 40,)):
            if (left, top, right, bottom) == park:
                draw.rectangle ([v * FINE for v in park], fill=(46, 62, 36))
                draw.ellipse ([v * FINE for v in (left + 34, top + 38, right - 12, bottom - 18)],
                              fill=(104, 88, 66))
                trees (random, draw, 60, ((left + 6, left + 34), (top + 6, bottom - 6)))
                continue
            trees (random, draw, 40, ((left + 18, right - 18), (top + 6, bottom - 6)))
            houses (random, draw, left, top, right, bottom)
    for streets, vertical in ((STREETS_X, True), (STREETS_Y, False)):
        for at in streets:
            width = 6 if at == STREETS_Y[1] else 3.5
            box = ((at - width, -9, at + width, TOWN) if vertical
                   else (-9, at - width, TOWN, at + width))
            draw.rectangle ([v * FINE for v in box], fill=(74, 74, 74))
    turned = town.rotate (ANGLE, Image.BICUBIC)
    corner = (TOWN - 256) // 2 * FINE
    small = turned.crop ((corner, corner, corner + 256 * FINE, corner + 256 * FINE)) \
                  .resize ((256, 256), Image.LANCZOS)
    y, x = np.mgrid[:256, :256]
    bank = np.clip ((x - 232 + 14 * np.sin (y / 46)) / 2, 0, 1)
    picture = np.asarray (small, float) * (0.85 + 0.3 * clouds (random, 256, 256, 60))[..., None]
    picture = mixed (picture, (26, 36, 40), bank)
    picture += random.normal (0, 3, (256, 256, 1))
    return Image.fromarray (np.clip (picture, 0, 255).astype (np.uint8))


# A landscape

WIDTH, HEIGHT = 384, 256


def ridge (random, base, height, coarse):
    """The upper edge of a range of hills, for each column."""
    return base - height * (clouds (random, WIDTH, 1, coarse)[0] - 0.5) * 2


SKY, CLOUD, HAZE, WOOD, WATER, GRASS, LEAF, TRUNK = np.array ((
    (86, 134, 190), (128, 128, 126), (98, 122, 146), (92, 122, 104), (92, 126, 150), (112, 136, 70),
    (98, 132, 62), (122, 104, 86))) / 120


def ink (light, tint):
    """What to draw with: a gray, or a color if there is a tint."""
    return (int (light) if tint is None else
            tuple (int (value) for value in np.clip (light * tint, 0, 255)))


def landscape (colour):
    """Sky with clouds over two ranges of hills, a lake, a meadow, and trees in front."""
    random = np.random.default_rng (11)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype (float)
    puffs = np.clip ((clouds (random, WIDTH, HEIGHT * 2, 130, 6)[::2] - 0.46) * 5, 0, 1)
    white = puffs * np.clip (1.2 - y / 130, 0, 1)
    light = 118 + 80 * y / 140
    light += (232 - light) * white
    tint = mixed (np.broadcast_to (SKY, (HEIGHT, WIDTH, 3)), CLOUD, np.clip (white + y / 400, 0, 1))
    for base, height, coarse, shade, depth, kind in ((118, 46, 120, 138, 14, HAZE),
                                                     (140, 22, 70, 92, 30, WOOD)):
        edge = ridge (random, base, height, coarse)
        inside = np.clip (y - edge[None], 0, 1)
        slope = shade + depth * (clouds (random, WIDTH, HEIGHT, 24, 5) - 0.5) * 2
        light += (slope - light) * inside
        tint = mixed (tint, kind, inside)
    lake = np.clip ((y - 148) / 2, 0, 1) * np.clip ((176 - y) / 2, 0, 1)
    water = 150 + 26 * (clouds (random, WIDTH, HEIGHT * 4, 40, 3)[::4] - 0.5)
    light += (water - light) * lake
    meadow = np.clip (y - (172 + 7 * np.sin (x / 60)), 0, 1)
    grass = 104 + 50 * (clouds (random, WIDTH, HEIGHT, 40, 6) - 0.5) - (y - 170) * 0.2
    light += (grass - light) * meadow
    tint = mixed (mixed (tint, WATER, lake), GRASS, meadow)
    picture = np.clip (light[..., None] * tint if colour else light, 0, 255).astype (np.uint8)
    picture = Image.fromarray (picture)
    blades (random, picture, GRASS if colour else None)
    for trunk, foot, size in ((52, 226, 1.5), (330, 206, 1.0), (362, 214, 1.2), (286, 186, 0.5),
                              (118, 188, 0.45), (136, 190, 0.55), (250, 186, 0.4)):
        tree (random, picture, trunk, foot, size, colour)
    return picture


# What is left of red, green and blue at dusk, in rows from the sky to the ground.
DUSK_ROWS = 0, 105, 150, HEIGHT
DUSK = (0.16, 0.62, 0.34, 0.26), (0.19, 0.47, 0.32, 0.26), (0.30, 0.40, 0.34, 0.27)


def dusk ():
    """The landscape after sunset: a dark blue sky, red at the horizon, and a dark meadow."""
    left = np.stack ([np.interp (np.arange (HEIGHT), DUSK_ROWS, color) for color in DUSK], axis=1)
    return Image.fromarray ((np.asarray (landscape (True)) * left[:, None]).astype (np.uint8))


def blades (random, picture, tint):
    """Draws the grass of the meadow.  Toward the front, blades are longer and farther apart."""
    draw = ImageDraw.Draw (picture)
    for foot in range (180, HEIGHT + 12):
        near = (foot - 172) / 84
        for _ in range (150):
            left, lean = random.uniform (0, WIDTH), random.normal (0, 1 + 2 * near)
            draw.line ((left, foot, left + lean, foot - 2 - 12 * near * random.random ()),
                       fill=ink (np.clip (random.normal (104 - 16 * near, 26), 30, 200), tint))


def tree (random, picture, x, foot, size, colour):
    draw = ImageDraw.Draw (picture)
    draw.rectangle ((x - 2 * size, foot - 30 * size, x + 2 * size, foot),
                    fill=ink (44, TRUNK if colour else None))
    for _ in range (int (1500 * size)):
        angle, far = random.uniform (0, 2 * np.pi), np.sqrt (random.random ())
        left = x + 34 * size * far * np.cos (angle)
        top = foot - 62 * size + 40 * size * far * np.sin (angle)
        r = random.uniform (0.8, 2.2) * max (size, 0.7)
        lit = 40 + 46 * (np.cos (angle - 4.2) * far * 0.5 + 0.5) + random.normal (0, 9)
        draw.ellipse ((left - r, top - r, left + r, top + r),
                      fill=ink (np.clip (lit, 18, 120), LEAF if colour else None))


SCENES = {'aerial-town.png': aerial_town,
          'gray-landscape.png': functools.partial (landscape, False),
          'dusk.png': dusk,
          'landscape.png': functools.partial (landscape, True)}

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the sample pictures in tests/data.  Their pixels are the same each time.

    tests/draw-samples.py [FOLDER]

The pictures are our own, so they and what models make of them may be shared.  The labels have the
twelve colors that the facade model was trained with.  scenes.py draws the pictures that stand for
photos, and sketches.py the line drawings with hints of color.
"""

import pathlib
import sys

from PIL import Image, ImageDraw

import scenes
import sketches

BACKGROUND = (0, 0, 222)
FACADE = (0, 48, 255)
WINDOW = (0, 128, 255)
DOOR = (1, 207, 255)
CORNICE = (32, 255, 224)
SILL = (112, 254, 142)
BALCONY = (192, 255, 63)
BLIND = (255, 240, 1)
DECO = (255, 159, 0)
MOLDING = (255, 80, 0)
PILLAR = (254, 0, 0)
SHOP = (174, 0, 1)

LEFT, RIGHT = 18, 238                       # the walls of the house
AXES = (44, 86, 128, 170, 212)              # centers of the columns of windows


def facade_labels ():
    """A town house: a shop and the door below, three floors, and the attic under the roof."""
    picture = Image.new ('RGB', (256, 256), BACKGROUND)
    draw = ImageDraw.Draw (picture)

    def box (colour, x, y, width, height):
        draw.rectangle ((x, y, x + width - 1, y + height - 1), fill=colour)

    def centred (colour, x, y, width, height):
        box (colour, x - width // 2, y, width, height)

    box (FACADE, LEFT, 20, RIGHT - LEFT, 236)

    # Attic: small windows in the roof, and the main cornice under them.
    for x in AXES:
        centred (WINDOW, x, 30, 14, 18)
    box (MOLDING, LEFT - 4, 54, RIGHT - LEFT + 8, 10)

    # Three floors.  The windows get lower toward the top, as in a real street.
    for floor, (top, height) in enumerate (((72, 26), (116, 30), (162, 30))):
        for column, x in enumerate (AXES):
            centred (WINDOW, x, top, 20, height)
            if floor == 0:
                centred (SILL, x, top + height, 26, 4)
            else:
                centred (CORNICE, x, top - 7, 26, 5)
                centred (SILL, x, top + height, 26, 5)

    # Shutters on the top floor's outer windows.
    for x in (44, 212):
        box (BLIND, x - 16, 74, 6, 24)
        box (BLIND, x + 10, 74, 6, 24)

    # The middle axis: a balcony on each of the two upper floors.
    for top in (88, 134):
        centred (BALCONY, 128, top, 44, 16)

    box (MOLDING, LEFT, 106, RIGHT - LEFT, 3)
    box (MOLDING, LEFT, 200, RIGHT - LEFT, 7)

    # Ground floor: two shops, the door between pillars.
    for x in (46, 210):
        centred (SHOP, x, 214, 44, 38)
    for x in (90, 166):
        centred (WINDOW, x, 216, 20, 28)
    centred (DOOR, 128, 214, 24, 42)
    for x in (110, 146):
        centred (PILLAR, x, 208, 6, 48)
    centred (DECO, 128, 190, 30, 14)

    return picture


SAMPLES = {'facade-labels.png': facade_labels, **scenes.SCENES, **sketches.SKETCHES}


def main ():
    folder = pathlib.Path (sys.argv[1] if len (sys.argv) > 1 else
                           pathlib.Path (__file__).parent / 'data')
    for name, draw in SAMPLES.items ():
        draw ().save (folder / name, optimize=True)


if __name__ == '__main__':
    main ()

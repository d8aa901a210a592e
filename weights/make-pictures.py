#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes two pictures beside each model that comes along, before and after: ID.png, small, for the
dialog, and ID-example.png.

    weights/make-pictures.py PIX2PIX

PIX2PIX is the built program.  The pictures before are those that the project drew, so these may be
shared as the models may.
"""

import pathlib
import subprocess
import sys
import tempfile

from PIL import Image, ImageOps

HERE = pathlib.Path (__file__).resolve ().parent
DATA = HERE.parent / 'tests/data'
BEFORE = {'aerial2map': 'aerial-town.png', 'bw2color': 'gray-landscape.png',
          'day2night': 'landscape.png', 'facade': 'facade-labels.png', 'night2day': 'dusk.png',
          'photo2monet': 'landscape.png', 'photo2ukiyoe': 'landscape.png',
          'sketch2color': 'sketch-fox.png'}
HINTS = {'bw2color': 'gray-landscape-hints.png', 'sketch2color': 'sketch-fox-hints.png'}
THUMBNAIL, GAP = 88, 8                      # a side of each half; between those of the example


def beside (pictures, gap):
    left, right = pictures
    both = Image.new ('RGB', (left.width + gap + right.width, left.height), 'white')
    both.paste (left, (0, 0))
    both.paste (right, (left.width + gap, 0))
    return both


def main ():
    program, = sys.argv[1:]
    for name, before in BEFORE.items ():
        with tempfile.TemporaryDirectory () as folder:
            after = pathlib.Path (folder) / 'after.png'
            hints = ['--hints', DATA / HINTS[name]] if name in HINTS else []
            subprocess.run ([program, 'apply', '-q', '--model', HERE / f'{name}.safetensors',
                             *hints, DATA / before, '-o', after], check=True)
            pictures = [Image.open (path).convert ('RGB') for path in (DATA / before, after)]
            if hints:
                dots = Image.open (hints[1])
                pictures[0].paste (dots, (0, 0), dots)
            beside (pictures, GAP).save (HERE / f'{name}-example.png', optimize=True)
            small = [ImageOps.fit (picture, (THUMBNAIL, THUMBNAIL), Image.LANCZOS)
                     for picture in pictures]
            beside (small, 0).save (HERE / f'{name}.png', optimize=True)


if __name__ == '__main__':
    main ()

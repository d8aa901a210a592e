#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes NAME.png beside each model that comes along: before and after, for the dialog.

    weights/make-thumbnails.py PIX2PIX

PIX2PIX is the built program.  The pictures before are those that the project drew (tests/data), so
the thumbnails may be shared as the models may.
"""

import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

HERE = pathlib.Path (__file__).resolve ().parent
PICTURES = {'facade': HERE.parent / 'tests/data/facade-labels.png'}
SIDE = 88                                   # of each half, in pixels


def main ():
    program, = sys.argv[1:]
    for name, before in PICTURES.items ():
        with tempfile.TemporaryDirectory () as folder:
            after = pathlib.Path (folder) / 'after.png'
            subprocess.run ([program, 'apply', '-q', '--model', HERE / f'{name}.safetensors', before,
                             '-o', after], check=True)
            both = Image.new ('RGB', (2 * SIDE, SIDE))
            for index, path in enumerate ((before, after)):
                half = Image.open (path).convert ('RGB').resize ((SIDE, SIDE), Image.LANCZOS)
                both.paste (half, (index * SIDE, 0))
            both.save (HERE / f'{name}.png', optimize=True)


if __name__ == '__main__':
    main ()

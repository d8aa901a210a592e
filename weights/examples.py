#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the models that come along make of every 25th validation picture, to be looked at.

    weights/examples.py PIX2PIX FOLDER

PIX2PIX is the built program; FOLDER/ID.png has a row for each picture: input, output, target.  The
commands are those of weights/README.md.  What is written shows pictures of data sets: do not share
it.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from PIL import Image

HERE = pathlib.Path (__file__).resolve ().parent
EVERY = 25


def rows (program, command):
    """The pictures that a command of README.md evaluates, every 25th."""
    with tempfile.TemporaryDirectory () as folder:
        subprocess.run ([program, *command.split (), '--quiet', '--pictures', folder],
                        cwd=HERE.parent, check=True)
        for path in sorted (pathlib.Path (folder).iterdir ())[::EVERY]:
            yield Image.open (path).convert ('RGB')


def main ():
    program, folder = (pathlib.Path (name).resolve () for name in sys.argv[1:])
    folder.mkdir (parents=True, exist_ok=True)
    commands = re.findall (r'^    pix2pix (eval --model weights/(\w+)\.safetensors .*)',
                           (HERE / 'README.md').read_text (), re.M)
    for command, name in commands:
        pictures = list (rows (program, command))
        height = pictures[0].height
        sheet = Image.new ('RGB', (pictures[0].width, height * len (pictures)))
        for i, picture in enumerate (pictures):
            sheet.paste (picture, (0, i * height))
        sheet.save (folder / f'{name}.png')
        print (folder / f'{name}.png')


if __name__ == '__main__':
    main ()

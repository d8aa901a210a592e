# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands of README.md that color a folder in GIMP (drawings by hints, and photos),
exactly as they are written there."""

import pathlib
import shutil
import subprocess
import sys

import numpy as np
from PIL import Image

TOP = pathlib.Path (__file__).resolve ().parent.parent.parent
sys.path.insert (0, str (TOP / 'tests'))
import commands  # noqa: E402

MODELS = 'sketch2color', 'bw2color'
PHOTOS = 'one', 'two'
DELTA = 25      # ΔE (CIE 1976)
# Places (x, y) in the drawn samples, and the colors that the hints give them.
PLACES = {'sketch-fox': ((278, 331), (236, 126, 38)), 'sketch-wizard': ((216, 426), (204, 38, 42)),
          'sketch-still-life': ((348, 218), (246, 208, 54))}


def run (folder, environment):
    """Runs them on copies of the samples in a new folder.  Returns the finished processes with
    their output."""
    folder.mkdir ()
    for path in (TOP / 'tests/data').glob ('sketch-*.png'):
        shutil.copy (path, folder)
    photo = Image.open (TOP / 'tests/data/gray-landscape.png').convert ('RGB')
    for name in PHOTOS:
        photo.save (folder / f'{name}.jpg')
    found = [block for block in commands.blocks () if block.startswith ('gimp-console')]
    return [subprocess.run (['sh', '-c', command], cwd=folder, env=environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, errors='replace', timeout=600)
            for command in found]


def lab (rgb):
    """CIE Lab (D65) of sRGB levels from 0 to 255."""
    levels = np.array (rgb) / 255
    light = np.where (levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    xyz = np.array (((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
                     (0.0193339, 0.1191920, 0.9503041))) @ light / (0.95047, 1, 1.08883)
    x, y, z = np.where (xyz > 216 / 24389, np.cbrt (xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array ((116 * y - 16, 500 * (x - y), 200 * (y - z)))


def checks (folder):
    """Yields the claim, whether it holds, and the reason if it does not."""
    for name, ((x, y), color) in PLACES.items ():
        colored, layers = folder / f'{name}-colored.png', folder / f'{name}.xcf'
        if not colored.exists () or not layers.exists ():
            yield f'README.md: there are {colored.name} and {layers.name}', False, 'they are not'
            continue
        pixels = np.asarray (Image.open (colored).convert ('RGB'))
        mean = pixels[y - 3:y + 4, x - 3:x + 4].mean ((0, 1))
        distance = np.linalg.norm (lab (mean) - lab (color))
        yield (f'README.md: {colored.name} has the color of its hints', distance <= DELTA,
               f'ΔE {distance:.1f}, {mean}')
        yield (f'README.md: {layers.name} keeps the hints and the colors as layers',
               all (f'{layer}\0'.encode () in layers.read_bytes ()
                    for layer in (f'{name}-hints.png', 'Colors')), 'a layer lacks')
    for name in PHOTOS:
        pixels = np.asarray (Image.open (folder / f'{name}-colored.png').convert ('RGB'), float)
        chroma = np.ptp (pixels, axis=2).mean ()
        yield f'README.md: {name}-colored.png has colors', chroma > 10, f'{chroma:.1f}'

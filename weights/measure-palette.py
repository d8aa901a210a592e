#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the palette of the facade model: for each color on its card, the median over the flat
areas of the training labels that are nearest to it.

    weights/measure-palette.py facades/train MODEL.safetensors
"""

import json
import pathlib
import sys

import numpy as np
from PIL import Image

FLAT = 4        # levels by which the pixels around may differ
NEAR = 200      # squared distance to a color of the card


def read_palette (path):
    blob = path.read_bytes ()
    card = json.loads (blob[8:8 + int.from_bytes (blob[:8], 'little')])['__metadata__']
    entries = (entry.strip ().split ('=#') for entry in card['p2p.palette'].split (','))
    return {name: np.array ([int (colour[i:i + 2], 16) for i in (0, 2, 4)])
            for name, colour in entries}


def flat_pixels (path):
    """Of the label half, to the right, the pixels like all that are one or two to the side."""
    picture = np.asarray (Image.open (path).convert ('RGB')).astype (int)
    labels = picture[:, picture.shape[1] // 2:]
    flat = np.ones (labels.shape[:2], bool)
    for shift in (-2, -1, 1, 2):
        for axis in (0, 1):
            flat &= np.abs (labels - np.roll (labels, shift, axis)).max (2) <= FLAT
    return labels[flat]


def main ():
    folder, model = map (pathlib.Path, sys.argv[1:3])
    palette = read_palette (model)
    colours = np.stack (list (palette.values ()))
    found = [[] for _ in palette]
    for path in sorted (folder.glob ('*.jpg')):
        pixels = flat_pixels (path)
        distances = ((pixels[:, None] - colours[None]) ** 2).sum (2)
        nearest = distances.argmin (1)
        for i in range (len (palette)):
            found[i].append (pixels[(nearest == i) & (distances.min (1) < NEAR)])
    for (name, colour), pixels in zip (palette.items (), map (np.concatenate, found)):
        print (f'{name:10} card {tuple (map (int, colour))}, '
               f'median {tuple (map (int, np.median (pixels, 0)))} of {len (pixels)} pixels')


main ()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the tests of `pix2pix train`: pictures, a small network's options, and a training's
output."""

import csv
import json
import random
import subprocess

from handmade import write_png
from program import ENVIRONMENT, FOLDER, PROGRAM, check, new_folder, run

SIDE = 32


def blocks (seed):
    """Blocks of color on the left, and the target made from them on the right."""
    colours = [bytes (random.Random (f'{seed} {i}').randrange (256) for _ in range (3))
               for i in range (16)]

    def pixel (x, y):
        colour = colours[x % SIDE // 8 * 4 + y // 8]
        return colour if x < SIDE else bytes ((255 - colour[0], colour[1] // 2, (x + y) % 64))
    return pixel


def make_pairs (name, n, first=0):
    folder = new_folder (name)
    for i in range (n):
        write_png (folder / f'{i}.png', 2 * SIDE, SIDE, blocks (first + i))
    return folder


TRAIN, VAL = make_pairs ('train', 7), make_pairs ('val', 3, 100)
NET = ('--mode', 'aligned', '--netG', 'unet_32', '--crop-size', SIDE, '--load-size', 36,
       '--ngf', 4, '--ndf', 4, '--n-layers-D', 1)
COMMON = ('--data', TRAIN, *NET)
USUAL = (*COMMON, '--val', VAL, '--n-epochs', 6, '--n-epochs-decay', 4, '--print-freq', 3,
         '--save-epoch-freq', 2, '--val-epoch-freq', 3)


def train (name, *options, **more):
    return run ('train', '-o', FOLDER / name, *options, **more)


def begin (name, *options):
    return subprocess.Popen ([PROGRAM, 'train', '-o', FOLDER / name, *map (str, options)],
                             env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True)


def check_same_files (one, other, files):
    """Whether these files are the same, byte for byte, in two folders of trainings."""
    for file in files:
        check ((FOLDER / one / file).read_bytes () == (FOLDER / other / file).read_bytes (),
               f'{file} of {one} differs from that of {other}')


def read_log (name):
    with open (FOLDER / name / 'log.csv') as file:
        return list (csv.DictReader (file))


def metadata (path):
    data = path.read_bytes ()
    return json.loads (data[8:8 + int.from_bytes (data[:8], 'little')])['__metadata__']

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the included models are what their cards and weights/README.md say.  test-weights.py
PROGRAM"""

import hashlib
import json
import math
import os
import pathlib
import re
import shlex
import struct
import subprocess
import sys

from handmade import read_samples, read_tensors
from program import FOLDER, Skip, check, new_folder, run, run_tests

WEIGHTS = pathlib.Path (__file__).resolve ().parent.parent / 'weights'
README = (WEIGHTS / 'README.md').read_text ('utf-8')
MODELS = sorted (WEIGHTS.glob ('*.safetensors'))

LARGEST = 30 * 1000 * 1000      # bytes
CARD = ('authors', 'bad_at', 'bad_at.de', 'created', 'data', 'description', 'description.de',
        'good_at', 'good_at.de', 'inputs', 'licence', 'metrics', 'net', 'norm_statistics', 'output',
        'scale', 'suits', 'suits.de', 'task', 'title', 'title.de', 'train_size')
WORDS = ('title', 'description', 'good_at', 'bad_at', 'suits')
FIRST, NEAR = 8, 0.01           # pictures that are evaluated again; relative tolerance
DELTA = 15                      # ΔE (CIE 1976)

# Places in large regions of the drawn samples, and the colors that the hints give them.
RED, GREEN, VIOLET, ORANGE = (204, 38, 42), (52, 160, 74), (128, 92, 196), (236, 126, 38)
REGIONS = (('sketch-wizard', 'robe', (216, 426), RED), ('sketch-wizard', 'sleeve', (288, 264), RED),
           ('sketch-wizard', 'hair', (247, 78), GREEN),
           ('sketch-wizard', 'hair at the side', (312, 174), GREEN),
           ('sketch-fox', 'sky', (143, 140), VIOLET), ('sketch-fox', 'top', (353, 36), VIOLET),
           ('sketch-fox', 'back', (278, 331), ORANGE), ('sketch-fox', 'head', (241, 216), ORANGE),
           ('sketch-still-life', 'pear', (348, 218), (246, 208, 54)),
           ('sketch-still-life', 'apple', (277, 285), RED),
           ('sketch-still-life', 'jug', (170, 260), (48, 104, 200)))


def card (model):
    return json.loads (run ('info', model, '--json')[0])['card']


def table (heading):
    """The rows of a table in weights/README.md whose first column is the ID: model → cells."""
    rows = README.split (heading, 1)[1].split ('\n\n')[0].splitlines ()[2:]
    cells = ([cell.strip () for cell in row.strip ('|').split ('|')] for row in rows)
    return {row[0].strip ('`'): row[1:] for row in cells}


def read_palette (path):
    """A palette's name, and its colors with their names (GIMP's devel-docs, gpl.txt)."""
    magic, name, *lines = path.read_text ('utf-8').splitlines ()
    check (magic == 'GIMP Palette', magic)
    entries = (line.split ('\t') for line in lines if line[0] in ' 0123456789')
    return name, [(label, [int (value) for value in numbers.split ()])
                  for numbers, label in entries]


def test_models ():
    """each model opens, has a thumbnail, and has at most 30 MB"""
    check (MODELS, 'there is no model')
    for model in MODELS:
        run ('info', model)
        check (model.with_suffix ('.png').exists (), f'{model.stem} has no thumbnail')
        check (model.stat ().st_size <= LARGEST, f'{model.stem} is larger')


def test_cards ():
    """each card has task, data, terms and metrics, and translations where people read them"""
    for model in MODELS:
        missing = [key for key in CARD if not card (model).get (key)]
        check (not missing, f'{model.stem} lacks {missing}')


def test_words ():
    """info says in words what each model is good at, what not, and which pictures it needs"""
    for model in MODELS:
        lines = run ('info', model)[0].splitlines ()
        for word in 'good at', 'bad at', 'wants':
            check (any (line.startswith (f'  {word} ') for line in lines), f'{model.stem}: {word}')


def test_translations ():
    """weights/words/ID has each text in each language, with the title that the help page has"""
    linguas = (WEIGHTS.parent / 'po/LINGUAS').read_text ('utf-8').splitlines ()
    languages = [line for line in linguas if not line.startswith ('#')]
    files = sorted ((WEIGHTS / 'words').iterdir ())
    check ([path.name for path in files] == [model.stem for model in MODELS], files)
    for path in files:
        lines = path.read_text ('utf-8').splitlines ()
        words = dict (line.split ('=', 1) for line in lines if line and not line.startswith ('#'))
        for language in ['en', *languages]:
            suffix = '' if language == 'en' else f'.{language}'
            missing = [key for key in WORDS if not words.get (key + suffix)]
            check (not missing, f'{path.name}, {language}: {missing}')
            page = (WEIGHTS.parent / f'plugin/help/{language}/index.html').read_text ('utf-8')
            title = words['title' + suffix]
            check (f'<th>{title}</th>' in page, f'{language}: no model “{title}” in the help page')


def test_checksums ():
    """weights/README.md has each model's SHA-256"""
    expected = {name: cells[-1].strip ('`') for name, cells in table ('\n| id | file |').items ()}
    found = {model.stem: hashlib.sha256 (model.read_bytes ()).hexdigest () for model in MODELS}
    check (found == expected, f'{found} instead of {expected}')


def test_palettes ():
    """weights/ID.gpl has the colors of the card, in order, and is found by the model's title"""
    n = 0
    for model in MODELS:
        if card (model)['inputs'] != 'labels':
            continue
        entries = (entry.split ('=#') for entry in card (model)['palette'].split (','))
        colours = [(label, list (bytes.fromhex (colour))) for label, colour in entries]
        name, found = read_palette (model.with_suffix ('.gpl'))
        check (name == f'Name: {card (model)["title"]} labels', name)
        check (found == colours, f'{model.stem}: {found} instead of {colours}')
        n += 1
    check (n > 0, 'there is no model of labels')


def test_mean ():
    """mean.py mixes two models by the share of the first, whose card stays, whatever the order of
    their tensors, and refuses others"""
    def write (name, **tensors):
        data, header = b'', {'__metadata__': {'title': name}}
        for tensor, numbers in tensors.items ():
            values = struct.pack (f'<{len (numbers)}f', *numbers)
            header[tensor] = {'dtype': 'F32', 'shape': [len (numbers)],
                              'data_offsets': [len (data), len (data) + len (values)]}
            data += values
        header = json.dumps (header).encode ()
        path = FOLDER / f'{name}.safetensors'
        path.write_bytes (struct.pack ('<Q', len (header)) + header + data)
        return path

    def mean (*models):
        return subprocess.run ([sys.executable, WEIGHTS / 'mean.py', *models, '0.75',
                                FOLDER / 'mean.safetensors'], stderr=subprocess.PIPE, text=True)

    first = write ('first', a=(1, 3), b=(4, 8, 12))
    done = mean (first, write ('second', b=(0, 4, 8), a=(3, -1)))
    check (done.returncode == 0, done.stderr)
    tensors, metadata = read_tensors (FOLDER / 'mean.safetensors')
    check (struct.unpack ('<2f', tensors['a'][2]) == (1.5, 2), tensors)
    check (struct.unpack ('<3f', tensors['b'][2]) == (3, 7, 11), tensors)
    check (metadata == {'title': 'first'}, metadata)
    done = mean (first, write ('other', a=(1, 2)))
    check (done.returncode == 1 and 'not of the same network' in done.stderr, done.stderr)


def figures (text):
    """The figures of an evaluation in order, for each number of hints."""
    found = json.loads (text)
    return [value for row in found.get ('hints', [found]) for key, value in row.items ()
            if key not in ('model', 'data', 'pictures', 'dots')]


def first_eight (name):
    """A model's figures in the tables, or for hints in the sentence below their tables."""
    for heading, cells in (('\n| first eight |', slice (None)),
                           ('\n| without pairs |', slice (-2, None))):
        if name in table (heading):
            return [float (cell) for cell in table (heading)[name][cells] if cell]
    sentence, = re.findall (rf'On the first eight of `{name}`, [^:]*:([^A-Za-z]*)\.\n', README)
    return [float (number) for number in re.split ('[,;]', sentence)]


def test_metrics ():
    """the metrics on the first eight validation pictures are those of weights/README.md"""
    if 'P2P_DATA' not in os.environ:
        raise Skip ('no data sets: P2P_DATA')
    data = pathlib.Path (os.environ['P2P_DATA'])
    paintings = new_folder ('paintings')
    for name in 'monet', 'ukiyoe':
        (paintings / name).mkdir ()
        (paintings / name / 'A').symlink_to (data / 'photos/val')
        (paintings / name / 'B').symlink_to (data / f'paintings/{name}')
    for model in MODELS:
        pattern = rf'^    pix2pix (eval --model weights/{model.stem}\..*)'
        command, = re.findall (pattern, README, re.M)
        words = shlex.split (command.replace ('../shared/data', str (data))
                             .replace ('build/', f'{paintings}/'))
        text = run (*words, '--first', FIRST, '--json', cwd=WEIGHTS.parent)[0]
        found = figures (text)
        numbers = first_eight (model.stem)
        check (len (found) == len (numbers)
               and all (abs (value - number) <= NEAR * abs (number)
                        for value, number in zip (found, numbers)),
               f'{model.stem}: {found} instead of {numbers}')


def lab (rgb):
    """CIE Lab (D65) of sRGB levels from 0 to 255."""
    light = [v / 255 / 12.92 if v <= 10.31475 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in rgb]
    xyz = [sum (m * v for m, v in zip (row, light)) / white for row, white in (
        ((0.4124564, 0.3575761, 0.1804375), 0.95047), ((0.2126729, 0.7151522, 0.0721750), 1.0),
        ((0.0193339, 0.1191920, 0.9503041), 1.08883))]
    x, y, z = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_hints ():
    """sketch2color: the regions of the drawn samples have the hints' colors in the middle"""
    data = WEIGHTS.parent / 'tests/data'
    far = []
    for drawing, name, (x, y), color in REGIONS:
        made = FOLDER / f'{drawing}.png'
        if not made.exists ():
            run ('apply', '-q', '--model', WEIGHTS / 'sketch2color.safetensors', '--hints',
                 data / f'{drawing}-hints.png', data / f'{drawing}.png', '-o', made)
        width, _, _, channels, samples = read_samples (made)
        around = [samples[((y + dy) * width + x + dx) * channels:][:3]
                  for dy in range (-3, 4) for dx in range (-3, 4)]
        mean = [sum (pixel[k] for pixel in around) / len (around) for k in range (3)]
        distance = math.dist (lab (mean), lab (color))
        if distance > DELTA:
            far.append (f'{drawing}, {name}: ΔE {distance:.1f}, {[round (v) for v in mean]}')
    check (not far, '; '.join (far))


run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the models that come along are what their cards and weights/README.md say.
test-weights.py PROGRAM"""

import hashlib
import json
import os
import pathlib
import re
import shlex

from program import Skip, check, run, run_tests

WEIGHTS = pathlib.Path (__file__).resolve ().parent.parent / 'weights'
README = (WEIGHTS / 'README.md').read_text ('utf-8')
MODELS = sorted (WEIGHTS.glob ('*.safetensors'))

LARGEST = 30 * 1000 * 1000      # bytes
CARD = ('authors', 'created', 'data', 'description', 'description.de', 'inputs', 'licence',
        'metrics', 'net', 'norm_statistics', 'output', 'scale', 'task', 'title', 'title.de',
        'train_size')
FIRST, NEAR = 8, 0.01           # pictures that are evaluated again; how near, relatively


def card (model):
    return json.loads (run ('info', model, '--json')[0])['card']


def table (heading):
    """Rows of README.md's table whose first column is ID: model → cells."""
    rows = README.split (heading, 1)[1].split ('\n\n')[0].splitlines ()[2:]
    cells = ([cell.strip () for cell in row.strip ('|').split ('|')] for row in rows)
    return {row[0].strip ('`'): row[1:] for row in cells}


def read_palette (path):
    """A palette's name and its colours by theirs: GIMP's devel-docs, gpl.txt."""
    magic, name, *lines = path.read_text ('utf-8').splitlines ()
    check (magic == 'GIMP Palette', magic)
    entries = (line.split ('\t') for line in lines if line[0] in ' 0123456789')
    return name, [(label, [int (value) for value in numbers.split ()])
                  for numbers, label in entries]


def test_models ():
    """each opens, has its thumbnail, and is at most 30 MB large"""
    check (MODELS, 'there is no model')
    for model in MODELS:
        run ('info', model)
        check (model.with_suffix ('.png').exists (), f'{model.stem} has no thumbnail')
        check (model.stat ().st_size <= LARGEST, f'{model.stem} is larger')


def test_cards ():
    """each card tells task, data, terms and metrics, in German too where it is read"""
    for model in MODELS:
        missing = [key for key in CARD if not card (model).get (key)]
        check (not missing, f'{model.stem} lacks {missing}')


def test_checksums ():
    """weights/README.md has each one's SHA-256"""
    expected = {name: cells[-1].strip ('`') for name, cells in table ('\n| id | file |').items ()}
    found = {model.stem: hashlib.sha256 (model.read_bytes ()).hexdigest () for model in MODELS}
    check (found == expected, f'{found} instead of {expected}')


def test_palettes ():
    """weights/ID.gpl has the colours of the card, in their order, and the model's name"""
    n = 0
    for model in MODELS:
        if card (model)['inputs'] != 'labels':
            continue
        entries = (entry.split ('=#') for entry in card (model)['palette'].split (','))
        colours = [(label, list (bytes.fromhex (colour))) for label, colour in entries]
        name, found = read_palette (model.with_suffix ('.gpl'))
        check (name == f'Name: pix2pix: {model.stem}', name)
        check (found == colours, f'{model.stem}: {found} instead of {colours}')
        n += 1
    check (n > 0, 'there is no model of labels')


def test_metrics ():
    """the metrics on the first eight validation pictures are those of weights/README.md"""
    if 'P2P_DATA' not in os.environ:
        raise Skip ('no data sets: P2P_DATA')
    expected = table ('\n| first eight |')
    for model in MODELS:
        pattern = rf'^    pix2pix (eval --model weights/{model.stem}\..*)'
        command, = re.findall (pattern, README, re.M)
        words = shlex.split (command.replace ('../shared/data', os.environ['P2P_DATA']))
        text = run (*words, '--first', FIRST, '--json', cwd=WEIGHTS.parent)[0]
        found = [value for key, value in json.loads (text).items ()
                 if key not in ('model', 'data', 'pictures')]
        numbers = [float (cell) for cell in expected[model.stem] if cell]
        check (len (found) == len (numbers)
               and all (abs (value - number) <= NEAR * abs (number)
                        for value, number in zip (found, numbers)),
               f'{model.stem}: {found} instead of {numbers}')


run_tests (globals ())

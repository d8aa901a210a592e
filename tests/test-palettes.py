#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: every model of labels that comes along has a GIMP palette of its card's colours.
test-palettes.py PROGRAM"""

import json
import pathlib

from program import check, run, run_tests

WEIGHTS = pathlib.Path (__file__).resolve ().parent.parent / 'weights'


def read_palette (path):
    """A palette's name and its colours by theirs: GIMP's devel-docs, gpl.txt."""
    magic, name, *lines = path.read_text ('utf-8').splitlines ()
    check (magic == 'GIMP Palette', magic)
    entries = (line.split ('\t') for line in lines if line[0] in ' 0123456789')
    return name, [(label, [int (value) for value in numbers.split ()])
                  for numbers, label in entries]


def test_palettes ():
    """weights/ID.gpl has the colours of the card, in their order, and the model's name"""
    n = 0
    for model in sorted (WEIGHTS.glob ('*.safetensors')):
        card = json.loads (run ('info', model, '--json')[0])['card']
        if card.get ('inputs') != 'labels':
            continue
        entries = (entry.split ('=#') for entry in card['palette'].split (','))
        colours = [(label, list (bytes.fromhex (colour))) for label, colour in entries]
        name, found = read_palette (model.with_suffix ('.gpl'))
        check (name == f'Name: pix2pix: {model.stem}', name)
        check (found == colours, f'{model.stem}: {found} instead of {colours}')
        n += 1
    check (n > 0, 'there is no model of labels')


run_tests (globals ())

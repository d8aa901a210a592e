#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the files that the fuzzers start from, out of the committed files of tests/data and
weights.

    tests/make-seeds.py FOLDER

FOLDER gets a folder with small files for each target, named after the target.
"""

import json
import pathlib
import pickletools
import io
import struct
import sys
import zipfile

sys.dont_write_bytecode = True

from handmade import pickle_state, write_legacy, write_model, write_torch

TOP = pathlib.Path (__file__).resolve ().parent.parent
FOLDER = pathlib.Path (sys.argv[1])
SMALL = {'model.1.weight': [2, 3, 1, 1], 'model.1.bias': [2]}


def place (target, name):
    (FOLDER / target).mkdir (parents=True, exist_ok=True)
    return FOLDER / target / name


def read_header (path):
    with open (path, 'rb') as file:
        return json.loads (file.read (struct.unpack ('<Q', file.read (8))[0]))


def pickles (data):
    """Yields the consecutive pickles at the start of data."""
    file = io.BytesIO (data)
    for _ in range (5):
        begin = file.tell ()
        for _ in pickletools.genops (file):
            pass
        yield data[begin:file.tell ()]


def main ():
    write_model (place ('safetensors', 'model'), 5, 1)
    tiny = json.dumps ({'__metadata__': {'p2p.format': '1'},
                        'a': {'dtype': 'F16', 'shape': [1, 2], 'data_offsets': [0, 4]},
                        'b': {'dtype': 'I64', 'shape': [], 'data_offsets': [4, 12]}}).encode ()
    place ('safetensors', 'tiny').write_bytes (struct.pack ('<Q', len (tiny)) + tiny + bytes (12))

    for path in sorted ((TOP / 'tests/data').glob ('*.pth')):
        data = path.read_bytes ()
        if not zipfile.is_zipfile (path):
            place ('torch-legacy', path.stem).write_bytes (data)
            for number, pickle in enumerate (pickles (data)):
                place ('pickle', f'{path.stem}-{number}').write_bytes (pickle)
            continue
        place ('torch-file', path.stem).write_bytes (data)
        with zipfile.ZipFile (path) as container:
            for name in container.namelist ():
                if name.endswith ('data.pkl'):
                    place ('pickle', path.stem).write_bytes (container.read (name))
    place ('pickle', 'small').write_bytes (pickle_state (SMALL))
    write_legacy (place ('torch-legacy', 'small'), SMALL)
    write_legacy (place ('torch-legacy', 'small-doubles'), SMALL, 'Double', 8, True)
    write_torch (place ('torch-file', 'small'), SMALL)

    for path in (TOP / 'weights').glob ('*.safetensors'):
        card = read_header (path)['__metadata__']
        place ('card', path.stem).write_text (
            ''.join (f'{key[4:]}={value}\n' for key, value in card.items ()), 'utf-8')


main ()

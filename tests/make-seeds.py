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
import zlib

sys.dont_write_bytecode = True

from handmade import (ADOBE, pickle_state, write_legacy, write_model, write_png_rows,
                      write_profile, write_table_profile, write_torch)

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


CHECKPOINT = '''state.step=64
state.epochs-ended=9
state.entries=7
state.left-out=0
state.log-length=120
state.row-steps=1
state.row-sum-0=0.5
state.best-score=0.25
state.created=2026-01-01
state.metrics=L1 0.1234
card.title=Blocks
option.data=/pictures
option.mode=aligned
option.netG=unet_32
option.crop-size=32
option.load-size=36x40
option.lr=0.0002
option.inputs=rgb
option.output=rgb
option.n-epochs=10
'''
LOG = '''step,epoch,rate,G_GAN,G_L1,val_L1,val_PSNR
3,1,0.0002,0.75,12.5,,
7,1,0.0002,0.5,11.25,0.3,12.5
'''


def make_pngs ():
    """PNGs of each kind that say in different ways what their colors are."""
    exif = b'MM\0*' + struct.pack ('>IHHHIHHI', 8, 1, 0x112, 3, 1, 6, 0, 0)
    colors = ((b'gAMA', struct.pack ('>I', 45455)),
              (b'cHRM', struct.pack ('>8I', 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)))
    chunks = {'plain': (), 'numbers': colors, 'srgb': ((b'sRGB', b'\0'),),
              'cicp': ((b'cICP', b'\x09\x10\0\1'),),
              'profile': ((b'iCCP', b'a\0\0' + zlib.compress (write_profile (*ADOBE))),),
              'exif': ((b'eXIf', exif), (b'pHYs', struct.pack ('>IIB', 2835, 2835, 1)))}
    for kind, channels in (0, 1), (2, 3), (4, 2), (6, 4):
        for depth in 8, 16:
            row = b'\0' + bytes (range (5 * channels * depth // 8))
            for name, more in chunks.items ():
                write_png_rows (place ('png', f'{name}-{kind}-{depth}'), 5, 3, row * 3, depth, kind,
                                more)


def make_others ():
    """Files for the targets of fuzz-others.c."""
    make_pngs ()
    place ('profile', 'rgb').write_bytes (write_profile (*ADOBE))
    place ('profile', 'gray').write_bytes (
        write_profile ((), b'para\0\0\0\0\0\3\0\0' + struct.pack ('>5i', 157286, 62119, 3417, 5072,
                                                                   2651), b'GRAY'))
    place ('profile', 'table').write_bytes (write_table_profile ())
    place ('palette', 'two').write_text ('wall=#0000ff, window=#80ff00')
    place ('palette', 'many').write_text (','.join (f'{i}=#{i:06x}' for i in range (256)))
    place ('log', 'log').write_text (LOG)
    place ('log', 'cut').write_text (LOG[:-5])
    place ('log', 'no-epoch').write_text (LOG.replace ('\n7,', '\n7,nan,'))
    place ('log', 'nul').write_text (LOG.replace ('\n7', '\0\n7'))
    place ('checkpoint', 'checkpoint').write_text (CHECKPOINT)


def main ():
    make_others ()
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

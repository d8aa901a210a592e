#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: a training sees pictures as --preprocess, --load-size, --crop-size and the two jitters say,
and so do its validation, its samples, eval and apply.  test-preprocess.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import csv
import json
import resource
import shlex
import struct
import zlib

from handmade import read_png, write_png, write_png_rows, write_profile
from program import FOLDER, PROGRAM, Skip, check, new_folder, run, run_tests

NET = ('--netG', 'unet_32', '--ngf', 4, '--ndf', 4, '--n-layers-D', 1)
SHORT = (*NET, '--mode', 'aligned', '--direction', 'AtoB', '--n-epochs-decay', 0)

# The sizes of A and of B in the folder's three pictures.  The network needs multiples of 32.
SIZES = (100, 50), (70, 90), (64, 64)

# Name → (options, sizes of the pictures in validation, the card's train_size, the card's scale).
RUNS = {
    'resize': (('--load-size', '72x40', '--crop-size', '64x32'),
               ((64, 32), (64, 32), (64, 32)), '64', 'fit:64'),
    'crop': (('--preprocess', 'crop', '--crop-size', '64x32', '--batch-size', 2),
             ((64, 32), (64, 32), (64, 32)), '64', 'native'),
    'width': (('--preprocess', 'scale_width', '--load-size', 64, '--crop-size', '64x32'),
              ((64, 32), (64, 96), (64, 64)), '64', 'fit:64'),
    'width-crop': (('--preprocess', 'scale_width_and_crop', '--load-size', 90, '--crop-size',
                    '64x32'), ((96, 32), (96, 128), (96, 96)), '64', 'fit:90'),
    'none': (('--preprocess', 'none', '--crop-size', 32),
             ((96, 64), (64, 96), (64, 64)), None, 'native'),
    'jitter': (('--load-size', '72x40', '--crop-size', '64x32', '--scale-jitter', 3,
                '--color-jitter', 0.3), ((64, 32), (64, 32), (64, 32)), '64', 'fit:64'),
}


def place (x, y):
    """A color that depends on the position."""
    return x, y, (x * y) % 256


def paint (path, width, height, pixel=place):
    path.parent.mkdir (parents=True, exist_ok=True)
    write_png (path, width, height, pixel)


def beside (width, left, right):
    return lambda x, y: left (x, y) if x < width else right (x - width, y)


def data ():
    folder = FOLDER / 'data'
    if not folder.exists ():
        for i, (width, height) in enumerate (SIZES):
            paint (folder / f'{i}.png', 2 * width, height,
                   beside (width, place, lambda x, y: (255 - x, y, 128)))
    return folder


def train (name, folder, *options, **more):
    return run ('train', '-o', FOLDER / name, '--data', folder, *options, **more)


def trained (kind):
    """The folder of a training of two epochs with validation."""
    folder = FOLDER / kind
    if not folder.exists ():
        train (kind, data (), '--val', data (), *SHORT, *RUNS[kind][0], '--n-epochs', 2)
    return folder


def metadata (path):
    content = path.read_bytes ()
    return json.loads (content[8:8 + int.from_bytes (content[:8], 'little')])['__metadata__']


# ---- Every way of preprocessing -------------------------------------------------------------

def test_samples ():
    """samples show pictures at the sizes at which they are validated, one below the other"""
    for kind, (_, sizes, _, _) in RUNS.items ():
        width, height, _ = read_png (trained (kind) / 'samples/epoch-0002.png')
        expected = 3 * max (w for w, _ in sizes) + 8, sum (h for _, h in sizes) + 8
        check ((width, height) == expected, (kind, width, height, expected))


def test_card ():
    """the card has the longer side of what the network saw, and a scale at which it was trained"""
    for kind, (_, _, train_size, scale) in RUNS.items ():
        card = metadata (trained (kind) / 'model.safetensors')
        check ((card.get ('p2p.train_size'), card['p2p.scale']) == (train_size, scale),
               (kind, card))


def test_resume ():
    """stopped after an epoch and resumed, a training gives the same bits"""
    for kind in RUNS:
        train (f'{kind}-again', data (), '--val', data (), *SHORT, *RUNS[kind][0], '--n-epochs', 1)
        run ('train', '--resume', FOLDER / f'{kind}-again', '--n-epochs', 2)
        for file in 'model.safetensors', 'best.safetensors', 'log.csv':
            check ((FOLDER / f'{kind}-again' / file).read_bytes ()
                   == (trained (kind) / file).read_bytes (), f'{kind}: {file}')


def test_eval ():
    """eval sees pictures as the validation does, and writes them at their sizes"""
    for kind, (_, sizes, _, _) in RUNS.items ():
        pictures = FOLDER / f'{kind}-evaluated'
        output, _ = run ('eval', '-m', trained (kind) / 'model.safetensors', '--data', data (),
                         '--mode', 'aligned', '--json', '--pictures', pictures)
        result = json.loads (output)
        with open (trained (kind) / 'log.csv') as file:
            row = list (csv.DictReader (file))[-1]
        for key, column in ('l1', 'val_L1'), ('psnr', 'val_PSNR'), ('ssim', 'val_SSIM'):
            check (abs (result[key] - float (row[column])) < 1e-5 * abs (result[key]),
                   (kind, result, row))
        for i, (width, height) in enumerate (sizes):
            check (read_png (pictures / f'{i}.png')[:2] == (3 * width + 8, height), (kind, i))


def test_apply ():
    """apply accepts the models, for pictures of any shape"""
    paint (FOLDER / 'in.png', 150, 40)
    for kind in RUNS:
        out = FOLDER / f'{kind}.png'
        run ('apply', '-m', trained (kind) / 'model.safetensors', FOLDER / 'in.png', '-o', out)
        check (read_png (out)[:2] == (150, 40), kind)


def test_hints ():
    """drawings and photos with hints train in crops that are not square, and are validated"""
    folder = new_folder ('drawings')
    for i in range (2):
        paint (folder / f'{i}.png', 90, 60, lambda x, y: (220, 40 * i, 90) if x > y else (255,) * 3)
    for mode in 'sketch', 'colorize':
        train (mode, folder, '--val', folder, *NET, '--mode', mode, '--hints', '--load-size',
               '72x40', '--crop-size', '64x32', '--n-epochs', 1, '--n-epochs-decay', 0)
        check (read_png (FOLDER / mode / 'samples/epoch-0001.png')[:2] == (200, 68), mode)


# ---- What is seen ---------------------------------------------------------------------------

def first_pair (name, folder, *options):
    """Width, height, and the rows of A and of B in the first row of a dry run."""
    train (name, folder, *SHORT, '--no-flip', *options, '--dry-run')
    width, height, pixels = read_png (FOLDER / name / 'first-batch.png')
    side = (width - 4) // 2
    rows = [pixels[3 * width * y:3 * width * (y + 1)] for y in range (height)]
    return side, height, [row[:3 * side] for row in rows], [row[3 * side + 12:] for row in rows]


def one (name, width, height):
    folder = FOLDER / name
    paint (folder / '1.png', 2 * width, height, beside (width, place, place))
    return folder


def cut (x, y, width, height):
    """A part of a picture of positions."""
    return [b''.join (bytes (place (x + i, y + j)) for i in range (width)) for j in range (height)]


def test_crop ():
    """crop cuts out of the unscaled pixels, from A and B alike"""
    places = set ()
    for seed in range (4):
        *size, a, b = first_pair (f'cut-{seed}', one ('to-cut', 120, 80), '--preprocess', 'crop',
                                  '--crop-size', '64x32', '--seed', seed)
        x, y = a[0][:2]
        check (size == [64, 32] and x <= 56 and y <= 48, (size, x, y))
        check (a == cut (x, y, 64, 32) and b == a, 'other pixels')
        places.add ((x, y))
    check (len (places) > 1, places)


def test_unchanged ():
    """none and scale_width do not change pictures of fitting sizes"""
    for options in ('none',), ('scale_width', '--load-size', 96):
        *size, a, b = first_pair (f'{options[0]}-seen', one ('fitting', 96, 64), '--crop-size',
                                  32, '--preprocess', *options)
        check (size == [96, 64] and a == cut (0, 0, 96, 64) and b == a, (options, size))


def test_color_jitter ():
    """--color-jitter changes A and not B"""
    options = '--preprocess', 'crop', '--crop-size', 64
    _, _, a, b = first_pair ('plain', one ('colored', 64, 64), *options)
    _, _, other_a, other_b = first_pair ('shifted', FOLDER / 'colored', *options,
                                         '--color-jitter', 0.2)
    check (b == other_b, 'B is another')
    most = max (abs (x - y) for row, other in zip (a, other_a) for x, y in zip (row, other))
    check (1 < most < 160, most)


def test_scale_jitter ():
    """--scale-jitter enlarges beyond the load size, but never beyond the picture's own size"""
    steps = set ()
    for seed in range (6):
        _, _, a, _ = first_pair (f'scaled-{seed}', one ('large', 128, 128), '--load-size', 64,
                                 '--crop-size', 64, '--scale-jitter', 8, '--seed', seed)
        steps.add (round ((a[32][3 * 48] - a[32][3 * 16]) / 32, 1))
    check (len (steps) > 2 and min (steps) >= 1 and max (steps) <= 2, steps)


# ---- Messages -------------------------------------------------------------------------------

def test_rounded ():
    """one message says, with an example, that pictures are scaled to what the network needs"""
    _, errors = train ('rounded', data (), *SHORT, '--preprocess', 'none', '--crop-size', 32,
                       '--n-epochs', 2)
    check (errors.count ('multiples of 32 pixels, which --netG unet_32 needs: for example 0, from '
                         '100×50 to 96×64 pixels') == 1 and errors.count ('\n') == 1, errors)


def test_small ():
    """pictures too small for a crop that is not square: the message has a command that works"""
    folder = new_folder ('small')
    paint (folder / '1.png', 140, 40)
    for i, options in enumerate ([('--crop-size', '512x256', '--load-size', '572x286'),
                                  ('--preprocess', 'scale_width', '--load-size', 256),
                                  ('--preprocess', 'crop'), ('--preprocess', 'none')]):
        _, errors = train (f'small-{i}', folder, '--mode', 'aligned', '--ngf', 2, '--ndf', 2,
                           '--n-epochs', 1, '--n-epochs-decay', 0, *options, status=1)
        line = next (line for line in errors.splitlines () if line.startswith ('  pix2pix train'))
        run (*shlex.split (line)[1:])


def test_left_out ():
    """pictures lower than the crop are named with the size that is needed"""
    _, errors = train ('low', data (), *SHORT, '--preprocess', 'crop', '--crop-size', '32x64',
                       '--n-epochs', 1)
    check (errors.count ('left out') == 1 and '0.png is too small: 100×50 pixels, and at least '
           '32×64 are needed' in errors, errors)


def test_no_guess ():
    """if crops are not square, pictures twice as wide as high may be anything"""
    folder = new_folder ('wide')
    paint (folder / '1.png', 128, 64)
    _, errors = train ('guessed', folder, *NET, '--crop-size', '64x32', '--load-size', '64x32',
                       status=2)
    check ('Say it with --mode' in errors, errors)


def test_profile ():
    """training, validation and eval report an ignored profile once for each file"""
    profile = bytearray (write_profile (((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609),
                                         (0.1492, 0.0632, 0.7446)),
                                        b'curv\0\0\0\0\0\0\0\1' + struct.pack ('>H', 563)))
    profile[16:20] = b'CMYK'
    rows = b''.join (b'\0' + bytes (place (x, y)[k] for x in range (128) for k in range (3))
                     for y in range (64))
    for name in 'cmyk', 'cmyk-val':
        write_png_rows (new_folder (name) / f'{name}.png', 128, 64, rows,
                        chunks=[(b'iCCP', b'a\0\0' + zlib.compress (profile))])
    _, errors = train ('profile', FOLDER / 'cmyk', '--val', FOLDER / 'cmyk-val', *SHORT,
                       '--load-size', 64, '--crop-size', 64, '--n-epochs', 3)
    for name in 'cmyk', 'cmyk-val':
        check (errors.count (f'{name}/{name}.png” is of a kind that is not read') == 1, errors)
    check ('left out' not in errors, errors)
    output, errors = run ('eval', '-m', FOLDER / 'profile/model.safetensors', '--data',
                          FOLDER / 'cmyk', '--mode', 'aligned', '--json')
    check (errors.count ('taken for sRGB') == 1 and json.loads (output)['pictures'] == 1, errors)


def test_memory ():
    """no memory for a batch: status 1 with advice"""
    with open (PROGRAM, 'rb') as file:
        if b'__asan_init' in file.read ():
            raise Skip ('the sanitizer ends the process itself when there is no memory')
    write_png_rows (new_folder ('large-pair') / '1.png', 1024, 512, bytes (512 * (1 + 3 * 1024)))
    limit = 4 << 30     # A and B of 1024 pictures of 512×512 pixels take 3.2 GB each
    _, errors = train ('many', FOLDER / 'large-pair', *SHORT, '--load-size', 512, '--crop-size',
                       512, '--batch-size', 1024, '--n-epochs', 1, status=1,
                       preexec_fn=lambda: resource.setrlimit (resource.RLIMIT_AS, (limit, limit)))
    check ('There is no memory for a batch of pictures, which needs 3.2' in errors, errors)
    check ('--batch-size' in errors, errors)


run_tests (globals ())

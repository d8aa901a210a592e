#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix eval` at different sizes, its grid energy and sharpness, and which model a training
takes for the best.  test-eval.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import cmath
import csv
import json
import math
import random
import re
import struct
import sys

sys.dont_write_bytecode = True

from handmade import read_png, write_model, write_png
from program import FOLDER, MODELS, check, new_folder, run, run_tests

WIDTH, HEIGHT, GAP = 150, 90, 4
TRAIN_SIZE = 128
CARD = dict (num_downs=5, train_size=str (TRAIN_SIZE))


def labels (seed):
    """Four flat colors."""
    colors = (200, 40, 40), (40, 160, 60), (30, 60, 190), (240, 220, 90)
    return lambda x, y: colors[(x // 100 + y // 60 * 2 + seed) % 4]


def noise (seed):
    numbers = random.Random (seed)
    return lambda x, y: [numbers.randrange (256) for _ in range (3)]


def smooth (seed):
    """A soft pattern of colors."""
    def pixel (x, y):
        return [int (128 + 60 * math.sin (x / 9 + seed + k) + 50 * math.cos (y / 7 + 2 * k))
                for k in range (3)]
    return pixel


def make_folders (name, inputs, targets):
    """Two pairs in the folders A and B.  inputs (i) and targets (i) return the function that gives
    the pixels of picture i."""
    folder = new_folder (name)
    for side, pixel in ('A', inputs), ('B', targets):
        (folder / side).mkdir ()
        for i in range (2):
            write_png (folder / side / f'{i}.png', WIDTH, HEIGHT, pixel (i))
    return folder


MODELS.mkdir (parents=True)
write_model (MODELS / 'labels.safetensors', inputs='labels', **CARD)
write_model (MODELS / 'framed.safetensors', inputs='labels', frame='32', **CARD)
write_model (MODELS / 'color.safetensors', input_nc=1, output_nc=2, inputs='lab-l',
             output='lab-ab', **CARD)
write_model (MODELS / 'sketch.safetensors', input_nc=8,
             inputs='lines,hint-mask,hint-rgb,spread-rgb', **CARD)
PAIRS = make_folders ('pairs', labels, smooth)


def evaluate (model, mode, data, *options):
    """The figures that eval prints as JSON."""
    return json.loads (run ('eval', '-q', '--json', '-m', model, '--mode', mode, '--data', data,
                            *options)[0])


def parts (path):
    """Width and height of the three pictures on a sheet of eval --pictures, and their samples."""
    width, height, samples = read_png (path)
    side = (width - 2 * GAP) // 3
    starts = [i * (side + GAP) for i in range (3)]
    return side, height, [b''.join (samples[3 * (y * width + x):3 * (y * width + x + side)]
                                    for y in range (height)) for x in starts]


def check_l1 (folder, told):
    """Checks that L1, which is for values in [−1, 1], is that of the pictures, except for their
    rounding."""
    sums = []
    for path in folder.iterdir ():
        _, _, (_, output, target) = parts (path)
        sums.append (sum (abs (a - b) for a, b in zip (output, target)) / len (output) / 127.5)
    found = sum (sums) / len (sums)
    check (abs (found - told) < 0.5 / 127.5, f'{told}, and the pictures have {found}')


# ---- Sizes --------------------------------------------------------------------------------

def test_train_size ():
    """without --scale and with --scale train, pictures have the size and shape of the training"""
    told = evaluate ('labels', 'folders', PAIRS, '--pictures', FOLDER / 'train-size')
    check (parts (FOLDER / 'train-size/0.png')[:2] == (TRAIN_SIZE, TRAIN_SIZE), 'size')
    check_l1 (FOLDER / 'train-size', told['l1'])
    check (evaluate ('labels', 'folders', PAIRS, '--scale', 'train') == told, 'other figures')


def test_native ():
    """with --scale native, at any size, the results are those of apply --scale native"""
    told = evaluate ('labels', 'folders', PAIRS, '--scale', 'native', '--pictures',
                     FOLDER / 'native')
    check_l1 (FOLDER / 'native', told['l1'])
    run ('apply', '-q', '-m', 'labels', '--scale', 'native', PAIRS / 'A', '-o', FOLDER / 'applied/')
    for i in range (2):
        width, height, (seen, output, target) = parts (FOLDER / f'native/{i}.png')
        check ((width, height) == (WIDTH, HEIGHT), (width, height))
        check (seen == read_png (PAIRS / f'A/{i}.png')[2], 'the input is another')
        check (target == read_png (PAIRS / f'B/{i}.png')[2], 'the target is another')
        applied = read_png (FOLDER / f'applied/{i}.png')[2]
        check (max (abs (a - b) for a, b in zip (output, applied)) <= 1, 'the output is another')


def test_frame ():
    """a model with a frame gives at its training size, too, what an apply gives"""
    evaluate ('framed', 'folders', PAIRS, '--pictures', FOLDER / 'framed')
    side, _, (seen, output, _) = parts (FOLDER / 'framed/0.png')
    write_png (FOLDER / 'seen.png', side, side,
               lambda x, y: seen[3 * (y * side + x):3 * (y * side + x) + 3])
    far = []
    for model in 'framed', 'labels':
        run ('apply', '-q', '-m', model, FOLDER / 'seen.png', '-o', FOLDER / f'{model}.png')
        applied = read_png (FOLDER / f'{model}.png')[2]
        far.append (max (abs (a - b) for a, b in zip (output, applied)))
    check (far[0] <= 1 < far[1], far)


def test_fit ():
    """with --scale fit:N the longer side has N pixels, and pictures keep their shape"""
    told = evaluate ('labels', 'folders', PAIRS, '--scale', 'fit:75', '--pictures', FOLDER / 'fit')
    check (parts (FOLDER / 'fit/1.png')[:2] == (75, 45), parts (FOLDER / 'fit/1.png')[:2])
    check_l1 (FOLDER / 'fit', told['l1'])


def test_input_size ():
    """if the target is larger, a picture's own size is the size of the model's input"""
    folder = new_folder ('larger')
    for side, factor in ('A', 2), ('B', 1):
        (folder / side).mkdir ()
        write_png (folder / side / '0.png', factor * 40, factor * 64, smooth (0))
    evaluate ('labels', 'folders', folder, '--direction', 'BtoA', '--scale', 'native',
              '--pictures', FOLDER / 'larger-out')
    check (parts (FOLDER / 'larger-out/0.png')[:2] == (40, 64), 'size')


def test_sizes ():
    """each picture has its own size; those that are too small for SSIM do not count in it"""
    folder, large = new_folder ('sizes'), new_folder ('large')
    for i, (width, height) in enumerate (((40, 70), (9, 8), (64, 20))):
        write_png (folder / f'{i}.png', width, height, smooth (i))
        if i != 1:
            write_png (large / f'{i}.png', width, height, smooth (i))
    told = evaluate ('color', 'colorize', folder, '--scale', 'native', '--pictures',
                     FOLDER / 'sizes-out')
    sizes = [parts (FOLDER / f'sizes-out/{i}.png')[:2] for i in range (3)]
    check (sizes == [(40, 70), (9, 8), (64, 20)], sizes)
    expected = evaluate ('color', 'colorize', large, '--scale', 'native')['ssim']
    check (abs (told['ssim'] - expected) < 1e-9, (told, expected))


def test_sketch ():
    """sketches that are not square, with hints at their own size; the dots are reproducible"""
    folder = new_folder ('drawings')
    write_png (folder / '0.png', 100, 60, lambda x, y: b'\0\0\0' if x in (30, 31) else
               (220, 60, 40) if x < 30 else (50, 90, 200))
    words = ('sketch', 'sketch', folder, '--scale', 'native', '--hint-dots', '0,6')
    told = evaluate (*words, '--pictures', FOLDER / 'drawings-out')
    check (parts (FOLDER / 'drawings-out/0-6.png')[:2] == (100, 60), 'size')
    check ('dots_obeyed' in told['hints'][1], told)
    check (evaluate (*words) == told, 'other figures')


# ---- Texture ------------------------------------------------------------------------------

# How Y, Cb and Cr are computed from RGB, without the offset of Cb and Cr (ITU-T T.871).
LUMA = (0.299, 0.587, 0.114),
CHROMA = (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312)

# The Hann window, and the waves of the Fourier transform of 32 values.
HANN = [math.sin (math.pi * (i + 1) / 33) ** 2 for i in range (32)]
WAVE = [cmath.exp (-2j * math.pi * i / 32) for i in range (32)]


def plane_of (samples, weights):
    """A plane of a picture in whole levels.  As in Pillow, each product is rounded to 64ths of a
    level, and the sum is rounded down."""
    tables = [[round (64 * weight * v) for v in range (256)] for weight in weights]
    return [sum (table[v] for table, v in zip (tables, samples[i:i + 3])) // 64
            for i in range (0, len (samples), 3)]


def gradients (plane, width, height):
    return sum (math.hypot (plane[i + 1] - plane[i], plane[i + width] - plane[i])
                for y in range (height - 1) for i in range (y * width, (y + 1) * width - 1))


def power (plane, width, start, bins):
    """The power spectrum of a window, by bin: (down, across) → power."""
    rows = [plane[start + y * width:][:32] for y in range (32)]
    mean = sum (map (sum, rows)) / 1024
    rows = [[(v - mean) * a * b for v, b in zip (row, HANN)] for row, a in zip (rows, HANN)]
    across = {u: [sum (v * WAVE[u * x % 32] for x, v in enumerate (row)) for row in rows]
              for u in bins}
    return {(v, u): abs (sum (value * WAVE[v * y % 32] for y, value in enumerate (across[u]))) ** 2
            for v in bins for u in bins}


def flat_windows (samples, width, height):
    """The first pixels of the windows of 32 × 32 pixels, 16 apart, that are flat."""
    for start in (y * width + x for y in range (0, height - 31, 16)
                  for x in range (0, width - 31, 16)):
        center = samples[3 * (start + 16 * width + 16):][:3]
        if all (abs (v - center[i % 3]) <= 12 for y in range (32)
                for i, v in enumerate (samples[3 * (start + y * width):][:96])):
            yield start


def measure (sheets, flat, planes):
    """Grid energy and sharpness of the outputs on the sheets, as core/train/texture.h defines
    them.  flat is the number of the picture on a sheet whose flat windows count."""
    bins = range (-2, 20, 2)
    total, sharpness = dict.fromkeys (((v, u) for v in bins for u in bins), 1e-12), []
    for path in sheets.iterdir ():
        width, height, pictures = parts (path)
        outputs, targets = ([plane_of (picture, weights) for weights in planes]
                            for picture in pictures[1:])
        sharpness.append (sum (gradients (plane, width, height) for plane in outputs)
                          / sum (gradients (plane, width, height) for plane in targets))
        for start in flat_windows (pictures[flat], width, height):
            for plane in outputs:
                for place, value in power (plane, width, start, bins).items ():
                    total[place] += value
    logs = {place: math.log (value) for place, value in total.items ()}
    quotients = [logs[v, u] - (logs[v - 2, u] + logs[v + 2, u] + logs[v, u - 2]
                               + logs[v, u + 2]) / 4
                 for v in range (0, 17, 4) for u in range (0, 17, 4) if v or u]
    return math.exp (sum (quotients) / len (quotients)), sum (sharpness) / len (sharpness)


def check_texture (told, sheets, flat=0, planes=LUMA, near=1e-6):
    grid, sharpness = measure (sheets, flat, planes)
    check (abs (told['grid_energy'] - grid) <= near * grid
           and abs (told['sharpness'] - sharpness) <= near * sharpness,
           f'{told} instead of {grid} and {sharpness}')


def test_texture ():
    """grid energy and sharpness are those of the pictures"""
    told = evaluate ('labels', 'folders', PAIRS, '--scale', 'native', '--pictures',
                     FOLDER / 'texture')
    check_texture (told, FOLDER / 'texture')


def test_texture_of_colors ():
    """for models that find colors, they are measured in chroma"""
    folder = new_folder ('gray')
    write_png (folder / '0.png', WIDTH, HEIGHT,
               lambda x, y: (90, 110, 100) if x < 60 else smooth (0) (x, y))
    told = evaluate ('color', 'colorize', folder, '--scale', 'native', '--pictures',
                     FOLDER / 'gray-out')
    check_texture (told, FOLDER / 'gray-out', planes=CHROMA)


def test_flat ():
    """the grid is measured in flat parts of the inputs or the targets, or not at all"""
    folder = make_folders ('flat', noise, labels)
    told = evaluate ('labels', 'folders', folder, '--scale', 'native')
    check ('grid_energy' not in told and 'sharpness' in told, told)
    told = evaluate ('labels', 'folders', folder, '--scale', 'native', '--flat', 'targets',
                     '--pictures', FOLDER / 'flat-out')
    check ('grid_energy' in told, told)
    check_texture (told, FOLDER / 'flat-out', flat=2)


def test_words ():
    """eval prints both after the other figures, and its help explains them"""
    said = run ('eval', '-q', '-m', 'labels', '--mode', 'folders', '--data', PAIRS)[0]
    pattern = r'2 pictures: L1 0\.\d{4}, PSNR \d+\.\d\d, SSIM -?0\.\d{4}, grid \d+\.\d\d, ' \
              r'sharpness \d+\.\d{3}\n'
    check (re.fullmatch (pattern, said), said)
    said = run ('eval', '--help')[0]
    for words in ('1 means no grid', '1 means equally sharp'):
        check (words in said, said)


def test_usage ():
    """values that make no sense: status 2, the message says what is possible"""
    for option, value, message in (('--scale', '512', 'wants train, native or fit:N'),
                                   ('--flat', 'photos', 'wants inputs or targets')):
        _, said = run ('eval', '-m', 'labels', '--mode', 'folders', '--data', PAIRS, option, value,
                       status=2)
        check (message in said, said)


def test_broken ():
    """pictures whose pixels are damaged are named and left out, unless there are no others"""
    def damage (path):
        data = bytearray (path.read_bytes ())
        data[len (data) // 2] ^= 255
        path.write_bytes (data)

    folder = make_folders ('broken', labels, smooth)
    expected = evaluate ('labels', 'folders', PAIRS, '--first', 1)
    one, other = folder / 'A/0.png', folder / 'B/1.png'
    damage (other)
    text, errors = run ('eval', '--json', '-m', 'labels', '--mode', 'folders', '--data', folder)
    check (json.loads (text)['l1'] == expected['l1'] and str (other) in errors, (text, errors))
    damage (one)
    _, errors = run ('eval', '-m', 'labels', '--mode', 'folders', '--data', folder, status=1)
    check ('None of the pictures to evaluate with can be read' in errors, errors)


# ---- The best model of a training ---------------------------------------------------------

def train (name, *options):
    run ('train', '-o', FOLDER / name, '--data', PAIRS, '--val', PAIRS, '--mode', 'folders',
         '--netG', 'unet_32', '--ngf', 4, '--ndf', 4, '--n-layers-D', 1, '--crop-size', 64,
         '--load-size', 64, '--n-epochs-decay', 0, *options)


def read_log (name):
    with open (FOLDER / name / 'log.csv') as file:
        return list (csv.DictReader (file))


def metadata (path):
    data = path.read_bytes ()
    return json.loads (data[8:8 + int.from_bytes (data[:8], 'little')])['__metadata__']


def best_epoch (name):
    words = metadata (FOLDER / name / 'best.safetensors')['p2p.metrics']
    return int (re.search (r'epoch (\d+)', words)[1])


def score (row):
    """The score L1 · (1 − SSIM) · max (sharpness, 1 / sharpness) · max (grid, 1)^⅛."""
    l1, ssim, sharpness, grid = (float (row[f'val_{name}'])
                                 for name in ('L1', 'SSIM', 'sharpness', 'grid'))
    return l1 * (1 - ssim) * max (sharpness, 1 / sharpness) * max (grid, 1) ** 0.125


def test_best ():
    """the best model has the lowest score, made of L1, SSIM, sharpness and grid"""
    train ('best', '--n-epochs', 12, '--lr', 0.002)
    rows = [row for row in read_log ('best') if row['val_L1']]
    check (len (rows) == 12, rows)
    check (best_epoch ('best') == int (min (rows, key=score)['epoch']), list (map (score, rows)))


def test_earlier_training ():
    """a training that began before the score existed resumes: its log keeps its columns"""
    train ('earlier', '--n-epochs', 2)
    log, checkpoint = FOLDER / 'earlier/log.csv', FOLDER / 'earlier/checkpoint.safetensors'
    lines = [line.rsplit (',', 2)[0] for line in log.read_text ().splitlines ()]
    log.write_text ('\n'.join (lines) + '\n')

    data = checkpoint.read_bytes ()
    size = int.from_bytes (data[:8], 'little')
    header = json.loads (data[8:8 + size])
    texts = header['__metadata__']
    check (float (texts.pop ('state.best-score')) > 0, texts)
    texts['state.best'] = '0.000001'
    texts['state.log-length'] = str (log.stat ().st_size)
    words = json.dumps (header).encode ()
    words += b' ' * (-len (words) % 8)
    checkpoint.write_bytes (struct.pack ('<Q', len (words)) + words + data[8 + size:])

    run ('train', '--resume', FOLDER / 'earlier', '--n-epochs', 4)
    after = log.read_text ().splitlines ()
    check (after[:len (lines)] == lines, after)
    check (len ({line.count (',') for line in after}) == 1, after)
    check (best_epoch ('earlier') >= 3, best_epoch ('earlier'))


run_tests (globals ())

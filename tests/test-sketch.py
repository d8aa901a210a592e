#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: sketches and hints of color in the program: training, evaluation, applying, and the messages
where they do not fit.  test-sketch.py PROGRAM

Needs nothing but Python.  The drawings are made here, and the networks are small.
"""

import json
import math

from handmade import read_samples, write_model, write_png, write_png_rows
from program import FOLDER, MODELS, check, new_folder, run, run_tests

SIDE = 64
INPUTS = 'lines,hint-rgb,hint-mask,spread-rgb,spread-reach'
NET = ('--mode', 'sketch', '--hints', '--netG', 'unet_32', '--crop-size', SIDE, '--load-size', SIDE,
       '--ngf', 4, '--ndf', 4, '--n-layers-D', 1, '--batch-size', 2)


def drawing (color):
    """A disc of one color with a black outline on white paper."""
    def pixel (x, y):
        distance = math.hypot (x - SIDE / 2, y - SIDE / 2)
        return color if distance < 20 else b'\0\0\0' if distance < 22 else b'\xff\xff\xff'
    return pixel


def outline (x, y):
    distance = math.hypot (x - SIDE / 2, y - SIDE / 2)
    return b'\0\0\0' if 20 <= distance < 22 else b'\xff\xff\xff'


def make_drawings (name, n):
    folder = new_folder (name)
    for i in range (n):
        write_png (folder / f'{i}.png', SIDE, SIDE,
                   drawing (bytes ((40 + 50 * i % 200, 200 - 30 * i, 90))))
    return folder


def write_hints (path, width, height, dots):
    """Writes RGBA: dots {(x, y): color} of 3 × 3 pixels, transparent elsewhere."""
    rows = [bytearray (4 * width) for _ in range (height)]
    for (x, y), color in dots.items ():
        for row in rows[y - 1:y + 2]:
            for column in range (x - 1, x + 2):
                row[4 * column:4 * column + 4] = bytes ((*color, 255))
    write_png_rows (path, width, height, b''.join (b'\0' + bytes (row) for row in rows), 8, 6)


def pairs ():
    """One pair in one picture, A on the left and B on the right."""
    folder = new_folder ('pairs')
    write_png (folder / 'a.png', 2 * SIDE, SIDE,
               lambda x, y: (outline if x < SIDE else drawing (b'\x20\x80\xc0')) (x % SIDE, y))
    return folder


TRAIN, VAL = make_drawings ('train', 5), make_drawings ('val', 2)
USUAL = ('--data', TRAIN, '--val', VAL, *NET, '--n-epochs', 2, '--n-epochs-decay', 2,
         '--save-epoch-freq', 1)


def straight ():
    folder = FOLDER / 'straight'
    if not folder.exists ():
        run ('train', '-o', folder, *USUAL)
    return folder


def metadata (path):
    data = path.read_bytes ()
    return json.loads (data[8:8 + int.from_bytes (data[:8], 'little')])['__metadata__']


# ---- Training -----------------------------------------------------------------------------

def test_card ():
    """the card of a sketch model names its planes, and its network takes nine channels"""
    card = metadata (straight () / 'model.safetensors')
    check (card['p2p.inputs'] == INPUTS and card['p2p.input_nc'] == '9', card)
    check (card['p2p.output'] == 'rgb' and '--hints' in card['p2p.options'], card)


def test_resume ():
    """a training of sketches that is resumed gives the same bits as one that is not stopped"""
    run ('train', '-o', FOLDER / 'half', *USUAL, '--n-epochs', 1, '--n-epochs-decay', 0)
    run ('train', '--resume', FOLDER / 'half', '--n-epochs', 2, '--n-epochs-decay', 2)
    for file in ('model.safetensors', 'log.csv'):
        check ((FOLDER / 'half' / file).read_bytes () == (straight () / file).read_bytes (), file)


def test_drawn_lines ():
    """--lines takes drawn lines by the drawings' names; drawings without lines are left out"""
    lines = new_folder ('lines')
    for i in range (5):
        write_png (lines / f'{i}.png', SIDE, SIDE, outline)
    run ('train', '-o', FOLDER / 'drawn', '--data', TRAIN, '--lines', lines, *NET, '--n-epochs', 1,
         '--n-epochs-decay', 0)
    (lines / '4.png').unlink ()
    counts, said = run ('train', '-o', FOLDER / 'undrawn', '--data', TRAIN, '--lines', lines, *NET,
                        '--dry-run')
    check ('4.png has no partner' in said and '4, 1 left out' in counts, said)


def test_colorize ():
    """colorize also learns with hints: from lightness, and from the hints' a and b"""
    run ('train', '-o', FOLDER / 'color', '--data', TRAIN, *NET, '--mode', 'colorize',
         '--n-epochs', 1, '--n-epochs-decay', 0)
    card = metadata (FOLDER / 'color/model.safetensors')
    check (card['p2p.inputs'] == 'lab-l,hint-ab,hint-mask,spread-ab,spread-reach', card)
    said, _ = run ('eval', '--model', FOLDER / 'color/model.safetensors', '--data', VAL, '--mode',
                   'colorize', '--hint-dots', '5', '--json')
    check (json.loads (said)['hints'][0]['ab_error_of_spreading'] > 0, said)


# ---- Evaluation ---------------------------------------------------------------------------

def test_hint_dots ():
    """eval reports the error for each number of dots, with the network and from the hints alone"""
    said, _ = run ('eval', '--model', straight () / 'model.safetensors', '--data', VAL, '--mode',
                   'sketch', '--hint-dots', '0,1,10', '--json')
    rows = json.loads (said)['hints']
    check ([row['dots'] for row in rows] == [0, 1, 10], rows)
    check ('ab_error_of_spreading' not in rows[0] and 'ab_error' in rows[0], rows[0])
    for row in rows[1:]:
        check (0 <= row['dots_obeyed'] <= 1, row)
    # Spreading fills only the disc with the dot's color; the nearest hint fills everything.
    check (rows[1]['ab_error_of_spreading'] < 0.3 * rows[1]['ab_error_of_nearest_hint'], rows[1])


def test_eval_again ():
    """the dots of an evaluation are the same every time"""
    words = ('eval', '--model', straight () / 'model.safetensors', '--data', VAL, '--mode',
             'sketch', '--hint-dots', '7')
    check (run (*words) == run (*words), 'they differ')


# ---- Applying -----------------------------------------------------------------------------

def test_hints ():
    """hints change the result; in a folder they are found by name, and a picture may have none"""
    pictures, hints = new_folder ('pictures'), new_folder ('hints')
    for name in ('a', 'b'):
        write_png (pictures / f'{name}.png', SIDE, SIDE, outline)
    write_hints (hints / 'a.png', SIDE, SIDE, {(32, 32): (220, 30, 30)})
    model = straight () / 'model.safetensors'
    run ('apply', '-q', '--model', model, pictures, '-o', FOLDER / 'plain/')
    run ('apply', '-q', '--model', model, '--hints', hints, pictures, '-o', FOLDER / 'hinted/')
    run ('apply', '-q', '--model', model, '--hints', hints / 'a.png', pictures / 'a.png', '-o',
         FOLDER / 'one.png')
    check ((FOLDER / 'plain/b.png').read_bytes () == (FOLDER / 'hinted/b.png').read_bytes (), 'b')
    check ((FOLDER / 'plain/a.png').read_bytes () != (FOLDER / 'hinted/a.png').read_bytes (), 'a')
    check ((FOLDER / 'one.png').read_bytes () == (FOLDER / 'hinted/a.png').read_bytes (), 'one')


def test_hints_of_one_name ():
    """if several hint files fit, the one with the picture's exact name is used, else none"""
    picture, hints = FOLDER / 'named.png', new_folder ('named-hints')
    write_png (picture, SIDE, SIDE, outline)
    write_hints (hints / 'named.png', SIDE, SIDE, {(32, 32): (220, 30, 30)})
    words = ('apply', '-q', '--force', '--model', straight () / 'model.safetensors', picture, '-o',
             FOLDER / 'x.png', '--hints')
    run (*words, hints / 'named.png')
    expected = (FOLDER / 'x.png').read_bytes ()
    for name in 'named.bmp', 'named.jpg':
        write_hints (hints / name, SIDE, SIDE, {(32, 32): (30, 30, 220)})
    run (*words, hints)
    check ((FOLDER / 'x.png').read_bytes () == expected, 'other hints')

    (hints / 'named.png').unlink ()
    _, said = run (*words, hints, status=1)
    check ('named.bmp' in said and 'named.jpg' in said and 'keep only one of them' in said, said)


def test_lines_stay ():
    """lines stay as they are drawn, at any working size and any line strength"""
    picture, model = FOLDER / 'stay.png', straight () / 'model.safetensors'
    write_png (picture, 4 * SIDE, 4 * SIDE, lambda x, y: outline (x / 4, y / 4))
    found = {}
    for strength in '1', '0.3':
        run ('apply', '-q', '--force', '--model', model, '--line-strength', strength, picture,
             '-o', FOLDER / 'stayed.png')
        found[strength] = read_samples (FOLDER / 'stayed.png')[4]
        for i in range (0, (4 * SIDE) ** 2, 7):
            drawn = outline (i % (4 * SIDE) / 4, i // (4 * SIDE) / 4)
            here = found[strength][3 * i:3 * i + 3]
            check ((max (here) == 0) == (max (drawn) == 0), (i, here))
    check (found['1'] != found['0.3'], 'the network was shown the same lines')


def test_line_strength_refused ():
    """a line strength that is not a number from 0 to 4: status 2, the message names it"""
    for strength in '-1', '4.5', 'dark':
        _, said = run ('apply', '--model', straight () / 'model.safetensors',
                       f'--line-strength={strength}', FOLDER / 'stay.png', '-o',
                       FOLDER / 'never.png', status=2)
        check ('--line-strength' in said and strength in said, said)


def test_refused ():
    """hints of another shape, or for a model that takes none, are refused with a message"""
    MODELS.mkdir (parents=True, exist_ok=True)
    write_model (MODELS / 'plain.safetensors')
    picture = FOLDER / 'refused.png'
    write_png (picture, SIDE, SIDE, outline)
    write_hints (FOLDER / 'wide.png', 2 * SIDE, SIDE, {(9, 9): (1, 2, 3)})
    write_hints (FOLDER / 'twice.png', 2 * SIDE, 2 * SIDE, {(9, 9): (1, 2, 3)})
    model = straight () / 'model.safetensors'
    _, said = run ('apply', '--model', model, '--hints', FOLDER / 'wide.png', picture, '-o',
                   FOLDER / 'refused-out.png', status=1)
    check ('another shape' in said and '128×64' in said, said)
    run ('apply', '-q', '--model', model, '--hints', FOLDER / 'twice.png', picture, '-o',
         FOLDER / 'refused-out.png')
    _, said = run ('apply', '--model', 'plain', '--hints', FOLDER / 'twice.png', picture, '-o',
                   FOLDER / 'never.png', status=1)
    check ('takes no color hints' in said, said)


def test_four_channels ():
    """a network that outputs alpha is trained, exported, imported again and applied"""
    run ('train', '-o', FOLDER / 'alpha', '--data', pairs (), '--mode', 'aligned', '--outputs',
         'rgba', '--inputs', 'rgba', '--netG', 'unet_32', '--crop-size', SIDE, '--load-size', SIDE,
         '--ngf', 4, '--ndf', 4, '--n-layers-D', 1, '--n-epochs', 1, '--n-epochs-decay', 0)
    run ('export', FOLDER / 'alpha/model.safetensors', '-o', FOLDER / 'alpha.pth')
    run ('import', FOLDER / 'alpha.pth', '-o', FOLDER / 'alpha.safetensors', '--card',
         'inputs=rgba', '--card', 'output=rgba', '-q')
    write_png (FOLDER / 'opaque.png', SIDE, SIDE, outline)
    for model in FOLDER / 'alpha/model.safetensors', FOLDER / 'alpha.safetensors':
        run ('apply', '-q', '--force', '--model', model, '--scale', 'native',
             FOLDER / 'opaque.png', '-o', FOLDER / 'cut.png')
        check (read_samples (FOLDER / 'cut.png')[3] == 4, 'there is no alpha')


def test_opaque_hints ():
    """hints without transparency and missing hint files are refused"""
    write_png (FOLDER / 'opaque-hints.png', SIDE, SIDE, outline)
    words = ('apply', '--model', straight () / 'model.safetensors', FOLDER / 'opaque-hints.png',
             '-o', FOLDER / 'never.png', '--hints')
    _, said = run (*words, FOLDER / 'opaque-hints.png', status=1)
    check ('no transparency' in said, said)
    _, said = run (*words, FOLDER / 'nowhere', status=2)
    check ('nowhere' in said, said)


def test_options ():
    """options that do not go together: hints for pairs, lines for photos, the wrong mode"""
    for words, expected in ((('--mode', 'aligned'), '--hints is for'),
                            (('--mode', 'colorize', '--lines', VAL), '--lines is for'),
                            (('--direction', 'BtoA'), 'has only one direction')):
        _, said = run ('train', '-o', FOLDER / 'never', '--data', TRAIN, *NET, *words, status=2)
        check (expected in said, said)
    _, said = run ('eval', '--model', straight () / 'model.safetensors', '--data', VAL, '--mode',
                   'folders', status=1)
    check ('--mode sketch' in said, said)
    check (not (FOLDER / 'never').exists (), 'a folder was made')


run_tests (globals ())

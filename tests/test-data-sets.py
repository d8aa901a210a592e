#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: how `pix2pix train` and `pix2pix eval` treat folders as people have them: which files are
used, which are left out and why, and what is guessed.  test-data-sets.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import json
import pathlib
import random
import shlex
import shutil
import struct
import zlib

from handmade import read_png, write_png, write_png_rows
from program import ENVIRONMENT, FOLDER, check, new_folder, run, run_tests

SIDE = 32
NET = ('--netG', 'unet_32', '--crop-size', SIDE, '--load-size', SIDE, '--ngf', 4, '--ndf', 4,
       '--n-layers-D', 1, '--no-flip')
SHORT = (*NET, '--n-epochs', 1, '--n-epochs-decay', 0)
FOLDERS, ALIGNED = ('--mode', 'folders'), ('--mode', 'aligned')
PHOTO = pathlib.Path (__file__).parent / 'data/progressive.jpg'     # 48 × 32
RED, GREEN, BLUE, GRAY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128)


def exif (orientation):
    """An EXIF directory with one entry, the orientation (EXIF 2.3, 4.6.4)."""
    return b'MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1' + struct.pack ('>H', orientation) + bytes (6)


def write_photo (path, orientation):
    data, content = PHOTO.read_bytes (), b'Exif\0\0' + exif (orientation)
    path.parent.mkdir (parents=True, exist_ok=True)
    path.write_bytes (data[:2] + b'\xff\xe1' + struct.pack ('>H', len (content) + 2) + content
                      + data[2:])


def paint (path, width, height, pixel=GRAY):
    """A picture of one color, or with the color pixel (x, y) at each pixel."""
    path.parent.mkdir (parents=True, exist_ok=True)
    write_png (path, width, height, pixel if callable (pixel) else lambda x, y: pixel)


def noise (seed):
    """Returns a function with a random color for each pixel."""
    def pixel (x, y):
        return random.Random (f'{seed} {x} {y}').randbytes (3)
    return pixel


def beside (left, right, width):
    return lambda x, y: (left if x < width else right) (x, y)


def dry (name, *options, **more):
    """Returns the number of pictures, the number of files left out, and the messages."""
    output, errors = run ('train', '-o', FOLDER / name, *SHORT, *options, '--dry-run', **more)
    words = output.split ()
    return int (words[1].strip (',')), errors.count ('left out:'), errors


def first_pair (name):
    """The colors in the middle of A and of B in the first row of a dry run."""
    width, _, pixels = read_png (FOLDER / name / 'first-batch.png')
    return [tuple (pixels[3 * (SIDE // 2 * width + x):][:3])
            for x in (SIDE // 2, SIDE + 4 + SIDE // 2)]


# ---- Orientation --------------------------------------------------------------------------

def test_turned_partner ():
    """a photo that is stored rotated has the shape in which it is shown"""
    folder = new_folder ('turned')
    write_photo (folder / 'A/1.jpg', 6)
    paint (folder / 'B/1.png', 32, 48)
    check (dry ('turned-run', '--data', folder, *FOLDERS)[:2] == (1, 0), 'left out')


def test_turned_other ():
    """its partner may not have the shape in which it is stored"""
    folder = new_folder ('stored')
    for i in 1, 2:
        write_photo (folder / f'A/{i}.jpg', 6)
    paint (folder / 'B/1.png', 32, 48)
    paint (folder / 'B/2.png', 48, 32)
    entries, left_out, errors = dry ('stored-run', '--data', folder, *FOLDERS)
    check ((entries, left_out) == (1, 1), errors)
    check ('A/2.jpg has 32×48 pixels, but its partner' in errors, errors)


def test_turned_pair ():
    """a pair in one picture that is stored rotated has the halves that are shown, for PNG too"""
    folder = new_folder ('turned-pair')
    rows = b''.join (b'\0' + bytes (RED if y < SIDE else BLUE) * SIDE for y in range (2 * SIDE))
    write_png_rows (folder / '1.png', SIDE, 2 * SIDE, rows, chunks=[(b'eXIf', exif (8))])
    check (dry ('turned-pair-run', '--data', folder, *ALIGNED, '--direction', 'AtoB')[:2]
           == (1, 0), 'left out')
    check (first_pair ('turned-pair-run') == [RED, BLUE], first_pair ('turned-pair-run'))


# ---- Halves -------------------------------------------------------------------------------

def test_halves ():
    """transparent pixels of one half get no color from the other half"""
    folder = new_folder ('halves')
    colors = {0: bytes ((*BLUE, 255)), 40: bytes ((*RED, 255))}
    row = b'\0' + b''.join (colors.get (x, bytes (4)) for x in range (80))
    write_png_rows (folder / '1.png', 80, 40, 40 * row, kind=6)
    dry ('halves-run', '--data', folder, *ALIGNED)
    width, height, pixels = read_png (FOLDER / 'halves-run/first-batch.png')
    for name, begin, color in ('A', 0, BLUE), ('B', SIDE + 4, RED):
        seen = {tuple (pixels[3 * (y * width + begin + x):][:3])
                for y in range (height) for x in range (SIDE)}
        check (seen == {color}, f'{name}: {seen}')


# ---- Names --------------------------------------------------------------------------------

def test_same_ending ():
    """if several files have one name, those with the same ending are a pair; others are named"""
    folder = new_folder ('endings')
    for name, color in ('A/1.png', RED), ('A/1.bmp', GRAY), ('B/1.png', BLUE), ('B/1.jpg', GRAY):
        paint (folder / name, SIDE, SIDE, color)
    entries, left_out, errors = dry ('endings-run', '--data', folder, *FOLDERS)
    check ((entries, left_out) == (1, 2), errors)
    for one, other in ('A/1.bmp', 'A/1.png'), ('B/1.jpg', 'B/1.png'):
        check (f'{folder / one} has the same name as {folder / other}' in errors, errors)
    check (first_pair ('endings-run') == [RED, BLUE], first_pair ('endings-run'))


def test_other_ending ():
    """two possible partners, both with another ending: the file and the two are named"""
    folder = new_folder ('unclear')
    for name in 'A/1.png', 'B/1.jpg', 'B/1.bmp', 'A/2.png', 'B/2.jpg':
        paint (folder / name, SIDE, SIDE)
    entries, left_out, errors = dry ('unclear-run', '--data', folder, *FOLDERS)
    check ((entries, left_out) == (1, 3), errors)
    check (f'A/1.png has two partners, {folder}/B/1.bmp and {folder}/B/1.jpg' in errors, errors)


def test_no_partner ():
    """files without a partner are named and left out; the pairs are used"""
    folder = new_folder ('lonely')
    for name in 'A/1.png', 'A/2.png', 'B/1.png', 'B/3.png':
        paint (folder / name, SIDE, SIDE)
    entries, left_out, errors = dry ('lonely-run', '--data', folder, *FOLDERS)
    check ((entries, left_out) == (1, 2), errors)
    for name, other in ('A/2.png', 'B'), ('B/3.png', 'A'):
        check (f'{folder / name} has no partner of the same name in “{folder / other}”' in errors,
               errors)


def train_model ():
    """Trains a model for pairs in one picture."""
    path = FOLDER / 'model-run/model.safetensors'
    if not path.exists ():
        folder = new_folder ('model-data')
        paint (folder / '1.png', 2 * SIDE, SIDE, noise (1))
        run ('train', '-o', FOLDER / 'model-run', '--data', folder, *ALIGNED, *SHORT)
    return path


def test_eval_names ():
    """eval --pictures writes one file for each picture, also if only their endings differ"""
    folder = new_folder ('twins')
    for name, color in ('1.png', RED), ('1.jpg', BLUE), ('1.png.png', GREEN), ('2.png', GRAY):
        paint (folder / name, 2 * SIDE, SIDE, color)
    run ('eval', '-m', train_model (), '--data', folder, *ALIGNED, '--pictures',
         FOLDER / 'twins-out')
    seen = {path.name: tuple (read_png (path)[2][:3]) for path in (FOLDER / 'twins-out').iterdir ()}
    check (seen == {'1.png.png': RED, '1.jpg.png': BLUE, '1.png.png.png': GREEN, '2.png': GRAY},
           seen)


# ---- What is left out ---------------------------------------------------------------------

def mixed_folder (name):
    """Two usable pairs and four unusable ones, and the message for each unusable one."""
    folder = new_folder (name)
    for i, size in enumerate ([(40, 40), (41, 40), (40, 31), (40, 40), (40, 40), (40, 40)]):
        for side in 'AB':
            paint (folder / side / f'{i}.png', *size, noise (f'{i} {side}'))
    paint (folder / 'B/1.png', 40, 40)
    (folder / 'A/3.jpg').write_text ('no picture')
    (folder / 'A/3.png').unlink ()
    whole = (folder / 'B/4.png').read_bytes ()
    (folder / 'B/4.png').write_bytes (whole[:-40])
    return folder, {'A/1.png has 41×40 pixels': 1, 'A/2.png is too small: 40×31 pixels': 1,
                    'A/3.jpg” cannot be read': 1, 'B/4.png” cannot be read': 1}


def test_left_out ():
    """every unusable file is named with its reason, and the others are used for training"""
    folder, reasons = mixed_folder ('mixed')
    _, errors = run ('train', '-o', FOLDER / 'mixed-run', '--data', folder, *FOLDERS, *SHORT)
    for reason, n in reasons.items ():
        check (errors.count (reason) == n, errors)
    check (errors.count ('left out:') == 4, errors)
    check ((FOLDER / 'mixed-run/model.safetensors').exists (), 'no model')


def test_left_out_dry ():
    """--dry-run names the same files and counts the remaining pictures"""
    folder, reasons = mixed_folder ('mixed-dry')
    entries, left_out, errors = dry ('mixed-dry-run', '--data', folder, *FOLDERS)
    check ((entries, left_out) == (2, 4), (entries, errors))
    for reason in reasons:
        check (reason in errors, errors)


def test_left_out_val ():
    """validation and eval name them too, also a pair with an odd width"""
    folder = new_folder ('val-mixed')
    paint (folder / '1.png', 2 * SIDE, SIDE)
    paint (folder / '2.png', 2 * SIDE + 1, SIDE)
    (folder / 'fake.jpg').write_text ('no picture')
    output, errors = run ('eval', '-m', train_model (), '--data', folder, *ALIGNED, '--json')
    check (json.loads (output)['pictures'] == 1, output)
    check (errors.count ('left out:') == 2 and '65 pixels wide, an odd number' in errors, errors)
    _, errors = run ('train', '-o', FOLDER / 'val-run', '--data', FOLDER / 'model-data', '--val',
                     folder, *ALIGNED, *SHORT)
    check (errors.count ('left out:') == 2 and 'fake.jpg' in errors, errors)


def test_nothing_left ():
    """if no pictures are left, that is an error"""
    folder = new_folder ('nothing')
    (folder / 'fake.jpg').write_text ('no picture')
    _, errors = run ('train', '-o', FOLDER / 'nothing-run', '--data', folder, *ALIGNED, *SHORT,
                     status=1)
    check ('fake.jpg' in errors, errors)
    check (f'No picture in the folder “{folder}” can be used' in errors, errors)


def test_missing_loader ():
    """a file whose loader is missing is not a missing partner: the message names the loader"""
    folder = new_folder ('webp')
    for name in 'A/04.png', 'B/04.png', 'A/05.png':
        paint (folder / name, SIDE, SIDE)
    (folder / 'B/05.webp').write_bytes (b'RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10'
                                        b'\x11\x11\x88\x88\xfe\x07\0')
    entries, left_out, errors = dry ('webp-run', '--data', folder, *FOLDERS,
                                     env=dict (ENVIRONMENT, GDK_PIXBUF_MODULE_FILE='/dev/null'))
    check ((entries, left_out) == (1, 1), errors)
    check (f"“{folder}/B/05.webp” cannot be read: gdk-pixbuf's loader for WebP is missing"
           in errors, errors)


def spoil (path):
    """Writes intact chunks around invalid pixel data, which shows only when the picture is read."""
    def chunk (name, data):
        return (struct.pack ('>I', len (data)) + name + data
                + struct.pack ('>I', zlib.crc32 (name + data)))

    header = struct.pack ('>IIBBBBB', 2 * SIDE, SIDE, 8, 2, 0, 0, 0)
    path.write_bytes (b'\x89PNG\r\n\x1a\n' + chunk (b'IHDR', header)
                      + chunk (b'IDAT', b'no pixels') + chunk (b'IEND', b''))


def test_sample_sheet ():
    """the sheet of samples shows readable pictures, even if unreadable ones come first"""
    folder = new_folder ('spoilt')
    for i in range (5):
        spoil (folder / f'{i}.png')
    paint (folder / '5.png', 2 * SIDE, SIDE, RED)
    _, errors = run ('train', '-o', FOLDER / 'spoilt-run', '--data', FOLDER / 'model-data',
                     '--val', folder, *ALIGNED, *SHORT)
    check (errors.count ('left out:') == 5, errors)
    width, height, pixels = read_png (FOLDER / 'spoilt-run/samples/epoch-0001.png')
    check (tuple (pixels[:3]) == RED, pixels[:3])


def test_resume ():
    """a training whose folder contains such files resumes with the same bits"""
    folder, _ = mixed_folder ('going-on')
    more = ('--data', folder, *FOLDERS, *NET, '--n-epochs-decay', 0, '--save-epoch-freq', 1)
    run ('train', '-o', FOLDER / 'whole-run', *more, '--n-epochs', 4)
    run ('train', '-o', FOLDER / 'parts-run', *more, '--n-epochs', 2)
    _, errors = run ('train', '--resume', FOLDER / 'parts-run', '--n-epochs', 4)
    check (errors.count ('left out:') == 4, errors)
    for name in 'model.safetensors', 'log.csv':
        whole, parts = ((FOLDER / run / name).read_bytes () for run in ('whole-run', 'parts-run'))
        check (whole == parts, name)


def test_old_checkpoint ():
    """for a checkpoint without a list of left-out files, unreadable files count as left out"""
    folder = new_folder ('old')
    for i in range (3):
        paint (folder / f'{i}.png', 2 * SIDE, SIDE, noise (i))
    run ('train', '-o', FOLDER / 'old-run', '--data', folder, *ALIGNED, *SHORT)
    (folder / '1.png').write_text ('no picture')
    _, errors = run ('train', '--resume', FOLDER / 'old-run', '--n-epochs', 3, status=1)
    check ('holds 2 pictures now, but held 3' in errors and '1.png' in errors, errors)

    path = FOLDER / 'old-run/checkpoint.safetensors'
    data = path.read_bytes ()
    check (data.count (b'"state.left-out"') == 1, 'no number of files left out')
    path.write_bytes (data.replace (b'"state.left-out"', b'"state.leftover"'))
    _, errors = run ('train', '--resume', FOLDER / 'old-run', '--n-epochs', 3)
    check (errors.count ('1.png') == 1, errors)


# ---- Guesses ------------------------------------------------------------------------------

def guess (name, folder, *options):
    """The mode and the direction in the checkpoint of a training without --mode, and its
    messages."""
    _, errors = run ('train', '-o', FOLDER / name, '--data', folder, *SHORT, *options)
    data = (FOLDER / name / 'checkpoint.safetensors').read_bytes ()
    texts = json.loads (data[8:8 + int.from_bytes (data[:8], 'little')])['__metadata__']
    run ('train', '--resume', FOLDER / name, '--n-epochs', 2)
    return texts['option.mode'], texts['option.direction'], errors


def test_guess_folders ():
    """pairs in A and B, trainA and trainB, or A/train and B/train are found without --mode"""
    for i, (a, b) in enumerate ([('A', 'B'), ('trainA', 'trainB'), ('A/train', 'B/train')]):
        folder = new_folder (f'layout-{i}')
        for part in a, b:
            paint (folder / part / '1.png', SIDE, SIDE, noise (part))
        mode, direction, errors = guess (f'layout-run-{i}', folder)
        check ((mode, direction) == ('folders', 'AtoB'), (mode, direction))
        check ('--mode folders' in errors, errors)


def test_guess_val ():
    """--val takes the validation pictures from the same folder"""
    for i, (train, val) in enumerate ([('{}/train', '{}/val'), ('train{}', 'test{}')]):
        folder = new_folder (f'parts-{i}')
        for side in 'AB':
            paint (folder / train.format (side) / '1.png', SIDE, SIDE, noise (side))
            paint (folder / val.format (side) / '1.png', SIDE, SIDE, RED)
        run ('train', '-o', FOLDER / f'parts-run-{i}', '--data', folder, '--val', folder, *SHORT)
        pixels = read_png (FOLDER / f'parts-run-{i}/samples/epoch-0001.png')[2]
        check (tuple (pixels[:3]) == RED, pixels[:3])


def test_guess_aligned ():
    """pictures twice as wide as high are pairs, also in the folder train"""
    folder = new_folder ('wide')
    paint (folder / 'train/1.png', 2 * SIDE, SIDE, noise (1))
    mode, direction, errors = guess ('wide-run', folder)
    check ((mode, direction) == ('aligned', 'AtoB') and '--mode aligned' in errors, errors)


def test_guess_square ():
    """square pictures are not halved; the program asks for --mode"""
    folder = new_folder ('square')
    paint (folder / '1.png', 300, 300)
    _, errors = run ('train', '-o', FOLDER / 'square-run', '--data', folder, status=2)
    check ('Say it with --mode: colorize' in errors and 'too small' not in errors, errors)


def labels (x, y):
    return (RED, GREEN, BLUE)[x // 11]


def test_guess_direction ():
    """if only one side has flat colors, it is the input"""
    folder = new_folder ('labels-b')
    paint (folder / '1.png', 2 * SIDE, SIDE, beside (noise (1), lambda x, y: labels (x % SIDE, y),
                                                     SIDE))
    mode, direction, errors = guess ('labels-b-run', folder)
    check ((mode, direction) == ('aligned', 'BtoA') and '--direction BtoA' in errors, errors)

    folder = new_folder ('labels-a')
    paint (folder / 'A/1.png', SIDE, SIDE, labels)
    paint (folder / 'B/1.png', SIDE, SIDE, noise (1))
    mode, direction, errors = guess ('labels-a-run', folder)
    check ((mode, direction) == ('folders', 'AtoB') and '--direction AtoB' in errors, errors)


def test_no_guess ():
    """no direction is guessed if it is given, or if it is not obvious"""
    paint (FOLDER / 'given/1.png', 2 * SIDE, SIDE,
           beside (noise (1), lambda x, y: labels (x % SIDE, y), SIDE))
    _, direction, errors = guess ('given-run', FOLDER / 'given', '--direction', 'AtoB')
    check (direction == 'AtoB' and '--direction' not in errors, errors)
    lines = lambda x, y: bytes ([255 * (x % 8 > 1)] * 3)
    for name, a, b in ('labels', labels, labels), ('lines', noise (1), lines):
        folder = new_folder (f'alike-{name}')
        paint (folder / 'A/1.png', SIDE, SIDE, a)
        paint (folder / 'B/1.png', SIDE, SIDE, b)
        _, direction, errors = guess (f'alike-run-{name}', folder)
        check (direction == 'AtoB' and '--direction' not in errors, errors)


# ---- Names that people type ---------------------------------------------------------------

def test_familiar ():
    """a command line of the public implementation trains, as far as the options are ours too"""
    folder = new_folder ('familiar')
    paint (folder / '1.png', 2 * SIDE, SIDE, noise (1))
    run ('train', '--dataroot', folder, '--name', FOLDER / 'familiar-run', '--model', 'pix2pix',
         '--which_direction=BtoA', '--resize_or_crop', 'crop', *NET, '--niter', 1,
         '--niter_decay=0')
    check ((FOLDER / 'familiar-run/model.safetensors').exists (), 'no model')


INSTEAD = {'--checkpoints_dir=x': '-o names', '--continue_train': '--resume RUN',
           '--input_nc': '--inputs says', '--output-nc': '--outputs says',
           '--gpu_ids': 'leave it out', '--display_id': 'report.html',
           '--dataset_mode': '--mode says'}


def test_instead ():
    """options that we do not have: one line says what to use instead"""
    for option, words in INSTEAD.items ():
        _, errors = run ('train', option, 3, '-o', FOLDER / 'x', status=2)
        said = errors.splitlines ()[0]
        check (f'There is no option {option.partition ("=")[0]}: ' in said, errors)
        check (words in said, errors)
    _, errors = run ('train', '--model', 'colorization', '-o', FOLDER / 'x', status=2)
    check ('--model colorization cannot be trained' in errors, errors)


def test_help ():
    """--help lists all sizes of the U-Net"""
    output, _ = run ('train', '--help')
    for side in 32, 64, 128, 256, 512:
        check (f'unet_{side}|' in output, output)


def follow (arguments, status):
    """Trains, which must fail with the status, runs the command line that the message gives, and
    returns it."""
    _, errors = run ('train', *arguments, status=status)
    lines = [line.strip () for line in errors.splitlines () if line.startswith ('  pix2pix train ')]
    check (len (lines) == 1, errors)
    run (*shlex.split (lines[0])[1:])
    return lines[0]


def test_small_pictures ():
    """pictures of 220×220 pixels: one message, which ends with a command that works"""
    folder = new_folder ('some pairs')
    paint (folder / '1.png', 440, 220, lambda x, y: (x % 256, y, 0))
    usual = ('--data', folder, '-o', FOLDER / 'small-run', '--ngf', 2, '--ndf', 2, '--n-epochs', 1,
             '--n-epochs-decay', 0)
    line = follow (usual, 1)
    check (line.endswith ('--netG unet_128 --load-size 143 --crop-size 128'), line)
    shutil.rmtree (FOLDER / 'small-run')
    line = follow ((*usual, '--crop-size', 220), 2)
    check (line.endswith (' --netG unet_128 --load-size 166 --crop-size 128'), line)
    _, errors = run ('train', *usual[:-2], '--crop-size', 16, status=2)
    check ('16' in errors and 'This works' not in errors, errors)


run_tests (globals ())

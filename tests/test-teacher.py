#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix train --teacher`: a smaller model learns from a larger one, from pairs and from any
pictures.  test-teacher.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import csv
import random
import shutil

from handmade import read_png, read_tensors, unet_shapes, write_model, write_png
from program import FOLDER, check, new_folder, run, run_tests

SIDE, STUDENT = 32, 8


def blocks (seed):
    colours = [bytes (random.Random (f'{seed} {i}').randrange (256) for _ in range (3))
               for i in range (32)]
    return lambda x, y: colours[x // 8 % 8 * 4 + y // 8]


def make_pictures (name, n, width):
    folder = new_folder (name)
    for i in range (n):
        write_png (folder / f'{i}.png', width, SIDE, blocks (i))
    return folder


PICTURES, PAIRS = make_pictures ('pictures', 3, SIDE), make_pictures ('pairs', 3, 2 * SIDE)
TEACHER = FOLDER / 'larger.safetensors'
write_model (TEACHER, num_downs=5, ngf=16, norm_statistics='image')
COMMON = ('--netG', 'unet_32', '--ngf', STUDENT, '--ndf', 4, '--n-layers-D', 1, '--no-dropout',
          '--crop-size', SIDE, '--load-size', SIDE, '--n-epochs-decay', 0, '--print-freq', 3)
UNLABELLED = ('--data', PICTURES, '--teacher', TEACHER, *COMMON)
LABELLED = ('--data', PAIRS, '--teacher', TEACHER, *COMMON)


def train (name, *options, **more):
    return run ('train', '-o', FOLDER / name, *options, **more)


def read_log (name):
    with open (FOLDER / name / 'log.csv') as file:
        return list (csv.DictReader (file))


def picture_of (model, name):
    run ('apply', '-m', model, FOLDER / name, '-o', FOLDER / 'applied.png', '--force')
    return read_png (FOLDER / 'applied.png')[2]


def difference (a, b):
    return sum (abs (x - y) for x, y in zip (a, b)) / len (a)


def test_learns ():
    """from one picture without a target, the student learns to give the teacher's picture"""
    one = make_pictures ('one', 1, SIDE)
    train ('learns', *UNLABELLED, '--data', one, '--no-flip', '--lr', 0.002, '--n-epochs', 300,
           '--save-epoch-freq', 300)
    wanted = picture_of (TEACHER, 'one/0.png')
    write_model (FOLDER / 'untaught.safetensors', num_downs=5, ngf=STUDENT,
                 norm_statistics='image')
    before, after = (difference (wanted, picture_of (model, 'one/0.png')) for model in
                     (FOLDER / 'untaught.safetensors', FOLDER / 'learns/model.safetensors'))
    check (after < 8 and after < before / 4, (before, after))
    rows = read_log ('learns')
    check (float (rows[-1]['teacher_features']) < float (rows[0]['teacher_features']) / 4,
           'the features')


def test_guess ():
    """pictures that are not pairs count as pictures without targets, and a message says so"""
    _, errors = train ('guess', *UNLABELLED, '--n-epochs', 1)
    check ('so this is --mode pictures' in errors, errors)


def test_guess_colors ():
    """the teacher's inputs tell the mode: lightness and line art are to be colored"""
    for inputs, output, mode in ('lab-l', 'lab-ab', 'colorize'), ('lines', 'rgb', 'sketch'):
        teacher = FOLDER / f'{mode}.safetensors'
        write_model (teacher, num_downs=5, ngf=4, input_nc=1, inputs=inputs, output=output,
                     output_nc=2 if mode == 'colorize' else 3)
        _, errors = train (f'guess-{mode}', '--data', PICTURES, *COMMON, '--teacher', teacher,
                           '--n-epochs', 1)
        check (f'so this is --mode {mode}' in errors, errors)


def test_target ():
    """without targets the teacher's picture is the target in training, validation and samples"""
    train ('target', *UNLABELLED, '--val', PICTURES, '--n-epochs', 1, '--save-epoch-freq', 1)
    row = read_log ('target')[-1]
    check (row['G_L1'] == row['teacher_L1'], row)
    wanted = picture_of (TEACHER, 'pictures/0.png')
    given = picture_of (FOLDER / 'target/model.safetensors', 'pictures/0.png')
    width, _, sheet = read_png (FOLDER / 'target/samples/epoch-0001.png')
    shown = [b''.join (sheet[3 * (y * width + x):][:3 * SIDE] for y in range (SIDE))
             for x in (SIDE + 4, 2 * (SIDE + 4))]
    for mine, theirs in zip (shown, (given, wanted)):
        check (max (abs (a - b) for a, b in zip (mine, theirs)) <= 1, 'the sheet of samples')


def test_labelled ():
    """with targets the student is compared with the target and with the teacher"""
    train ('labelled', *LABELLED, '--mode', 'aligned', '--n-epochs', 1)
    row = read_log ('labelled')[-1]
    check (row['G_L1'] != row['teacher_L1'] and float (row['teacher_features']) > 0, row)


def test_model ():
    """the model contains only the student, and its card names the teacher"""
    train ('model', *LABELLED, '--mode', 'aligned', '--n-epochs', 1, '--lambda-teacher', 50)
    tensors, metadata = read_tensors (FOLDER / 'model/model.safetensors')
    shapes = unet_shapes (5, STUDENT)
    check ({name: shape for name, (_, shape, _) in tensors.items ()} == shapes, set (tensors))
    check (metadata['p2p.options'].endswith (" --teacher 'larger'")
           and '--lambda-teacher 50' in metadata['p2p.options'], metadata)
    kept, _ = read_tensors (FOLDER / 'model/checkpoint.safetensors')
    check ([name for name in kept if name.startswith ('P.moment1.') and name.endswith ('.weight')]
           == [f'P.moment1.{i}.weight' for i in range (4)], set (kept))


def test_resume ():
    """a training with a teacher that is stopped and resumed gives the same bits"""
    options = (*LABELLED, '--mode', 'aligned', '--batch-size', 2)
    train ('straight', *options, '--n-epochs', 6)
    train ('stopped', *options, '--n-epochs', 2)
    run ('train', '--resume', FOLDER / 'stopped', '--n-epochs', 6)
    for name in 'model.safetensors', 'checkpoint.safetensors', 'log.csv':
        check ((FOLDER / 'straight' / name).read_bytes ()
               == (FOLDER / 'stopped' / name).read_bytes (), name)


def resume (name, *options, **more):
    return run ('train', '--resume', FOLDER / name, '--n-epochs', 2, *options, **more)


def test_moved ():
    """if the teacher was moved, --resume says so, and accepts its new place"""
    there, moved = FOLDER / 'there.safetensors', FOLDER / 'moved.safetensors'
    shutil.copy (TEACHER, there)
    train ('moved', *UNLABELLED, '--teacher', there, '--n-epochs', 1)
    there.rename (moved)
    _, errors = resume ('moved', status=1)
    check ('The teacher cannot be opened' in errors and '--teacher' in errors, errors)
    resume ('moved', '--teacher', moved)


def test_other ():
    """another teacher than before is refused, and any teacher if the training had none"""
    other = FOLDER / 'other.safetensors'
    write_model (other, num_downs=5, ngf=16, norm_statistics='running')
    train ('taught', *UNLABELLED, '--n-epochs', 1)
    _, errors = resume ('taught', '--teacher', other, status=1)
    check ('is not the teacher that the training was begun with' in errors, errors)
    train ('alone', '--data', PAIRS, *COMMON, '--mode', 'aligned', '--n-epochs', 1)
    _, errors = resume ('alone', '--teacher', TEACHER, status=1)
    check ('begun without a teacher' in errors, errors)


def test_planes ():
    """the student's inputs default to the teacher's; other inputs are refused"""
    gray = FOLDER / 'gray.safetensors'
    write_model (gray, num_downs=5, ngf=16, input_nc=1, inputs='gray', norm_statistics='image')
    train ('gray', *UNLABELLED, '--teacher', gray, '--n-epochs', 1)
    _, metadata = read_tensors (FOLDER / 'gray/model.safetensors')
    check (metadata['p2p.inputs'] == 'gray', metadata)
    _, errors = train ('x', *UNLABELLED, '--teacher', gray, '--inputs', 'rgb', status=1)
    check ('The teacher makes rgb from gray, but the training is for making rgb from rgb' in errors,
           errors)
    check (not (FOLDER / 'x').exists (), 'a folder was made')


def test_sides ():
    """a teacher that the crop size does not fit is refused; the message names the multiple"""
    deep = FOLDER / 'deep.safetensors'
    write_model (deep, num_downs=6, ngf=4)
    _, errors = train ('x', *UNLABELLED, '--teacher', deep, status=1)
    check ('multiples of 64 pixels, but --crop-size is 32' in errors, errors)


def test_whole_pictures ():
    """the same for a teacher that whole pictures do not fit, though they fit the student"""
    deep, large = FOLDER / 'deep.safetensors', new_folder ('large')
    write_png (large / '0.png', 2 * SIDE, 2 * SIDE, lambda x, y: (x, y, 0))
    _, errors = train ('x', *UNLABELLED, '--data', large, '--teacher', deep, '--crop-size', 64,
                       '--load-size', 64, '--preprocess', 'none', status=1)
    check ('multiples of 64 pixels, but this --preprocess gives multiples of 32' in errors, errors)


def test_blank ():
    """a teacher's name may contain blanks; eval repeats the validation of such a student"""
    teacher = FOLDER / 'my teacher.safetensors'
    shutil.copy (TEACHER, teacher)
    train ('blank', '--data', PAIRS, '--val', PAIRS, *COMMON, '--mode', 'aligned', '--teacher',
           teacher, '--preprocess', 'crop', '--n-epochs', 1)
    _, metadata = read_tensors (FOLDER / 'blank/model.safetensors')
    check (metadata['p2p.options'].endswith ("--teacher 'my teacher'"), metadata['p2p.options'])
    output, _ = run ('eval', '-m', FOLDER / 'blank/model.safetensors', '--data', PAIRS,
                     '--mode', 'aligned')
    figures = output.split (': ')[1].strip ()
    check (metadata['p2p.metrics'].startswith (figures), (metadata['p2p.metrics'], output))


def test_usage ():
    """pictures without targets need a teacher, have one direction, and cannot be evaluated"""
    pictures = ('--mode', 'pictures')
    _, errors = train ('x', '--data', PICTURES, *COMMON, *pictures, status=2)
    check ('name a model with --teacher' in errors, errors)
    _, errors = train ('x', *UNLABELLED, *pictures, '--direction', 'BtoA', status=2)
    check ('has only one direction' in errors, errors)
    _, errors = train ('x', '--data', PAIRS, *COMMON, '--lambda-teacher', 5, status=2)
    check ('--lambda-teacher is for trainings that have a --teacher' in errors, errors)
    _, errors = run ('eval', '-m', TEACHER, '--data', PICTURES, *pictures, status=1)
    check ('has no targets' in errors, errors)


def test_dry_run ():
    """--dry-run shows the teacher's picture beside the first one, and counts the projections"""
    output, _ = train ('dry', *UNLABELLED, '--no-flip', '--dry-run')
    check ('network P   ' in output, output)
    width, _, sheet = read_png (FOLDER / 'dry/first-batch.png')
    half = [b''.join (sheet[3 * (y * width + x):][:3 * SIDE] for y in range (SIDE))
            for x in (0, SIDE + 4)]
    rows = [half[0][3 * SIDE * y:][:3 * SIDE] for y in range (SIDE)]
    write_png (FOLDER / 'seen.png', SIDE, SIDE, lambda x, y: rows[y][3 * x:3 * x + 3])
    wanted = picture_of (TEACHER, 'seen.png')
    check (max (abs (a - b) for a, b in zip (half[1], wanted)) <= 1, 'another picture')


run_tests (globals ())

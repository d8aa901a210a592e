#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: whichever write fails, or whenever the process is killed: a file that is replaced is the old
one or the new one, as a whole.  test-failing-writes.py PROGRAM LIBRARY

LIBRARY is failing-writes.c, which counts what a program does to files, and lets one call fail.
Needs nothing but Python.  With WRITES=all, each call of a training fails once, otherwise one of
each PART calls.
"""

import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys

sys.dont_write_bytecode = True

from handmade import write_model, write_png
from program import ENVIRONMENT, FOLDER, PROGRAM, check, run, run_tests
from training import COMMON, VAL, check_same_files, train

LIBRARY = os.path.abspath (sys.argv[2])
PART = 1 if os.environ.get ('WRITES') == 'all' else 10
HOW = 'once', 'full', 'kill'
REASONS = {'once': 'Input/output error', 'full': 'No space left on device'}
DATA = pathlib.Path (__file__).parent / 'data'


def preloaded (arguments, **settings):
    """Runs the program with the library.  Returns its exit status and what it wrote to standard
    error."""
    environment = dict (ENVIRONMENT, LD_PRELOAD=LIBRARY,
                        **{f'P2P_WRITES_{key.upper ()}': str (value)
                           for key, value in settings.items ()})
    done = subprocess.run ([PROGRAM, *map (str, arguments)], env=environment, timeout=120,
                           capture_output=True, text=True)
    return done.returncode, done.stderr


def list_calls (arguments):
    """Runs the program as it is meant.  Returns the calls that changed files, as texts."""
    path = FOLDER / 'calls'
    status, errors = preloaded (arguments, list=path)
    check (status == 0, errors)
    calls = path.read_text ().splitlines ()
    path.unlink ()
    return calls


def contents (folder):
    return {str (path.relative_to (folder)): path.read_bytes ()
            for path in folder.rglob ('*') if path.is_file ()}


def refill (folder, files):
    """Makes the folder hold these files, and no others."""
    shutil.rmtree (folder, ignore_errors=True)
    folder.mkdir ()
    for name, data in files.items ():
        (folder / name).write_bytes (data)


def fail_each (name, old, arguments, without=None):
    """Replaces the file name, which holds the bytes old, in a folder in which there is nothing
    else.  The program is run once for each call and way to fail.  It may also succeed with the
    bytes without, which lack something, but then it must say so."""
    folder = FOLDER / f'{name} folder'
    refill (folder, {name: old})
    calls = list_calls (arguments (folder))
    new = contents (folder)[name]
    check (old != new and calls[0].startswith ('open') and calls[-1].startswith ('rename'), calls)
    for how in HOW:
        for at, call in enumerate (calls, 1):
            refill (folder, {name: old})
            status, errors = preloaded (arguments (folder), at=at, how=how)
            files = contents (folder)
            place = f'call {at} of {len (calls)}, {call}, {how}: {errors}'
            check (files[name] in (old, new, without), f'{len (files[name])} bytes after {place}')
            if how == 'kill':
                check (status == -signal.SIGKILL, place)
            else:
                check (status == (files[name] == old), f'status {status}, {place}')
                check (set (files) == {name}, f'left over: {set (files)}, {place}')
                said = {old: REASONS[how], without: 'without the original', new: ''}[files[name]]
                check (said in errors and (not said or name in errors), place)


# ---- Pictures and models ------------------------------------------------------------------

def make_model ():
    model = FOLDER / 'small.safetensors'
    if not model.exists ():
        write_model (model, num_downs=5, ngf=2)
    return model


def make_picture ():
    path = FOLDER / 'picture.png'
    write_png (path, 48, 40, lambda x, y: (5 * x, 6 * y, 2 * (x + y)))
    return path


def fail_apply (ending, picture, **more):
    name, model = f'out.{ending}', make_model ()
    fail_each (name, b'the old picture', lambda folder: (
        'apply', '-q', '--threads', 1, '--force', '-m', model, picture, '-o', folder / name),
        **more)


def fail_exif (ending):
    """The picture is a JPEG with EXIF.  If this cannot be written, the result is without it."""
    plain, picture = DATA / 'progressive.jpg', FOLDER / 'exif.jpg'
    # A TIFF's directory with a single tag, Artist (315), which is a text of 4 bytes.
    exif = b'Exif\0\0II*\0' + struct.pack ('<IHHHI4sI', 8, 1, 315, 2, 4, b'Ada', 0)
    data = plain.read_bytes ()
    picture.write_bytes (data[:2] + b'\xff\xe1' + struct.pack ('>H', len (exif) + 2) + exif
                         + data[2:])
    out = FOLDER / f'plain.{ending}'
    run ('apply', '-q', '--threads', 1, '-m', make_model (), plain, '-o', out)
    fail_apply (ending, picture, without=out.read_bytes ())


def test_png ():
    """a PNG of apply"""
    fail_apply ('png', make_picture ())


def test_jpeg ():
    """a JPEG of apply"""
    fail_apply ('jpg', make_picture ())


def test_tiff ():
    """a TIFF of apply"""
    fail_apply ('tif', make_picture ())


def test_png_exif ():
    """a PNG of apply that gets the picture's EXIF"""
    fail_exif ('png')


def test_jpeg_exif ():
    """a JPEG of apply that gets the picture's EXIF"""
    fail_exif ('jpg')


def test_tiff_exif ():
    """a TIFF of apply that gets the picture's EXIF"""
    fail_exif ('tif')


def test_import ():
    """a model of import"""
    run ('export', make_model (), '-o', FOLDER / 'small.pth', '-q')
    fail_each ('small.safetensors', b'the old model', lambda folder: (
        'import', '-q', FOLDER / 'small.pth', '-o', folder / 'small.safetensors'))


def test_export ():
    """a .pth of export"""
    fail_each ('small.pth', b'the old weights', lambda folder: (
        'export', '-q', make_model (), '-o', folder / 'small.pth'))


# ---- Trainings ----------------------------------------------------------------------------

TRAINING = (*COMMON, '--data', VAL, '--val', VAL, '--n-epochs', 2, '--n-epochs-decay', 0,
            '--print-freq', 2, '--save-epoch-freq', 1, '--threads', 1)
RESULTS = 'model.safetensors', 'best.safetensors', 'log.csv', 'samples/epoch-0002.png'


def is_whole (name, data):
    """Whether a file of a training is whole.  log.csv may lack its end."""
    if name.endswith ('.safetensors'):
        header = 8 + int.from_bytes (data[:8], 'little')
        ends = [entry['data_offsets'][1] for key, entry in json.loads (data[8:header]).items ()
                if key != '__metadata__']
        return len (data) == header + max (ends)
    if name.endswith ('.png'):
        return data.endswith (b'IEND\xaeB`\x82')
    return name == 'log.csv' or data.endswith (b'</html>\n')


def check_training (folder, how, place):
    """What must hold after a call has failed and before the training goes on."""
    for name, data in contents (folder).items ():
        if name[-7] == '.':
            check (how == 'kill', f'left over: {name}, {place}')
        else:
            check (is_whole (name, data), f'{name} has {len (data)} bytes, {place}')


def fail_training (at, how, call):
    folder = FOLDER / 'failing'
    checkpoint = folder / 'checkpoint.safetensors'
    place = f'call {at}, {call}, {how}'
    shutil.rmtree (folder, ignore_errors=True)
    status, errors = preloaded (('train', '-q', '-o', folder, *TRAINING), at=at, how=how)
    check_training (folder, how, f'{place}: {errors}')
    if status == 1:
        check (REASONS[how] in errors and 'Cannot write' in errors, f'{place}: {errors}')
        check (('train --resume' in errors) == checkpoint.exists (), f'{place}: {errors}')
    else:
        check (status == (-signal.SIGKILL if how == 'kill' else 0), f'{status}, {place}: {errors}')
    if status:
        run ('train', '-q', *(('--resume', folder) if checkpoint.exists () else
                              ('-o', folder, *TRAINING)))
    check_same_files ('failing', 'whole', RESULTS)
    check (set (contents (folder)) == set (contents (FOLDER / 'whole')), f'left over, {place}')


def fail_trainings (how):
    train ('whole', *TRAINING)
    calls = list_calls (('train', '-q', '-o', FOLDER / 'listed', *TRAINING))
    for at in range (HOW.index (how) % PART, len (calls), PART):
        fail_training (at + 1, how, calls[at])
    print (f'# {len (calls)} calls')
    shutil.rmtree (FOLDER / 'listed')
    shutil.rmtree (FOLDER / 'whole')


def test_training_once ():
    """a training in which one call fails ends with an error, and gives the same when it goes on"""
    fail_trainings ('once')


def test_training_full ():
    """a training on a full disk does the same"""
    fail_trainings ('full')


def test_training_killed ():
    """a training that is killed in the middle of a write gives the same when it goes on"""
    fail_trainings ('kill')


run_tests (globals ())

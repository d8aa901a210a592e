#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the pix2pix program as its users see it.  test-cli.py PROGRAM

Needs nothing but Python: models and pictures are made byte by byte.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import time

from handmade import read_png, trainable, write_model, write_png, write_png_rows
from program import (ENVIRONMENT, FOLDER, MODELS, PROGRAM, Skip, check, new_folder, on_terminal,
                     run, run_tests)

# A shell that runs this in the background has SIGINT ignored, also in child processes.
signal.signal (signal.SIGINT, signal.default_int_handler)


def apply (*arguments, status=0):
    return run ('apply', '--model', 'small', *arguments, status=status)[1]


# ---- The program --------------------------------------------------------------------------

COMMANDS = 'apply', 'eval', 'import', 'export', 'info', 'models', 'train', 'bench', 'doctor'


def test_no_command ():
    """without a command: status 2 and the list of commands"""
    _, errors = run (status=2)
    check (all (f'  {command} ' in errors for command in COMMANDS), errors)


def test_unknown_command ():
    """an unknown command: status 2, its name and the list of commands"""
    _, errors = run ('aply', status=2)
    check ('“aply”' in errors, errors)
    check (all (f'  {command} ' in errors for command in COMMANDS), errors)


def test_version ():
    """--version prints the version"""
    output, _ = run ('--version')
    check (output.startswith ('pix2pix ') and output[8].isdigit (), output)


def test_help ():
    """--help of the program and of each command ends with an example"""
    for command in ([], *([command] for command in COMMANDS)):
        output, _ = run (*command, '--help')
        check (f'Example:\n  pix2pix {command[0] if command else ""}' in output, output)


def test_full_disk ():
    """output that cannot be printed is a failure"""
    with open ('/dev/full', 'w') as full:
        done = subprocess.run ([PROGRAM, '--version'], stdout=full, stderr=subprocess.PIPE)
    check (done.returncode == 1, f'exit status {done.returncode}')


BAD_VALUES = [
    ('apply', '--threads', '0'), ('apply', '--threads', '-1'), ('apply', '--threads', '2x'),
    ('apply', '--threads', ''), ('apply', '--threads', '1e1'), ('apply', '--strength', 'nan'),
    ('apply', '--strength', '1.01'), ('apply', '--strength', '-0.1'),
    ('apply', '--strength', '0,5'), ('apply', '--strength', '0.5 '),
    ('apply', '--strength', ''), ('apply', '--strength', '101%'), ('apply', '--strength', '%'),
    ('apply', '--strength', '50'), ('apply', '--scale', 'fit:0'), ('apply', '--scale', 'fit:'),
    ('apply', '--scale', 'fit:64x'), ('apply', '--scale', 'large'),
    ('apply', '--colorfulness', '-1%'), ('apply', '--colorfulness', '11'),
    ('apply', '--memory', '0'),
    ('apply', '--memory', '1.5'), ('apply', '--memory', '2147483648'), ('apply', '--tile', '0'),
    ('apply', '--tile', '65537'), ('apply', '--overlap', '-1'), ('apply', '--overlap', 'a'),
    ('apply', '--statistics', 'batch'), ('apply', '--seed', '-1'), ('apply', '--seed', '1.5'),
    ('apply', '--seed', '18446744073709551616'), ('bench', '--size', '0'),
    ('bench', '--size', '64x'), ('bench', '--size', '64x64x64'), ('bench', '--size', '-64'),
    ('bench', '--threads', 'two'), ('bench', '--statistics', 'mean'), ('info', '--plan', '256'),
    ('info', '--plan', '0x256'), ('info', '--plan', '256x'), ('info', '--plan', 'nanxnan'),
    ('info', '--threads', '0'),
]


def test_bad_values ():
    """values that make no sense: status 2, the message names the option and the value"""
    for command, option, value in BAD_VALUES:
        rest = {'apply': ('--model', 'small', FOLDER / 'a.png', '-o', FOLDER / 'never.png'),
                'bench': ('--model', 'small'), 'info': ('small',)}[command]
        _, errors = run (command, option, value, *rest, status=2)
        check (option in errors and f'“{value}”' in errors, errors)
    check (not (FOLDER / 'never.png').exists (), 'a result was written')


def test_incomplete ():
    """missing or extra arguments: status 2, the message says which"""
    picture = FOLDER / 'a.png'
    for arguments, text in ((('apply', picture, '-o', 'x.png'), '--model'),
                            (('apply', '--model', 'small', '-o', 'x.png'), 'pictures'),
                            (('apply', '--model', 'small', picture), '-o'),
                            (('apply', '--wrong'), '--wrong'),
                            (('bench',), '--model'), (('info',), 'name a model'),
                            (('info', 'small', 'more'), '“more”'),
                            (('models', 'more'), '“more”'),
                            (('bench', '--model', 'small', 'more'), '“more”')):
        _, errors = run (*arguments, status=2)
        check (text in errors, errors)


# ---- Finding models -----------------------------------------------------------------------

def test_models ():
    """models lists the id and title of each model, one a line, and leaves out other files"""
    output, _ = run ('models')
    lines = [line.split (None, 1) for line in output.splitlines ()]
    check (['small', 'A small one'] in lines and ['another', 'A first one'] in lines, output)
    check (len (lines) == len (json.loads (run ('models', '--json')[0])), output)
    check ('broken' not in output, output)


def test_models_json ():
    """models --json lists the same, by title; a model without a title has its id as title"""
    models = [model for model in json.loads (run ('models', '--json')[0])
              if model['path'].startswith (str (FOLDER))]      # others may be installed
    check (models == [{'id': 'another', 'path': str (MODELS / 'another.safetensors'),
                       'title': 'A first one', 'description': '', 'task': '', 'convert': False},
                      {'id': 'small', 'path': str (MODELS / 'small.safetensors'),
                       'title': 'A small one', 'description': 'For tests.',
                       'task': 'noise-to-noise', 'convert': False},
                      {'id': 'untitled', 'path': str (MODELS / 'untitled.safetensors'),
                       'title': 'untitled', 'description': '', 'task': '', 'convert': False}],
            models)


def test_no_models ():
    """without any model, models says where to put one, with status 0"""
    def models (*arguments):
        empty = dict (ENVIRONMENT, XDG_DATA_HOME=str (FOLDER / 'empty'))
        return subprocess.run ([PROGRAM, 'models', *arguments], env=empty, check=True, text=True,
                               capture_output=True).stdout

    if json.loads (models ('--json')):
        raise Skip ('models are installed on this machine')
    check (str (FOLDER / 'empty/pix2pix/models') in models (), models ())


def test_unknown_model ():
    """an unknown id: status 1, the message lists the known ids and says where models belong"""
    for arguments in ('info', 'smal'), ('bench', '--model', 'smal'), (
            'apply', '--model', 'smal', FOLDER / 'a.png', '-o', FOLDER / 'never.png'):
        _, errors = run (*arguments, status=1)
        check ('“smal”' in errors and 'small' in errors and str (MODELS) in errors, errors)


def test_broken_model ():
    """a file that is not a model: status 1, the message names it"""
    for name in 'broken', MODELS / 'broken.safetensors', FOLDER / 'nothing.safetensors':
        _, errors = run ('info', name, status=1)
        check (pathlib.Path (name).stem in errors, errors)


# ---- info ---------------------------------------------------------------------------------

def test_info ():
    """info says in words what a model is for, then shows its network and card, but no layers"""
    output, _ = run ('info', 'small')
    check (output.startswith ('A small one\nFor tests.\n'), output)
    for text in ('takes        a picture in color\n', 'gives        a picture in color\n',
                 str (MODELS / 'small.safetensors'), 'num_downs 6', 'ngf 4',
                 str (trainable (SHAPES)), 'noise-to-noise'):
        check (text in output, f'{text} is not in {output}')
    check ('running_mean' not in output, output)


def test_info_layers ():
    """info --layers also lists the tensors"""
    output, _ = run ('info', 'small', '--layers')
    for text in 'model.model.1.model.2.running_mean', '8×4×4×4':
        check (text in output, f'{text} is not in {output}')


def test_info_json ():
    """info --json: every tensor with its type and shape, the card, the number of parameters"""
    info = json.loads (run ('info', MODELS / 'small.safetensors', '--json')[0])
    check ({tensor['name']: tensor['shape'] for tensor in info['tensors']} == SHAPES, info)
    check ({tensor['dtype'] for tensor in info['tensors']} == {'F32'}, info)
    check (info['parameters'] == trainable (SHAPES), info['parameters'])
    check (info['card']['title'] == 'A small one', info['card'])
    check (info['network']['norm'] == 'batch' and info['network']['num_downs'] == 6,
           info['network'])
    check ('plan' not in info, 'nobody asked for a plan')


def test_plan ():
    """info --plan: sizes are rounded up to what the network takes; every step is in the arena"""
    plan = json.loads (run ('info', 'small', '--plan', '300x60', '--threads', 2,
                            '--json')[0])['plan']
    check ((plan['width'], plan['height'], plan['threads']) == (320, 64, 2), plan)
    check (plan['nodes'][0]['shape'] == [1, 64, 320, 3], plan['nodes'][0])
    check (plan['nodes'][-1]['shape'] == [1, 64, 320, 3], plan['nodes'][-1])
    convolutions = [node for node in plan['nodes'] if node['op'].startswith ('conv')]
    check (len (convolutions) == 12, convolutions)
    for node in convolutions:
        check (node['algorithm'] and node['mflop'] > 0 and node['bytes'] > 0, node)
    for node in plan['nodes']:
        check (0 <= node['offset'] <= plan['arena_bytes'], node)
    # The first layer: 4 × 4 × 3 multiplications and additions for each value.
    check (abs (convolutions[0]['mflop'] - 2 * 48 * 4 * 32 * 160 / 1e6) < 1e-6, convolutions[0])


def test_plan_text ():
    """info --plan as text says how much memory a picture takes; --layers lists each step"""
    output, _ = run ('info', 'small', '--plan', '64x64')
    for text in '64 × 64 pixels', 'arena', 'prepared weights', 'GFLOP':
        check (text in output, f'{text} is not in {output}')
    check ('model.model.0' not in output, output)
    output, _ = run ('info', 'small', '--plan', '64x64', '--layers')
    check ('model.model.0' in output, output)


# ---- apply --------------------------------------------------------------------------------

def test_apply ():
    """apply gives a picture of the same size and does not change the input"""
    before = (FOLDER / 'a.png').read_bytes ()
    folder = new_folder ('apply')
    errors = apply (FOLDER / 'a.png', '-o', folder / 'out.png')
    width, height, pixels = read_png (folder / 'out.png')
    check ((width, height) == (100, 70), (width, height))
    check (len (set (pixels)) > 10, 'the result is flat')
    check (pixels != read_png (FOLDER / 'a.png')[2], 'the result is the input')
    check ((FOLDER / 'a.png').read_bytes () == before, 'the input has changed')
    check (errors == '', f'without a terminal, it said {errors}')
    check (os.listdir (folder) == ['out.png'], os.listdir (folder))


def results (*cases):
    """The bytes of the results, for each case's options."""
    out = FOLDER / 'result.png'
    answer = []
    for case in cases:
        apply (*case, FOLDER / 'a.png', '-o', out)
        answer.append (out.read_bytes ())
        out.unlink ()
    return answer


def test_same ():
    """the same options give the same file, with any number of threads"""
    first, *others = results ([], ['--threads', 1], ['--threads', 2], ['--threads', 3])
    check (all (other == first for other in others), 'the results differ')


def test_strength ():
    """--strength 0 gives the picture itself; 0.5 is halfway between it and the result"""
    original = read_png (FOLDER / 'a.png')[2]
    pictures = []
    for strength in '0', '0.5', '1':
        apply ('--force', '--strength', strength, FOLDER / 'a.png', '-o', FOLDER / 'strength.png')
        pictures.append (read_png (FOLDER / 'strength.png')[2])
    check (pictures[0] == original, 'at 0 it is another picture')
    worst = max (abs (half - (a + b) / 2) for a, half, b in zip (*pictures))
    check (worst <= 1, f'at 0.5 it is {worst} levels off the middle')


def test_percent ():
    """--strength 50% is the same as the dialog's 50, and as 0.5"""
    percent, share = results (['--strength', '50%'], ['--strength', '0.5'])
    check (percent == share, 'they differ')


def test_seed ():
    """--seed is the dialog's seed; --noise is its older name"""
    seed, noise = results (['--seed', 3], ['--noise', 3])
    check (seed == noise, 'they differ')


def test_noise ():
    """--noise: the same seed gives the same result, another seed another result"""
    plain, one, again, two = results ([], ['--noise', 1], ['--noise', 1], ['--noise', 2])
    check (one == again, 'the same seed gave two results')
    check (len ({plain, one, two}) == 3, 'the seeds made no difference')


def test_statistics ():
    """--statistics: image differs from running, which this card asks for"""
    plain, image, running = results ([], ['--statistics', 'image'], ['--statistics', 'running'])
    check (plain == running, 'the card was not followed')
    check (plain != image, 'image made no difference')


def test_scale ():
    """--scale: fit:64 differs from native, which this card asks for"""
    plain, native, fit = results ([], ['--scale', 'native'], ['--scale', 'fit:64'])
    check (plain == native, 'the card was not followed')
    check (plain != fit, 'fit:64 made no difference')


def test_jpeg ():
    """an output name that ends in .jpg gives a JPEG"""
    apply (FOLDER / 'a.png', '-o', FOLDER / 'out.jpg')
    check ((FOLDER / 'out.jpg').read_bytes ()[:3] == b'\xff\xd8\xff', 'it is no JPEG')


def test_model_file ():
    """--model also takes a file; spaces and accents in names work"""
    strange = new_folder ('größer than “it”')
    shutil.copy (MODELS / 'small.safetensors', strange / 'ä model.safetensors')
    shutil.copy (FOLDER / 'a.png', strange / 'an ï.png')
    run ('apply', '--model', strange / 'ä model.safetensors', strange / 'an ï.png', '-o',
         strange / 'öut.png')
    check ((strange / 'öut.png').exists (), 'there is no result')


def test_batch ():
    """several pictures: a broken one is reported (status 1), the others are done"""
    folder = new_folder ('batch')
    errors = apply (FOLDER / 'a.png', FOLDER / 'broken.png', FOLDER / 'b.png', '-o', folder,
                    status=1)
    check ('broken.png' in errors, errors)
    check (sorted (os.listdir (folder)) == ['a.png', 'b.png'], os.listdir (folder))


def test_same_stem ():
    """two pictures whose results would have the same name: status 2 before anything is done"""
    folder, other = new_folder ('stem'), new_folder ('other')
    shutil.copy (FOLDER / 'a.png', other / 'a.gif')
    errors = apply (FOLDER / 'b.png', FOLDER / 'a.png', other / 'a.gif', '-o', folder, status=2)
    check ('a.png' in errors, errors)
    check (os.listdir (folder) == [], os.listdir (folder))


def test_onto_input ():
    """a result never replaces its input, under whatever name: status 2"""
    folder = new_folder ('onto')
    picture = folder / 'p.png'
    shutil.copy (FOLDER / 'a.png', picture)
    (folder / 'link.png').symlink_to ('p.png')
    for out in picture, folder, folder / 'link.png', folder / '..' / 'onto' / 'p.png':
        errors = apply (picture, '-o', out, status=2)
        check ('would overwrite' in errors, errors)
    check (picture.read_bytes () == (FOLDER / 'a.png').read_bytes (), 'the input has changed')


def test_bad_outputs ():
    """no place for the result: status 2 with advice"""
    endings = '.png, .jpg or .tif'
    for out, text in (FOLDER / 'out.gif', endings), (FOLDER / 'out', endings), (
            f'{FOLDER}/none/none/', 'make it first'), (f'{FOLDER}/a.png/', 'is a file'):
        errors = apply (FOLDER / 'a.png', '-o', out, status=2)
        check (text in errors, errors)
    for out, text in (FOLDER / 'none' / 'none', 'make it first'), (FOLDER / 'b.png', 'is a file'):
        errors = apply (FOLDER / 'a.png', FOLDER / 'b.png', '-o', out, status=2)
        check (text in errors, errors)
    errors = apply (FOLDER / 'a.png', '-o', FOLDER / 'none' / 'out.png', status=1)
    check ('out.png' in errors, errors)


def test_untouched ():
    """on a failure, an existing output file is not changed"""
    out = FOLDER / 'kept.png'
    out.write_bytes (b'old')
    apply ('--force', FOLDER / 'broken.png', '-o', out, status=1)
    check (out.read_bytes () == b'old', 'the file has changed')


def test_progress ():
    """on a terminal a bar grows to 100 % and disappears; with -q there is none"""
    arguments = ('apply', '--model', 'small', '--force', FOLDER / 'a.png', '-o', FOLDER / 'bar.png')
    shown = on_terminal (*arguments)
    fractions = [int (number) for number in re.findall (r'(\d+) %  1/1 a.png', shown)]
    check (fractions == sorted (fractions) and fractions[-1] == 100, fractions)
    check (shown.endswith ('\r\x1b[K'), repr (shown))
    check (on_terminal (*arguments, '-q') == '', 'it was not quiet')


def test_interrupt ():
    """Ctrl-C stops it in the middle of a picture, with status 1, and leaves no file behind"""
    folder = new_folder ('interrupt')
    (folder / 'out').mkdir ()
    shutil.copy (FOLDER / 'a.png', folder / 'a.png')
    write_png_rows (folder / 'large.png', 1600, 1600, bytes (1600 * 4801))
    write_model (folder / 'wide.safetensors', ngf=48)
    process = subprocess.Popen (
        [PROGRAM, 'apply', '--model', folder / 'wide.safetensors', '--threads', '1',
         folder / 'large.png', folder / 'a.png', '-o', folder / 'out'],
        env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep (0.5)
    check (process.poll () is None, 'it was done before it could be interrupted')
    process.send_signal (signal.SIGINT)
    _, errors = process.communicate (timeout=60)
    check (process.returncode == 1, f'exit status {process.returncode}: {errors}')
    check (os.listdir (folder / 'out') == [], os.listdir (folder / 'out'))


# ---- import and bench ---------------------------------------------------------------------

def test_import ():
    """import makes a model file, here with half-precision weights and another title"""
    out = FOLDER / 'half.safetensors'
    run ('import', MODELS / 'small.safetensors', '-o', out, '--f16', '--card', 'title=Halves',
         '-q')
    info = json.loads (run ('info', out, '--json')[0])
    check (info['card']['title'] == 'Halves', info['card'])
    dtypes = {tensor['name']: tensor['dtype'] for tensor in info['tensors']}
    check (dtypes['model.model.0.weight'] == 'F16' and dtypes['model.model.3.bias'] == 'F32',
           dtypes)
    run ('apply', '--model', out, FOLDER / 'a.png', '-o', FOLDER / 'half.png')


def test_bench ():
    """bench --json: times of warm forwards at the requested size"""
    result = json.loads (run ('bench', '--model', 'small', '--size', '128x64', '--threads', 1,
                              '--json')[0])
    check (0 < result['min_ms'] <= result['median_ms'], result)
    check (result['n'] >= 10, result)
    check ((result['width'], result['height'], result['threads']) == (128, 64, 1), result)
    check (result['statistics'] == 'running', result)


# ---- Running the tests --------------------------------------------------------------------

def make_files ():
    MODELS.mkdir (parents=True)
    shapes = write_model (MODELS / 'small.safetensors', title='A small one',
                          description='For tests.', task='noise-to-noise')
    write_model (MODELS / 'another.safetensors', num_downs=5, ngf=1, title='A first one')
    write_model (MODELS / 'untitled.safetensors', num_downs=5, ngf=1)
    (MODELS / 'broken.safetensors').write_bytes (b'\xff' * 100)
    (MODELS / 'notes.txt').write_text ('no model')
    generator = random.Random (2)
    for name, width, height in ('a.png', 100, 70), ('b.png', 33, 5):
        write_png (FOLDER / name, width, height,
                   lambda x, y: (2 * x, 3 * y, generator.randrange (256)))
    (FOLDER / 'broken.png').write_bytes ((FOLDER / 'a.png').read_bytes ()[:200])
    return shapes


SHAPES = make_files ()
run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix train` and `pix2pix eval`: whatever happens, nothing is lost, and errors are
reported.  test-train.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import json
import math
import re
import resource
import shutil
import signal
import struct
import subprocess
import time

from handmade import read_png, read_tensors, write_png
from program import (ENVIRONMENT, FOLDER, PROGRAM, check, new_folder, on_terminal, run, run_tests)
from training import (COMMON, NET, SIDE, TRAIN, USUAL, VAL, begin, blocks, check_same_files,
                      metadata, read_log, train)

# A shell that runs this in the background has SIGINT ignored, also in child processes.
signal.signal (signal.SIGINT, signal.default_int_handler)

RESULTS = 'model.safetensors', 'best.safetensors', 'log.csv', 'samples/epoch-0010.png'


def straight ():
    """The folder of a training that was not interrupted."""
    folder = FOLDER / 'straight'
    if not folder.exists ():
        train ('straight', *USUAL)
    return folder


def check_same (name):
    check_same_files (name, straight ().name, RESULTS)


# ---- Output files -------------------------------------------------------------------------

def test_folder ():
    """a run leaves its models, checkpoint, log, samples and report, and nothing else"""
    names = {path.name for path in straight ().iterdir ()}
    check (names == {'model.safetensors', 'best.safetensors', 'checkpoint.safetensors', 'log.csv',
                     'samples', 'report.html'}, names)
    check ({path.name for path in (straight () / 'samples').iterdir ()}
           == {f'epoch-{i:04}.png' for i in (0, 1, 2, 4, 6, 8, 10)}, 'samples')


def test_log ():
    """log.csv has a row for every few steps and for each epoch's end, with the learning rate"""
    straight ()
    rows = read_log ('straight')
    steps = [int (row['step']) for row in rows]
    check (steps == [step for epoch in range (10) for step in (7 * epoch + 3, 7 * epoch + 6,
                                                                7 * epoch + 7)], steps)
    rates = [float (row['rate']) for row in rows if int (row['step']) % 7 == 0]
    expected = [2e-4 * (1 - max (0, epoch + 1 - 6) / 5) for epoch in range (10)]
    check (all (abs (a - b) < 1e-12 for a, b in zip (rates, expected)), rates)
    validated = [int (row['epoch']) for row in rows if row['val_L1']]
    check (validated == [3, 6, 9, 10], validated)


def test_card ():
    """the card names the data, its readers, options, date and metrics, and has what --card says"""
    train ('card', *COMMON, '--val', VAL, '--n_epochs', 1, '--n-epochs-decay=0', '--card',
           'title=Blocks', '--card', 'authors=Somebody', '--card', 'licence=CC0-1.0',
           '--direction', 'BtoA', '--inputs', 'labels')
    card = metadata (FOLDER / 'card/model.safetensors')
    for key, value in {'title': 'Blocks', 'authors': 'Somebody', 'licence': 'CC0-1.0',
                       'inputs': 'labels', 'output': 'rgb', 'train_size': '32',
                       'num_downs': '5', 'ngf': '4', 'net': 'unet',
                       'created': time.strftime ('%Y-%m-%d')}.items ():
        check (card.get (f'p2p.{key}') == value, f'{key}: {card}')
    check (re.fullmatch (r'gdk-pixbuf [\d.]+, libpng [\d.]+, libtiff [\d.]+', card['p2p.readers']),
           card['p2p.readers'])
    check (card['p2p.data'].endswith ('/train, 7'), card)
    check ('--direction BtoA' in card['p2p.options'] and '--n-epochs 1' in card['p2p.options'],
           card)
    row = read_log ('card')[-1]
    check (f"L1 {float (row['val_L1']):.4f}" in card['p2p.metrics'], card)


def check_applied (model, sheet):
    """Applies the model to the first picture of a sheet of samples, and compares with the sheet's
    result."""
    write_png (FOLDER / 'blocks.png', SIDE, SIDE, blocks (100))
    run ('apply', '-m', model, FOLDER / 'blocks.png', '-o', FOLDER / 'applied.png', '--force')
    applied, sample = read_png (FOLDER / 'applied.png'), read_png (sheet)
    differences = [abs (a - b) for y in range (SIDE) for x in range (SIDE)
                   for a, b in zip (applied[2][3 * (y * SIDE + x):][:3],
                                    sample[2][3 * (y * sample[0] + SIDE + 4 + x):][:3])]
    check (max (differences) <= 1, max (differences))


def test_use ():
    """apply uses the model like any other, and gives the same picture as the samples"""
    check_applied (straight () / 'model.safetensors', straight () / 'samples/epoch-0010.png')


def test_checkpoint ():
    """a checkpoint that is used as a model is recognized, and the message says so"""
    _, errors = run ('info', straight () / 'checkpoint.safetensors', status=1)
    check ('This is the checkpoint of a training' in errors, errors)


def test_eval ():
    """eval of the model gives the metrics of its last validation"""
    output, _ = run ('eval', '-m', straight () / 'model.safetensors', '--data', VAL, '--mode',
                     'aligned', '--json', '--pictures', FOLDER / 'evaluated')
    result, row = json.loads (output), read_log ('straight')[-1]
    check (result['pictures'] == 3, result)
    for key, column in ('l1', 'val_L1'), ('psnr', 'val_PSNR'), ('ssim', 'val_SSIM'):
        check (abs (result[key] - float (row[column])) < 1e-5 * abs (result[key]), (result, row))
    check (sorted (path.name for path in (FOLDER / 'evaluated').iterdir ())
           == ['0.png', '1.png', '2.png'], 'pictures')


def test_eval_first ():
    """eval --first uses that many pictures"""
    output, _ = run ('eval', '-m', straight () / 'model.safetensors', '--data', VAL, '--mode',
                     'aligned', '--json', '--first', 2)
    check (json.loads (output)['pictures'] == 2, output)


def test_colorize ():
    """a model trained with colorize is for lightness and colors, and is evaluated in Lab"""
    train ('colorize', *COMMON, '--mode', 'colorize', '--n-epochs', 1, '--n-epochs-decay', 0)
    card = metadata (FOLDER / 'colorize/model.safetensors')
    check ((card['p2p.inputs'], card['p2p.output']) == ('lab-l', 'lab-ab'), card)
    output, _ = run ('eval', '-m', FOLDER / 'colorize/model.safetensors', '--data', TRAIN,
                     '--mode', 'colorize', '--json')
    result = json.loads (output)
    check (result['ab_error'] > 0 and result['chroma_ratio'] >= 0, result)


def lab_chroma (rgb):
    """Chroma of an sRGB color by the definition (CIE 15:2004), with white D65."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
              for v in (sample / 255 for sample in rgb)]
    rows = (0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), \
        (0.0193339, 0.1191920, 0.9503041)
    x, y, z = (sum (w * v for w, v in zip (row, linear)) / sum (row) for row in rows)
    x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
               for t in (x, y, z))
    return math.hypot (500 * (x - y), 200 * (y - z))


def test_eval_gray ():
    """eval of colors reports the error of plain gray, which is the pictures' chroma"""
    colours = (200, 40, 40), (60, 80, 160)
    folder = new_folder ('flat')
    for i, colour in enumerate (colours):
        write_png (folder / f'{i}.png', 32, 32, lambda x, y: colour)
    train ('gray', *COMMON, '--mode', 'colorize', '--n-epochs', 1, '--n-epochs-decay', 0)
    output, _ = run ('eval', '-m', FOLDER / 'gray/model.safetensors', '--data', folder, '--mode',
                     'colorize', '--json')
    expected = sum (map (lab_chroma, colours)) / 2
    check (abs (json.loads (output)['ab_error_of_gray'] - expected) < 0.02, (output, expected))


def test_overfit ():
    """one pair is learned by heart: L1 below 0.03"""
    write_png (new_folder ('one') / '0.png', 128, 64,
               lambda x, y: blocks (1) (x // 2, y // 2))
    train ('learnt', '--data', FOLDER / 'one', '--val', FOLDER / 'one', '--mode', 'aligned',
           '--netG', 'unet_64', '--crop-size', 64, '--load-size', 64, '--no-flip', '--no-dropout',
           '--ngf', 16, '--ndf', 16, '--lr', 0.001, '--n-epochs', 150, '--n-epochs-decay', 100,
           '--val-epoch-freq', 250, '--save-epoch-freq', 250)
    l1 = float (read_log ('learnt')[-1]['val_L1'])
    check (l1 < 0.03, l1)


def test_report ():
    """report.html needs no other file, and shows curves, samples and options"""
    page = (straight () / 'report.html').read_text ('utf-8')
    check (page.count ('<svg') == 6 and page.count ('<polyline') == 8, page[:200])
    check (page.count ('<circle') == 8, 'a dot at the end of each curve')
    check ('data:image/png;base64,' in page and 'netG</td><td>unet_32' in page, 'samples, options')
    check (not any (word in page for word in ('src="', 'href=', 'url(', 'http')), 'other files')


def test_dry_run ():
    """--dry-run shows the first batch and what a training takes, and trains nothing"""
    output, _ = train ('dry', *COMMON, '--batch-size', 3, '--dry-run')
    check ({path.name for path in (FOLDER / 'dry').iterdir ()} == {'first-batch.png'}, output)
    width, height, _ = read_png (FOLDER / 'dry/first-batch.png')
    check ((width, height) == (2 * SIDE + 4, 3 * SIDE + 8), (width, height))
    for word in '7', 'parameters', 'MiB', 'ms a step':
        check (word in output, output)


# ---- Nothing is lost ----------------------------------------------------------------------

def test_same_again ():
    """the same training gives the same bits, with any number of threads"""
    train ('again', *USUAL, '--threads', 3)
    check_same ('again')


def test_seed ():
    """another seed gives another training"""
    train ('seed', *USUAL, '--seed', 1)
    check (read_log ('seed')[0] != read_log ('straight')[0], 'the same losses')


def check_signal (name, number):
    process = begin (name, *USUAL)
    for _ in range (4):
        process.stdout.readline ()
    process.send_signal (number)
    output, errors = process.communicate (timeout=60)
    check (process.returncode == 0, f'{process.returncode}: {errors}')
    check (f'pix2pix train --resume {FOLDER / name}\n' in output, output)
    check (metadata (FOLDER / name / 'checkpoint.safetensors')['state.step'] != '70', 'too late')
    run ('train', '--resume', FOLDER / name)
    check_same (name)


def test_interrupt ():
    """Ctrl-C saves and says how to resume; resumed, the training gives the same bits"""
    check_signal ('interrupted', signal.SIGINT)


def test_terminate ():
    """SIGTERM does the same"""
    check_signal ('terminated', signal.SIGTERM)


def test_stop_validation ():
    """stopped during validation and resumed, a training validates again and gives the same bits"""
    many = new_folder ('many')
    for i in range (60):
        shutil.copy (VAL / '0.png', many / f'{i}.png')
    options = *COMMON, '--val', many, '--n-epochs', 3, '--n-epochs-decay', 0
    train ('validated', *options)
    process, stops = begin ('stopping', *options, '--print-freq', 6), 0
    while (line := process.stdout.readline ()).startswith ('epoch') and stops < 12:
        check (not re.search (r' 0\.00 it/s| nan | inf |-\d+ (s|min|h) left', line), line)
        process.terminate ()
        output, _ = process.communicate (timeout=60)
        if 'Done' in output:
            break
        state = metadata (FOLDER / 'stopping/checkpoint.safetensors')
        stops += int (state['state.step']) == 7 * (int (state['state.epochs-ended']) + 1)
        process = subprocess.Popen ([PROGRAM, 'train', '--resume', FOLDER / 'stopping'],
                                    env=ENVIRONMENT, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
    process.communicate (timeout=60)
    print (f'# stopped {stops} times while it validated')
    for file in 'model.safetensors', 'best.safetensors':
        check ((FOLDER / 'validated' / file).read_bytes ()
               == (FOLDER / 'stopping' / file).read_bytes (), file)


def test_cut_log ():
    """rows of the log that are newer than the checkpoint are removed when the training resumes"""
    process = begin ('log', *USUAL)
    for _ in range (9):
        process.stdout.readline ()
    process.terminate ()
    process.communicate (timeout=60)
    with open (FOLDER / 'log/log.csv', 'a') as log:
        log.write ('71,11,0.0002,1,2,')
    run ('train', '--resume', FOLDER / 'log')
    check_same ('log')


def limited (size):
    """Limits files to size bytes, so that writing fails as on a full disk."""
    def limit ():
        signal.signal (signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit (resource.RLIMIT_FSIZE, (size, size))
    return limit


def test_full_disk ():
    """a checkpoint that cannot be written is an error, and the old one is not changed"""
    train ('full', *COMMON, '--n-epochs', 2, '--n-epochs-decay', 0, '--save-epoch-freq', 1)
    path = FOLDER / 'full/checkpoint.safetensors'
    before = path.read_bytes ()
    _, errors = run ('train', '--resume', FOLDER / 'full', '--n-epochs', 4, status=1,
                     preexec_fn=limited (len (before) - 1000), restore_signals=False)
    check ('checkpoint.safetensors' in errors or 'cannot be written' in errors, errors)
    check (path.read_bytes () == before, 'the checkpoint has changed')
    check (len (list ((FOLDER / 'full').glob ('*.safetensors*'))) == 2, 'left over')
    run ('train', '--resume', FOLDER / 'full', '--n-epochs', 4)
    train ('roomy', *COMMON, '--n-epochs', 4, '--n-epochs-decay', 0, '--save-epoch-freq', 1)
    for file in 'model.safetensors', 'log.csv':
        check ((FOLDER / 'full' / file).read_bytes () == (FOLDER / 'roomy' / file).read_bytes (),
               file)


def test_failing ():
    """a training whose losses explode stops, says which and when, and leaves the checkpoint"""
    train ('failing', *COMMON, '--gan-mode', 'lsgan', '--n-epochs', 1, '--n-epochs-decay', 0)
    path, model = (FOLDER / f'failing/{name}.safetensors' for name in ('checkpoint', 'model'))
    data, made = bytearray (path.read_bytes ()), model.read_bytes ()
    start = 8 + int.from_bytes (data[:8], 'little')
    place = start + json.loads (data[8:start])['D.value.model.5.weight']['data_offsets'][0]
    data[place:place + 4] = struct.pack ('<f', 1e9)
    path.write_bytes (data)
    _, errors = run ('train', '--resume', FOLDER / 'failing', '--n-epochs', 2, status=1)
    check ('The training has failed: the loss ' in errors and ' in step 8 ' in errors, errors)
    check (path.read_bytes () == data and model.read_bytes () == made, 'they were changed')


def test_broken ():
    """broken pictures are named once and left out"""
    folder, val = FOLDER / 'broken-data', FOLDER / 'broken-val'
    shutil.copytree (TRAIN, folder)
    shutil.copytree (VAL, val)
    for broken in folder / '3.png', val / '1.png':
        broken.write_bytes (b'no picture')
    _, errors = train ('broken', '--data', folder, '--val', val, *NET, '--n-epochs', 4,
                       '--n-epochs-decay', 0)
    for broken in folder / '3.png', val / '1.png':
        check (errors.count (str (broken)) == 1, errors)


def test_start_from ():
    """--start-from starts with a model's weights and network"""
    train ('tuned', '--data', TRAIN, '--mode', 'aligned', '--start-from',
           straight () / 'best.safetensors', '--lr', 0, '--ndf', 4, '--load-size', 36,
           '--crop-size', SIDE, '--n-epochs', 1, '--n-epochs-decay', 0)
    before, after = (path.read_bytes () for path in (straight () / 'best.safetensors',
                                                     FOLDER / 'tuned/model.safetensors'))
    headers = [json.loads (data[8:8 + int.from_bytes (data[:8], 'little')])
               for data in (before, after)]
    name = 'model.model.0.weight'
    values = [data[8 + int.from_bytes (data[:8], 'little') + header[name]['data_offsets'][0]:]
              [:header[name]['data_offsets'][1] - header[name]['data_offsets'][0]]
              for data, header in zip ((before, after), headers)]
    check (len (values[0]) == 4 * 4 * 3 * 4 * 4 and values[0] == values[1], 'other weights')


# ---- Resizing -----------------------------------------------------------------------------

RESIZE = (*USUAL, '--upsample', 'resize')


def resized ():
    """The model of a training with --upsample resize."""
    model = FOLDER / 'resized/model.safetensors'
    if not model.exists ():
        train ('resized', *RESIZE)
    return model


def test_resize_stopped ():
    """also with --upsample resize, a training that is stopped and resumed gives the same bits"""
    process = begin ('resizing', *RESIZE)
    for _ in range (4):
        process.stdout.readline ()
    process.terminate ()
    process.communicate (timeout=60)
    run ('train', '--resume', FOLDER / 'resizing')
    for file in RESULTS:
        check ((resized ().parent / file).read_bytes ()
               == (FOLDER / 'resizing' / file).read_bytes (), file)


def test_resize_card ():
    """the card has --upsample resize, and --start-from takes it over"""
    tensors, card = read_tensors (resized ())
    check (card['p2p.upsample'] == 'resize' and '--upsample resize' in card['p2p.options'], card)
    check (tensors['model.model.3.weight'][1] == [3, 8, 3, 3], tensors['model.model.3.weight'][1])
    train ('resize-tuned', '--data', TRAIN, '--mode', 'aligned', '--start-from', resized (),
           '--ndf', 4, '--load-size', 36, '--crop-size', SIDE, '--n-epochs', 1,
           '--n-epochs-decay', 0)
    card = metadata (FOLDER / 'resize-tuned/model.safetensors')
    check (card['p2p.upsample'] == 'resize', card)


def test_resize_applied ():
    """in apply, a model that resizes gives the picture of the samples, also without its card"""
    run ('export', resized (), '-o', FOLDER / 'resized.pth', '-q')
    for model in resized (), FOLDER / 'resized.pth':
        check_applied (model, resized ().parent / 'samples/epoch-0010.png')


# ---- Messages ------------------------------------------------------------------------------

def test_damaged ():
    """a checkpoint whose epochs and steps do not agree, or that lacks something, is refused"""
    for i, (old, new, message) in enumerate ((
            (b'"state.step":"70"', b'"state.step":"99"', 'its epochs and steps do not agree'),
            (b'"state.step"', b'"stats.step"', 'This is no checkpoint of a training'),
            (b'"D.value.model.0.weight"', b'"X.value.model.0.weight"',
             'The network D is missing in the checkpoint'))):
        folder = FOLDER / f'damaged-{i}'
        shutil.copytree (straight (), folder)
        path = folder / 'checkpoint.safetensors'
        data = path.read_bytes ()
        check (data.count (old) == 1, old)
        path.write_bytes (data.replace (old, new))
        _, errors = run ('train', '--resume', folder, '--n-epochs', 20, status=1)
        check (message in errors, errors)


def test_lines ():
    """without a terminal each row of the log is a line; on a terminal there is a progress bar"""
    output, errors = train ('lines', *USUAL)
    check (output.count ('\nepoch ') + 1 == 30 + 4 and 'it/s' in output and 'G_L1' in output,
           output)
    check ('\r' not in errors, errors)
    shown = on_terminal ('train', '-o', FOLDER / 'bar', *USUAL)
    check ('\r' in shown and '[###' in shown and 'epoch 10/10' in shown, shown)


def test_quiet ():
    """--quiet prints nothing"""
    check (train ('quiet', *USUAL, '-q') == ('', ''), 'told something')


USAGE = [
    ((), 'name a folder for a new training with -o'),
    (('-o', 'x'), '--data'),
    (('-o', 'x', '--resume', 'y'), 'with -o'),
    (('-o', 'x', *COMMON, '--crop-size', 48), '--crop-size wants a multiple of 32'),
    (('-o', 'x', *COMMON, '--load-size', 16), '--load-size must be no smaller'),
    (('-o', 'x', *COMMON, '--netG', 'unet_100'), '--netG wants'),
    (('-o', 'x', *COMMON, '--upsample', 'cubic'),
     '--upsample wants transposed | resize | smooth | bilinear'),
    (('-o', 'x', *COMMON, '--gan-mode', 'wgangp'), '--gan-mode wants vanilla | lsgan | hinge'),
    (('-o', 'x', *COMMON, '--lr', 'fast'), '--lr wants a number'),
    (('-o', 'x', *COMMON, '--lambda_L1', 0, '--lambda-GAN', 0), 'cannot both be 0'),
    (('-o', 'x', *COMMON, '--n-epochs', 0, '--n-epochs-decay', 0), 'n-epochs-decay cannot both'),
    (('-o', 'x', *COMMON, '--mode', 'colorize', '--direction', 'BtoA'), 'only one direction'),
    (('-o', 'x', *COMMON, '--card', 'title'), 'KEY=VALUE'),
    (('--resume', 'x', '--ngf', 8), '--ngf cannot be changed'),
    (('--resume', 'x', '--dry-run'), '--dry-run'),
]


def test_usage ():
    """options that make no sense: status 2, the message says what is possible"""
    for arguments, message in USAGE:
        _, errors = run ('train', *arguments, status=2, cwd=FOLDER)
        check (message in errors, errors)
    check (not (FOLDER / 'x').exists (), 'a folder was made')


def test_refused ():
    """folders in which a training cannot start or resume: status 1, the message says why"""
    straight ()
    for arguments, message in [
            (('-o', FOLDER / 'straight', *COMMON), 'holds a training already: go on with it'),
            (('--resume', TRAIN), 'There is no checkpoint'),
            (('-o', FOLDER / 'y', *COMMON, '--data', FOLDER / 'none'), 'none'),
            (('-o', FOLDER / 'y', *COMMON, '--card', 'ngf=8'), 'give those, not --card'),
            (('-o', FOLDER / 'y', *COMMON, '--card', 'nonsense=8'), 'no key “nonsense”'),
            (('--resume', FOLDER / 'straight', '--data', VAL), '3 pictures now, but held 7')]:
        _, errors = run ('train', *arguments, status=1)
        check (message in errors, errors)
    check (not (FOLDER / 'y').exists (), 'a folder was made')


run_tests (globals ())

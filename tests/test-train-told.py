#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: what `pix2pix train` tells people: presets, report.html during the training and at its end,
and how to get its model into GIMP.  test-train-told.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import json
import os
import re
import signal
import subprocess

from handmade import write_png
from program import ENVIRONMENT, FOLDER, MODELS, PROGRAM, check, new_folder, run, run_tests

# A shell that runs this in the background has SIGINT ignored, also in child processes.
signal.signal (signal.SIGINT, signal.default_int_handler)

SIDE = 32


def pairs (name, n):
    folder = new_folder (name)
    for i in range (n):
        write_png (folder / f'{i}.png', 2 * SIDE, SIDE,
                   lambda x, y: bytes ((8 * (x % SIDE), 8 * y, 40 * i)))
    return folder


TRAIN, VAL = pairs ('train', 4), pairs ('val', 2)
SIZES = ('--crop-size', SIDE, '--load-size', 36, '--ngf', 2, '--ndf', 2, '--n-layers-D', 1)
SMALL = '--data', TRAIN, '--mode', 'aligned', '--netG', 'unet_32', *SIZES
SHORT = *SMALL, '--n-epochs', 2, '--n-epochs-decay', 0


def train (name, *options, **more):
    return run ('train', '-o', FOLDER / name, *options, **more)


def report (name):
    return (FOLDER / name / 'report.html').read_text ('utf-8')


def metadata (path):
    data = path.read_bytes ()
    return json.loads (data[8:8 + int.from_bytes (data[:8], 'little')])['__metadata__']


# ---- Presets ------------------------------------------------------------------------------

def presets ():
    """Preset → the options that it stands for, according to --help."""
    text, _ = run ('train', '--help')
    part = re.search (r'^Presets.*?\n(.*?)\n\n', text, re.M | re.S)[1]
    found = re.findall (r'^  (\S+)(.*?)(?=^  \S|\Z)', part, re.M | re.S)
    return {name: ' '.join (re.search (r'\n +(--.*)', more, re.S)[1].split ())
            for name, more in found}


def test_presets ():
    """--help says what each preset stands for, using it prints the same, and the card has it"""
    check (list (presets ()) == ['quick', 'good', 'crisp', 'small-set', 'unpaired-cpu'], presets ())
    kinds = new_folder ('kinds')
    for kind in 'A', 'B':
        (kinds / kind).symlink_to (TRAIN)
    unpaired = '--data', kinds, '--netG', 'resnet_1blocks', *SIZES
    for name, options in presets ().items ():
        _, errors = train (f'preset-{name}', '--preset', name,
                           *(unpaired if '--recipe cyclegan' in options else SMALL), '--dry-run')
        given = {'--ngf', '--ndf', '--netG', '--load-size', '--crop-size'}
        words = options.split ()
        rest = [' '.join (words[i:i + 2]) for i in range (0, len (words), 2)
                if words[i] not in given]
        check (f'--preset {name} stands for {" ".join (rest)}\n' in errors, errors)


def test_preset_kept ():
    """a preset's options are saved as options in the checkpoint and on the card"""
    epochs = dict (re.findall (r'--(n-epochs\S*) (\d+)', presets ()['quick']))
    train ('kept', '--preset', 'quick', *SMALL)
    card = metadata (FOLDER / 'kept/model.safetensors')['p2p.options']
    state = metadata (FOLDER / 'kept/checkpoint.safetensors')
    for name, value in epochs.items ():
        check (f'--{name} {value}' in card, card)
        check (state[f'option.{name}'] == value, state)
    check ('preset' not in card and not any ('preset' in key for key in state), state)


def test_preset_order ():
    """an explicit option overrides the preset's, whether it comes before or after --preset"""
    for i, words in enumerate ((('--preset', 'quick', *SHORT), (*SHORT, '--preset', 'quick'))):
        train (f'order-{i}', *words)
        options = metadata (FOLDER / f'order-{i}/model.safetensors')['p2p.options']
        check ('--n-epochs 2 ' in options and '--ngf 2' in options, options)


def test_preset_start ():
    """with --start-from, the model's network overrides the preset's"""
    train ('started', *SHORT)
    _, errors = train ('small', '--preset', 'small-set', '--start-from',
                       FOLDER / 'started/model.safetensors', '--data', TRAIN, '--mode', 'aligned',
                       '--crop-size', SIDE, '--load-size', 36, '--ndf', 2, '--dry-run')
    check ('--netG' not in errors and '--n-epochs-decay 100' in errors, errors)


def test_preset_unknown ():
    """an unknown preset: status 2, the message lists the presets; --resume takes no preset"""
    _, errors = train ('none', '--preset', 'fast', *SMALL, status=2)
    check ('--preset wants quick | good | crisp | small-set | unpaired-cpu, not “fast”' in errors,
           errors)
    _, errors = run ('train', '--resume', 'none', '--preset', 'quick', status=2)
    check ('--preset are only for new trainings' in errors, errors)


# ---- Help ---------------------------------------------------------------------------------

def test_help ():
    """--help has each option under a heading, in lines that fit a terminal of 80 columns"""
    text, _ = run ('train', '--help')
    listed = text[text.index ('Presets'):text.index ('Example')]
    check (re.findall (r'^([A-Z].*):$', listed, re.M)[1:]
           == ['Method', 'Pictures', 'Networks', 'What is learned, and how fast', 'How long',
               'What is shown and saved'], listed)
    for line in listed.splitlines ():
        check (len (line) < 80 or line.startswith ('  --'), line)
    for name in '--data FOLDER', '--hints', '--lambda-L1 X', '--save-minutes X':
        check (re.search (f'^  {name}\\s', listed, re.M), name)


# ---- The report ---------------------------------------------------------------------------

def test_report_early ():
    """report.html exists before anything is saved, says that it still runs, and reloads itself"""
    process = subprocess.Popen ([PROGRAM, 'train', '-o', FOLDER / 'early', *map (str, SMALL),
                                 '--n-epochs', '100000', '--save-epoch-freq', '100000',
                                 '--save-minutes', '100000', '--print-freq', '1'],
                                env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    process.stdout.readline ()
    page = report ('early')
    names = {path.name for path in (FOLDER / 'early').iterdir ()}
    process.send_signal (signal.SIGINT)
    process.communicate (timeout=60)
    check ('checkpoint.safetensors' not in names, names)
    check ('Still running' in page and "<meta http-equiv='refresh'" in page, page[-3000:])
    check ('nothing is learned yet' in page and 'data:image/png;base64,' in page, 'samples')
    stopped = report ('early')
    check ('--resume' in stopped and 'refresh' not in stopped, stopped[-3000:])


def test_report_end ():
    """when the training has ended, the page says so and no longer reloads itself"""
    train ('ended', *SHORT)
    page = report ('ended')
    check ('Finished on ' in page and 'Still' not in page and 'refresh' not in page, page[-3000:])


def test_report_failed ():
    """a training whose losses explode is shown as failed, not as running or resumable"""
    train ('exploding', *SHORT, '--lr', 10, '--gan-mode', 'lsgan', '--n-epochs', 300, status=1)
    page = report ('exploding')
    check ('Failed on' in page and 'Still running' not in page and '--resume' not in page, page)


def test_report_words ():
    """each curve of report.html has an explanation beside it"""
    train ('words', *SHORT, '--val', VAL)
    page = report ('words')
    for name in re.findall (r"<text class='name n\d'[^>]*>(\S+) ", page):
        check (re.search (f'<p><b>{name}</b>: \\w', page), f'{name} is not explained')
    for word in 'it falls', '0.69', 'learns its pictures by heart':
        check (word in page.replace ('It falls', 'it falls'), word)


def test_first_sample ():
    """samples are made before the first step, after the first epoch and at each save"""
    train ('samples-of', *SMALL, '--n-epochs', 5, '--n-epochs-decay', 0, '--save-epoch-freq', 3)
    names = sorted (path.name for path in (FOLDER / 'samples-of/samples').iterdir ())
    check (names == [f'epoch-{i:04}.png' for i in (0, 1, 3, 5)], names)


# ---- The end ------------------------------------------------------------------------------

def run_last_line (output):
    """Runs the command that a training prints at its end, as a shell does."""
    programs = FOLDER / 'programs'
    programs.mkdir (exist_ok=True)
    (programs / 'pix2pix').unlink (missing_ok=True)
    (programs / 'pix2pix').symlink_to (PROGRAM)
    command = output.rstrip ('\n').splitlines ()[-1]
    check (command.startswith ('  pix2pix import '), output)
    done = subprocess.run (['sh', '-c', command], text=True, capture_output=True,
                           env=dict (ENVIRONMENT, PATH=f'{programs}:{os.environ["PATH"]}'))
    check (done.returncode == 0, done.stderr)
    return done.stdout


def listed ():
    return {model['id']: model['title'] for model in json.loads (run ('models', '--json')[0])}


def test_last_line ():
    """the last line is a command that puts the best model where GIMP finds it"""
    name = "Cats' & dogs"
    output, _ = train (name, *SHORT, '--val', VAL)
    check ('Filters ▸ Artistic ▸ Image Translation (pix2pix)…' in output, output)
    told = run_last_line (output)
    check (listed ()['cats-dogs'] == name, listed ())
    check ('pix2pix apply --model cats-dogs ' in told, told)
    best, used = ((FOLDER / name / 'best.safetensors'), MODELS / 'cats-dogs.safetensors')
    check (best.stat ().st_size > 10000 and used.read_bytes ()[-10000:]
           == best.read_bytes ()[-10000:], 'other weights')


def test_last_line_titled ():
    """a title given by --card is kept, and the file is named after it"""
    output, _ = train ('titled', *SHORT, '--card', 'title=Été à Nîmes')
    run_last_line (output)
    check (listed ()['été-à-nîmes'] == 'Été à Nîmes', listed ())


def test_import_twice ():
    """an existing model is replaced only with --force"""
    path = FOLDER / 'titled/model.safetensors'
    _, errors = run ('import', path, status=1)
    check ('“été-à-nîmes”' in errors and '--force' in errors, errors)
    run ('import', path, '--card', 'title=Nîmes')
    run ('import', path, '--card', 'title=Nîmes', '--card', 'description=again', '--force')
    models = json.loads (run ('models', '--json')[0])
    check ([model['description'] for model in models if model['id'] == 'nîmes'] == ['again'],
           models)

def test_other_val ():
    """resumed with other validation pictures, a training chooses its best model anew"""
    train ('judged', *SHORT, '--val', VAL)
    before = metadata (FOLDER / 'judged/best.safetensors')['p2p.metrics']
    hard = new_folder ('hard')
    write_png (hard / '0.png', 2 * SIDE, SIDE, lambda x, y: (255 * (x < SIDE), 0, 255 * (y % 2)))
    run ('train', '--resume', FOLDER / 'judged', '--val', hard, '--n-epochs', 3)
    after = metadata (FOLDER / 'judged/best.safetensors')['p2p.metrics']
    check ('(1, epoch 3)' in after, (before, after))


def test_late_val ():
    """the last line names an existing model, also if nothing was left to validate"""
    train ('late', *SHORT)
    output, _ = run ('train', '--resume', FOLDER / 'late', '--val', VAL)
    check (f'pix2pix import {FOLDER}/late/model.safetensors' in output, output)


def test_dry_run_time ():
    """--dry-run writes the time as people say it"""
    output, _ = train ('dry', *SMALL, '--n-epochs', 1, '--n-epochs-decay', 0, '--dry-run')
    check (re.search (r'^time +\d+ s at \d+ ms a step$', output, re.M), output)


run_tests (globals ())

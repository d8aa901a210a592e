#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the command blocks of README.md and of the help pages that call the program run exactly as
they are written.  test-readme.py PROGRAM

They run in a folder with the files that they name.  A wrapper makes trainings small.  Needs nothing
but Python.
"""

import functools
import os
import pathlib
import random
import shlex
import shutil
import subprocess

import commands
from handmade import write_png
from program import ENVIRONMENT, FOLDER, PROGRAM, check, new_folder, run_tests

SIDE = 256
SMALL = '--ngf 2 --ndf 2 --n-epochs 1 --n-epochs-decay 0'
# Others run these: CI, test-install.py, tests/packages, tests/gimp/readme.py, test-ranks.py, and
# people who measure.
ELSEWHERE = ('plugin/try', 'plugin/install', 'plugin/package', 'gimp-console-3', 'meson',
             'tests/bench', 'mpirun', '#!/bin/sh')


def picture (path, seed, width=SIDE, height=SIDE):
    """Rectangles of colors with dark outlines, as in a drawing."""
    path.parent.mkdir (parents=True, exist_ok=True)
    numbers = random.Random (seed)
    shapes = [[numbers.randrange (width), numbers.randrange (height), numbers.randrange (30, 90),
               bytes (numbers.randrange (256) for _ in range (3))] for _ in range (12)]

    def pixel (x, y):
        for left, top, size, color in shapes:
            if abs (x - left) < size and abs (y - top) < size:
                return color if max (abs (x - left), abs (y - top)) < size - 2 else b'\0\0\0'
        return b'\xff\xff\xff'
    write_png (path, width, height, pixel)


@functools.cache
def prepared ():
    """A folder with the files that the blocks name, and the environment to run them in."""
    folder = new_folder ('readme')
    models = FOLDER / 'data/pix2pix/models'
    models.mkdir (parents=True, exist_ok=True)
    for path in (commands.TOP / 'weights').glob ('*.safetensors'):
        shutil.copy (path, models)
    for name in ('facade-labels', 'gray-landscape', 'sketch-fox', 'sketch-fox-hints'):
        shutil.copy (commands.TOP / f'tests/data/{name}.png', folder)
    (folder / 'photos').mkdir ()
    for old, new in (('facade-labels', 'labels'), ('gray-landscape', 'photos/gray'),
                     ('sketch-fox', 'drawing'), ('sketch-fox-hints', 'dots')):
        (folder / f'{old}.png').rename (folder / f'{new}.png')
    for part, count in (('train', 3), ('val', 1)):
        for i in range (count):
            picture (folder / f'facades/{part}/{i}.png', i, 2 * SIDE)
            picture (folder / f'drawings/{part}/{i}.png', i)
            picture (folder / f'aerial-photos/{part}/{i}.png', i)
            picture (folder / f'scenes/{part}A/{i}.png', i)
            picture (folder / f'scenes/{part}B/{i}.png', i + 9)
            for pairs in ('my-pairs', 'meine-paare', 'mis-parejas', 'mes-paires'):
                picture (folder / f'{pairs}/A/{i}.png', i)
                picture (folder / f'{pairs}/B/{i}.png', i + 9)

    programs = new_folder ('programs')
    wrapper = programs / 'pix2pix'
    wrapper.write_text (f'#!/bin/sh\ncase "$*" in *--resume*) ;; train*) set -- "$@" {SMALL} ;; '
                        f'esac\nexec {shlex.quote (str (PROGRAM))} "$@"\n')
    wrapper.chmod (0o755)
    home = new_folder ('home')
    environment = {**os.environ, **ENVIRONMENT, 'XDG_DATA_HOME': str (FOLDER / 'data'),
                   'HOME': str (home), 'PATH': f'{programs}:{os.environ["PATH"]}'}
    subprocess.run (['pix2pix', 'export', 'facade', '-o', 'net.pth'], cwd=folder, env=environment,
                    check=True, stdout=subprocess.DEVNULL)
    return folder, environment


def run_block (block, folder, environment):
    done = subprocess.run (['sh', '-e', '-c', block], cwd=folder, env=environment, text=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, check=False, timeout=600)
    check (done.returncode == 0, f'{block}\nended with {done.returncode}:\n{done.stdout}')


def test_known ():
    """each command block of README.md is run by a test"""
    for block in commands.blocks ():
        check (block.startswith (('pix2pix ', *ELSEWHERE)), f'which test runs this?\n{block}')


def test_readme ():
    """the blocks of README.md that call the program run exactly as they are written"""
    folder, environment = prepared ()
    for block in commands.blocks ():
        if block.startswith ('pix2pix '):
            run_block (block, folder, environment)


def test_results ():
    """they write the files that README.md names"""
    folder = FOLDER / 'readme'
    for name in ('photo.png', 'colored.png', 'colored-photos/gray.png', 'piped.png',
                 'net.safetensors', 'facade.pth', 'facades-run/report.html',
                 '../data/pix2pix/models/facades.safetensors', 'sketch-run/first-batch.png'):
        check ((folder / name).stat ().st_size > 0, name)


def test_help ():
    """the help pages' blocks train a model and put it where it is found"""
    folder, environment = prepared ()
    for language, name in (('en', 'mine'), ('de', 'meins')):
        block, = commands.help_blocks (language)
        run_block (block, folder, environment)
        check ((FOLDER / f'data/pix2pix/models/{name}.safetensors').exists (), name)


def test_bench ():
    """tests/bench has the options that README.md names"""
    usage = (commands.TOP / 'tests/bench').read_text (encoding='utf-8')
    for block in commands.blocks ():
        for line in block.splitlines () if block.startswith ('tests/bench') else []:
            for word in shlex.split (line, comments=True)[1:]:
                check (f'    {word})' in usage, word)


run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: an apply that gets too little memory ends with a message about it and leaves no file, and an
evaluation ends with the same message.  test-apply-limits.py PROGRAM

Each kind of model runs under limits of the address space that rise from what the program needs to
start to what the run needs.  The sanitizers end a process themselves when there is no memory, and
with --coverage each run would take most of a minute, so nothing is tested there.
"""

import functools
import os
import resource
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from handmade import write_model, write_png_rows
from program import (ENVIRONMENT, FOLDER, MODELS, PROGRAM, Skip, check, new_folder, run, run_tests)

SIDE = 2000
STEPS = 8
MIB = 1 << 20
SKETCH = dict (input_nc=8, inputs='lines,hint-mask,hint-rgb,spread-rgb', scale='fit:1024')


def limited (limit, *arguments):
    """Runs the program with an address space of at most limit bytes.  Returns its exit status and
    messages."""
    done = subprocess.run (
        [PROGRAM, *map (str, arguments)], env=dict (ENVIRONMENT, MALLOC_ARENA_MAX='1'),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit (resource.RLIMIT_AS, (limit, limit)))
    return done.returncode, done.stderr


@functools.cache
def start ():
    """The address space that the program needs to start, until it waits for its input.  OpenBLAS
    takes buffers before the program begins, and waits forever if it gets none."""
    with open (PROGRAM, 'rb') as file:
        program = file.read ()
    if b'__asan_init' in program:
        raise Skip ('the sanitizer ends the process itself when there is no memory')
    if b'.gcda' in program:
        raise Skip ('a run takes most of a minute when the program counts its lines')
    process = subprocess.Popen ([PROGRAM, 'apply', '--model', MODELS / 'small.safetensors', '-',
                                 '-o', '-'], env=dict (ENVIRONMENT, MALLOC_ARENA_MAX='1'),
                                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
    with process:
        # A busy machine may stop the program for a while.
        peaks = [0]
        while len (peaks) < 5 or peaks[-5] < peaks[-1]:
            time.sleep (0.5)
            peaks.append (addresses (process.pid))
    return peaks[-1]


def addresses (process):
    """The peak size of a process's address space in bytes."""
    with open (f'/proc/{process}/status') as file:
        return next (int (line.split ()[1]) << 10 for line in file if line.startswith ('VmPeak'))


def rising (*arguments):
    """Runs the program under a limit that is enough and then under rising ones, and yields the exit
    statuses."""
    low = start ()
    high = low
    while limited (high, *arguments)[0] != 0:
        check (high < 16 << 30, 'it does not end well, whatever the limit')
        high += high // 4
    yield 0
    failed = 0
    for step in range (STEPS + 1):
        limit = low + (high - low) * step // STEPS
        status, said = limited (limit, *arguments)
        check (status in (0, 1), f'exit status {status} with {limit >> 20} MiB: {said}')
        check (status == 0 or 'memory' in said, f'with {limit >> 20} MiB: {said}')
        failed += status
        yield status
    check (failed > 2, f'only {failed} limits were too low')


def climb (name, *options, ending='.png'):
    """Applies the model of this name under rising limits."""
    folder = new_folder (f'{name}-out')
    out = folder / f'out{ending}'
    for status in rising ('apply', '-q', '--force', '--threads', 2, '--model', name, *options,
                          FOLDER / 'picture.png', '-o', out):
        check (os.listdir (folder) == ([] if status else [out.name]), os.listdir (folder))
        if status == 0:
            out.unlink ()


def test_sketch ():
    """a sketch model with hints"""
    write_model (MODELS / 'sketch.safetensors', **SKETCH)
    climb ('sketch', '--hints', FOLDER / 'hints.png')


def test_color ():
    """a model that outputs colors for a lightness"""
    write_model (MODELS / 'color.safetensors', input_nc=1, output_nc=2, inputs='lab-l',
                 output='lab-ab', scale='fit:1024')
    climb ('color')


def test_labels ():
    """a model that takes labels, with the labels snapped to its palette"""
    write_model (MODELS / 'labels.safetensors', inputs='labels', scale='fit:1024',
                 palette='wall=#000080,window=#ff0000')
    climb ('labels', '--snap-labels')


def test_tiles ():
    """tiles with common statistics"""
    write_model (MODELS / 'tiles.safetensors', norm_statistics='image')
    climb ('tiles', '--tile', 512)


def test_transparent_jpeg ():
    """a picture with transparent areas that is written as JPEG"""
    write_model (MODELS / 'rgb.safetensors', scale='fit:512')
    climb ('rgb', '--strength', 0.5, ending='.jpg')


def evaluate (mode, *options):
    """Evaluates the model that is named after the mode under rising limits."""
    for _ in rising ('eval', '-q', '--threads', 2, '--model', mode, '--mode', mode, '--data',
                     FOLDER / 'pictures', '--scale', 'fit:768', *options):
        pass


def test_eval_sketch ():
    """the evaluation of a sketch model with hints"""
    write_model (MODELS / 'sketch.safetensors', **SKETCH)
    evaluate ('sketch', '--hint-dots', 3)


def test_eval_color ():
    """the evaluation of a model that outputs colors, at the training size"""
    write_model (MODELS / 'colorize.safetensors', input_nc=1, output_nc=2, inputs='lab-l',
                 output='lab-ab', train_size='1024')
    evaluate ('colorize', '--scale', 'train')


def rows (side, pixel):
    """Yields rows of side pixels for write_png_rows.  pixel (x, y) is called for each 50th pixel in
    both directions."""
    for y in range (0, side, 50):
        row = b'\0' + b''.join (bytes (pixel (x, y)) * 50 for x in range (0, side, 50))
        yield row * 50


def make_pictures ():
    MODELS.mkdir (parents=True)
    write_model (MODELS / 'small.safetensors', num_downs=5, ngf=1)
    (FOLDER / 'pictures').mkdir ()
    write_png_rows (FOLDER / 'picture.png', SIDE, SIDE, b''.join (rows (
        SIDE, lambda x, y: (0, 0, 0, 255) if x % 400 == 0 else (255, y // 8, 200, x % 256))),
                    kind=6)
    (FOLDER / 'pictures/0.png').symlink_to (FOLDER / 'picture.png')
    write_png_rows (FOLDER / 'hints.png', SIDE, SIDE, b''.join (rows (
        SIDE, lambda x, y: (200, 40, 40, 255) if x == y and x % 400 == 200 else (0, 0, 0, 0))),
                    kind=6)


make_pictures ()
run_tests (globals ())

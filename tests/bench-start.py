#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how soon the plug-in answers GIMP's query when GIMP starts, and how soon its dialog is
drawn.  It uses a real GIMP on a virtual display, and compares with a plug-in that has nothing but
an empty dialog.  It also measures a call of the procedure with a small model.

    bench-start.py PLUG-IN EMPTY-DIALOG MODELS
"""

import pathlib
import re
import shutil
import sys
import tempfile

HERE = pathlib.Path (__file__).resolve ().parent
sys.path.insert (0, str (HERE / 'gimp'))
sys.dont_write_bytecode = True

import launcher  # noqa: E402
import samples  # noqa: E402

PLUG_IN, EMPTY, MODELS = (pathlib.Path (path).resolve () for path in sys.argv[1:4])


def queries (folder):
    """Milliseconds that each program takes to answer GIMP's query.  GIMP finds five copies of
    each."""
    for program in PLUG_IN, EMPTY:
        for number in range (5):
            wrapper = folder / f'plug-ins/{program.name}-{number}/{program.name}-{number}'
            wrapper.parent.mkdir (parents=True)
            wrapper.write_text ('#!/bin/sh\nstart=$(date +%s%N)\n'
                                f'"{program}" "$@"\n'
                                f'echo $((($(date +%s%N) - start) / 1000)) $5 '
                                f'>>"{folder}/{program.name}.times"\n')
            wrapper.chmod (0o700)
    launcher.launch (folder, 'plug-in-script-fu-eval', '#t', GIMP3_DIRECTORY=str (folder))
    for program in PLUG_IN, EMPTY:
        text = (folder / f'{program.name}.times').read_text ()
        yield [int (microseconds) / 1000 for microseconds in re.findall (r'(\d+) -query', text)]


def first_draws (folder):
    """Milliseconds from each call to the first draw of the dialog, for our dialog and the empty
    one."""
    place = launcher.make (folder, PLUG_IN)
    for path in MODELS.glob ('*.safetensors'):
        shutil.copy (path, place / 'models')
    (folder / 'profile/plug-ins/empty-dialog').mkdir ()
    shutil.copy (EMPTY, folder / 'profile/plug-ins/empty-dialog')
    (folder / 'steps').mkdir ()
    done = launcher.on_display (folder, sys.executable, HERE / 'gimp/starter.py', folder,
                                folder / 'screen.png', *launcher.GIMP,
                                launcher.python_batch ('starts'), G_MESSAGES_DEBUG='pix2pix')
    if done.returncode:
        sys.exit (done.stdout)
    for name in 'pix2pix', 'empty-dialog':
        begun, drawn = ([int (at) for at in re.findall (pattern, done.stdout, re.M)] for pattern in
                        (rf'^{name}: begun at (\d+)', rf'\b{name}\b.*first drawn at (\d+)'))
        yield [(end - start) / 1000 for start, end in zip (begun, drawn)]


def calls (folder):
    """Milliseconds of calls of the procedure."""
    place = launcher.make (folder, PLUG_IN)
    samples.write_model (place / 'models/tiny.safetensors', 'Tiny')
    done = launcher.launch (folder, 'python-fu-eval', launcher.python_batch ('calls'))
    if done.returncode:
        sys.exit (done.stdout)
    yield [float (time) for time in re.findall (r'^call: (.*)', done.stdout, re.M)]


def tell (what, *measured):
    print (f'{what}:', ', '.join (f'{whose} {min (times):.0f} ms (to {max (times):.0f})'
                                  for whose, times in zip (('ours', 'empty'), measured)))


for what, measure in (('GIMP asks', queries), ('first draw', first_draws),
                      ('a call', calls)):
    with tempfile.TemporaryDirectory () as name:
        tell (what, *measure (pathlib.Path (name)))

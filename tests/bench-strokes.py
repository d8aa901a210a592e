#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon the preview follows a stroke: in a real GIMP on a virtual display, with the mouse, on
a drawing of 512 × 512 pixels and on the same enlarged to 4000 × 3000, where strokes are thin.

    bench-strokes.py PLUG-IN
"""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path (__file__).resolve ().parent
PLUG_IN = pathlib.Path (sys.argv[1]).resolve ()
MODEL = HERE.parent / 'weights/sketch2color.safetensors'


def times (log):
    """Milliseconds from the end of each stroke to its result; of several the last one at once."""
    drawn = [(int (at), int (factor)) for at, factor in
             re.findall (r'result drawn at (\d+), reduced by (\d+)', log)]
    quick = max (factor for _, factor in drawn)
    ends = [int (at) for at in re.findall (r'stroke ended at (\d+)', log)]
    for end, following in zip (ends, [*ends[1:], float ('inf')]):
        seen = [at for at, factor in drawn if end < at < following and factor == quick]
        if seen:
            yield (seen[-1] - end) / 1000


def measure (folder, size):
    script = f'import sys; sys.path.insert (0, {str (HERE / "gimp")!r}); import strokes'
    done = subprocess.run (
        ['xvfb-run', '-a', '-s', '-screen 0 1280x800x24', 'dbus-run-session', '--', sys.executable,
         HERE / 'gimp/stroker.py', folder, folder / 'screen.png', 'gimp-3', '-ds', '--quit',
         '--batch-interpreter', 'python-fu-eval', '-b', script],
        env={**os.environ, 'GIMP3_DIRECTORY': str (folder / 'profile'), 'GTK_A11Y': 'atspi',
             'XDG_CONFIG_HOME': str (folder / 'config'), 'XDG_DATA_HOME': str (folder / 'data'),
             'GDK_BACKEND': 'x11', 'G_MESSAGES_DEBUG': 'pix2pix', 'P2P_TEST': str (folder),
             'P2P_DRAWING': str (HERE / 'data/sketch-fox.png'), 'P2P_SIZE': size,
             'PYTHONDONTWRITEBYTECODE': '1'},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors='replace', check=False)
    taken = sorted (times (done.stdout))
    if done.returncode or len (taken) < 10:
        sys.exit (done.stdout)
    print (f'{size}: {len (taken)} strokes, median {statistics.median (taken):.0f} ms, '
           f'from {taken[0]:.0f} to {taken[-1]:.0f} ms')
    print (f'{size}: nothing happens: ' + re.search (r'nothing happens: (.*)', done.stdout)[1])


def main ():
    for size in ('512x512', '4000x3000'):
        with tempfile.TemporaryDirectory () as name:
            folder = pathlib.Path (name)
            plug_in = folder / 'profile/plug-ins/pix2pix'
            for path in (plug_in / 'models', plug_in / 'locale', folder / 'steps',
                         folder / 'config', folder / 'data'):
                path.mkdir (parents=True)
            shutil.copy (PLUG_IN, plug_in / 'pix2pix')
            shutil.copy (MODEL, plug_in / 'models')
            (folder / 'profile/gimprc').write_text ('(show-welcome-dialog no)\n')
            measure (folder, size)


main ()

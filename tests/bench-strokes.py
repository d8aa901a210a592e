#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how soon the preview follows a stroke that is painted with the mouse in a real GIMP on a
virtual display.  It uses a drawing of 512 × 512 pixels, and the same drawing enlarged to 4000 ×
3000 pixels, where strokes are thin.

    bench-strokes.py PLUG-IN
"""

import pathlib
import re
import shutil
import statistics
import sys
import tempfile

HERE = pathlib.Path (__file__).resolve ().parent
sys.path.insert (0, str (HERE / 'gimp'))
sys.dont_write_bytecode = True

import launcher  # noqa: E402

PLUG_IN = pathlib.Path (sys.argv[1]).resolve ()
MODEL = HERE.parent / 'weights/sketch2color.safetensors'


def times (log):
    """Milliseconds from the end of each stroke to its quick result.  If there are several quick
    results, the last one before the next stroke begins counts."""
    drawn = [(int (at), int (factor)) for at, factor in
             re.findall (r'result drawn at (\d+), reduced by (\d+)', log)]
    quick = max (factor for _, factor in drawn)
    begun, ends = ([int (at) for at in re.findall (rf'stroke {what} at (\d+)', log)]
                   for what in ('begun', 'ended'))
    for end, following in zip (ends, [*begun[1:], float ('inf')]):
        seen = [at for at, factor in drawn if end < at < following and factor == quick]
        if seen:
            yield (seen[-1] - end) / 1000


def measure (folder, size):
    done = launcher.on_display (folder, sys.executable, HERE / 'gimp/stroker.py', folder,
                                folder / 'screen.png', *launcher.GIMP,
                                launcher.python_batch ('strokes'), height=800,
                                G_MESSAGES_DEBUG='pix2pix', P2P_SIZE=size,
                                P2P_DRAWING=str (HERE / 'data/sketch-fox.png'))
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
            (folder / 'steps').mkdir ()
            shutil.copy (MODEL, launcher.make (folder, PLUG_IN) / 'models')
            (folder / 'profile/gimprc').write_text ('(show-welcome-dialog no)\n')
            measure (folder, size)


main ()

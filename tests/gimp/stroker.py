# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints twenty short strokes on GIMP's canvas while the dialog is open, and prints when each began
and ended by the monotonic clock.  Before that, it prints how much processor time is used while
nothing happens.

    stroker.py FOLDER SCREENSHOT COMMAND…
"""

import os
import pathlib
import random
import subprocess
import time

from screen import attend, close, find, press, runs, settled, wait_for, widget, xdotool

WATCHED = 10    # seconds


def busy (name):
    """Seconds of processor time that the newest process of that name has used."""
    pid = subprocess.run (['pgrep', '-n', name], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip ()
    ticks = pathlib.Path (f'/proc/{pid}/stat').read_text ().rsplit (')', 1)[1].split ()[11:13]
    return sum (map (int, ticks)) / os.sysconf ('SC_CLK_TCK')


def watch ():
    before = [busy (name) for name in ('gimp-3', 'pix2pix')]
    time.sleep (WATCHED)
    taken = [busy (name) - start for name, start in zip (('gimp-3', 'pix2pix'), before)]
    gimp, ours = (100 * seconds / WATCHED for seconds in taken)
    print (f'nothing happens: GIMP {gimp:.1f} %, plug-in {ours:.1f} % of a processor', flush=True)


def stroke (rng):
    """Paints on the part of the drawing that is visible beside the dialog."""
    x, y = rng.randrange (260, 600), rng.randrange (150, 500)
    print (f'stroke begun at {time.monotonic_ns () // 1000}', flush=True)
    xdotool ('mousemove', x, y, 'mousedown', 1)
    for step in range (1, 4):
        xdotool ('mousemove', x + 4 * step, y + step)
        time.sleep (0.02)
    end = time.monotonic_ns () // 1000
    xdotool ('mouseup', 1)
    print (f'stroke ended at {end}', flush=True)


def paint ():
    widget ('button', 'OK')
    wait_for ('a first result', runs)
    press (widget ('button', 'New hint layer'))
    wait_for ('advice', lambda: find ('label', 'Now choose a brush'))
    settled (2)
    watch ()
    rng = random.Random (1)
    for _ in range (20):
        count = runs ()
        stroke (rng)
        wait_for ('its result', lambda: runs () > count)
        settled (2)
    close ('Cancel')


attend ([paint], 'stroker')

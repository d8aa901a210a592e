# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the dialog that reopened.py opens another size, and checks its size when it is opened
again.

    window.py FOLDER SCREENSHOT COMMAND…
"""

import re
import subprocess
import time

from screen import attend, close, dialog_window, find, my_turn, report, wait_for, xdotool

# Both sides differ from those of a new dialog on a screen of 1280 × 900 pixels.
SIZE = 981, 731


def size ():
    """The size of the dialog's window, once it stays the same."""
    last = None
    while last != (now := subprocess.run (
            ['xdotool', 'getwindowgeometry', dialog_window ()], check=True, text=True,
            stdout=subprocess.PIPE).stdout):
        last = now
        time.sleep (0.5)
    return tuple (map (int, re.search (r'Geometry: (\d+)x(\d+)', now).groups ()))


def cancel ():
    close ('Cancel')
    wait_for ('the end', lambda: not find ('button', 'OK'))


def resize ():
    my_turn ('first')
    report ('at first the dialog has another size', size () != SIZE, size ())
    xdotool ('windowsize', dialog_window (), *SIZE)
    wait_for ('the size', lambda: size () == SIZE)
    cancel ()


def look_again ():
    my_turn ('second')
    report ('opened again, the dialog has the size at which the user left it', size () == SIZE,
            size ())
    cancel ()


attend ([resize, look_again], 'window')

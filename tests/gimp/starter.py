# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancels each dialog that starts.py opens, as soon as it is there.

    starter.py FOLDER SCREENSHOT COMMAND…
"""

import time

from screen import STEPS, attend, find, press, wait_for, widget


def cancel_each ():
    for name in ('pix2pix', 'empty-dialog') * 4:
        wait_for (f'the turn of {name}', lambda: (STEPS / 'expect').exists () and
                  (STEPS / 'expect').read_text () == name)
        (STEPS / 'expect').unlink ()
        button = widget ('button', 'Cancel', name)
        time.sleep (0.5)
        press (button)
        wait_for (f'the end of {name}', lambda: not find ('button', 'Cancel', name))


attend ([cancel_each], 'starter')

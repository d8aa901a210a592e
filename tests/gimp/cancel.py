# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: presses the Cancel button beside GIMP's progress bar while the
plug-in reads, computes and writes a layer of 4096 × 4096 pixels."""

import json
import threading
import time
import traceback

import gi
import numpy as np

gi.require_version ('Atspi', '2.0')
from gi.repository import Atspi, Gimp  # noqa: E402

from helpers import FOLDER, STATUS, call, opened, raw  # noqa: E402
from samples import HEIGHT, WIDTH, picture  # noqa: E402

SIDE = 4096
SHARES = (0.0, 0.1, 0.4, 0.7, 0.85, 0.92)     # of the time for which the bar shows
SECONDS = 1.0                                 # 0.2 is promised; a busy machine gets more


def find_button (node):
    """The Cancel button of GIMP's window, whether the progress bar shows or not; None if there is
    none."""
    if node.get_role_name () == 'button' and node.get_name () == 'Cancel':
        return node
    for index in range (node.get_child_count ()):
        child = node.get_child_at_index (index)
        if child and (found := find_button (child)):
            return found
    return None


class Presser (threading.Thread):
    """Presses the button some time after it first shows."""

    def __init__ (self, button, seconds):
        super ().__init__ ()
        self.button, self.seconds, self.seen, self.pressed = button, seconds, None, None
        self.start ()

    def is_seen (self):
        return self.button.get_state_set ().contains (Atspi.StateType.SHOWING)

    def run (self):
        while not self.is_seen ():
            time.sleep (0.005)
        self.seen = time.monotonic ()
        while self.is_seen () and time.monotonic () < self.seen + self.seconds:
            time.sleep (0.005)
        if self.is_seen ():
            self.pressed = time.monotonic ()
            self.button.get_action_iface ().do_action (0)


def press_after (button, seconds, image, layer):
    """Translates.  Returns the status, and for how many seconds the call went on after the button
    was pressed; if it was not pressed, after the button first showed."""
    presser = Presser (button, seconds)
    status, _ = call (image, [layer])
    end = time.monotonic ()
    presser.join ()
    return status, end - (presser.pressed or presser.seen)


def check_cancel ():
    pixels = np.tile (picture (3), (SIDE // HEIGHT, SIDE // WIDTH + 1, 1))[:, :SIDE]
    failures, cancelled = [], 0
    with opened (pixels) as (image, layer):
        image.resize (SIDE, SIDE, 0, 0)
        display = Gimp.Display.new (image)
        button = find_button (Atspi.get_desktop (0))
        copy = image.duplicate ()
        whole = press_after (button, 1000, copy, copy.get_layers ()[0])[1]
        copy.delete ()

        before = raw (layer).tobytes ()
        image.clean_all ()
        for share in SHARES:
            status, seconds = press_after (button, share * whole, image, layer)
            if status == STATUS.SUCCESS:
                break    # pressed too late, which the first shares must not be
            cancelled += 1
            if status != STATUS.CANCEL or seconds > SECONDS:
                failures.append (f'at {share:.0%} of {whole:.1f} s: {status} after {seconds:.2f} s')
            if image.is_dirty () or raw (layer).tobytes () != before:
                failures.append (f'at {share:.0%}: the layer was changed')
        display.delete ()
    return failures + ([] if cancelled >= 3 else [f'only {cancelled} were cancelled'])


try:
    why = check_cancel ()
except Exception:
    why = [traceback.format_exc ()]
claim = 'Cancel beside the bar stops it at any moment of 4096 × 4096 pixels, nothing changed'
(FOLDER / 'cancel.json').write_text (json.dumps ([(claim, not why, '\n'.join (why))]))

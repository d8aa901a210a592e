# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets tests/labels.c write down the texts of the dialog that shown.py has opened, with all parts
unfolded and for each model, and saves a picture of it.  Controls are found without their texts,
which are in another language.

    languages.py FOLDER SCREENSHOT COMMAND…
"""

import os
import pathlib
import re

from screen import (Atspi, attend, dialog_window, find, move_dialog, patient, press,
                    take_picture, wait_for, walk, xdotool)

TEXTS = pathlib.Path (os.environ['P2P_TEXTS'])


def dialog ():
    return find ('dialog', '') or find ('frame', '')


def has_result ():
    """The preview's description has the number of the result and the place of the line."""
    return any (node.get_role_name () == 'image' and
                len (re.findall (r'\d+', node.get_description ())) == 2
                for node in walk (wait_for ('the dialog', dialog)))


@patient
def unfold ():
    for node in list (walk (wait_for ('the dialog', dialog))):
        states = node.get_state_set ()
        if states.contains (Atspi.StateType.EXPANDABLE) and \
                not states.contains (Atspi.StateType.EXPANDED):
            press (node)


def write_texts ():
    unfold ()
    wanted = TEXTS.with_name (f'{TEXTS.name}.wanted')
    wanted.touch ()
    wait_for ('the texts', lambda: not wanted.exists ())


def look ():
    wait_for ('a first result', has_result)
    move_dialog (0, 0)
    write_texts ()
    # On a large screen all of it is seen.
    xdotool ('windowsize', dialog_window (), 640, 1490)
    write_texts ()
    take_picture (dialog_window ())
    models = find ('list box', '')
    for index in range (models.get_child_count ()):
        models.get_selection_iface ().select_child (index)
        write_texts ()
    xdotool ('windowfocus', dialog_window (), 'key', 'Escape')


attend ([look], 'languages')

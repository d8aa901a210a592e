# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the dialog that shown.py has opened, with all parts unfolded, and saves a picture of it.
Controls are found by the beginning of their text, so translations may be longer.

    looks.py FOLDER SCREENSHOT COMMAND…
"""

from screen import (Atspi, attend, chosen_model, dialog_window, find, move_dialog, press, report,
                    runs, take_picture, wait_for, widget, xdotool)


def look ():
    width, height = map (int, xdotool ('getdisplaygeometry').split ())
    wait_for ('a first result', runs)
    name, good = chosen_model ()
    report ('the chosen model, the fifth of the list, is in view', good, name)
    for name in ('About the model', 'Advanced'):
        press (widget ('toggle button', name))
    move_dialog (0, 0)
    xdotool ('mousemove', width - 1, height - 1)   # where no tooltip appears
    dialog = find ('dialog', '') or find ('frame', '')
    place = dialog.get_component_iface ().get_extents (Atspi.CoordType.SCREEN)
    report (f'the dialog fits on a screen of {width} × {height} pixels',
            place.width <= width and place.height <= height, f'{place.width} × {place.height}')
    take_picture (dialog_window ())
    xdotool ('windowfocus', dialog_window (), 'key', 'Escape')


attend ([look], 'looks')

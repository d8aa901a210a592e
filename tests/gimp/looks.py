# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at the dialog that shown.py has opened, all of it being unfolded, and keeps a picture.  Names
are the beginnings of texts, so that these may be translated to longer ones.

    looks.py FOLDER SCREENSHOT COMMAND…
"""

from screen import (attend, find, is_showing, move_dialog, press, report, runs, take_picture,
                    wait_for, walk, widget, xdotool, Atspi)

WIDTH, HEIGHT = 1280, 720


def extents (node):
    return node.get_component_iface ().get_extents (Atspi.CoordType.SCREEN)


def look ():
    wait_for ('a first result', runs)
    for name in ('About the model', 'Advanced'):
        press (widget ('toggle button', name))
    move_dialog (0, 0)
    xdotool ('mousemove', WIDTH - 1, HEIGHT - 1)   # where it shows no tip
    place = extents (find ('dialog', '') or find ('frame', ''))
    report (f'the dialog fits on a screen of {WIDTH} × {HEIGHT} pixels',
            place.width <= WIDTH and place.height <= HEIGHT, f'{place.width} × {place.height}')
    take_picture ()
    xdotool ('search', '--onlyvisible', '--name', 'Image Translation', 'windowfocus', 'key', 'Escape')


attend ([look], 'looks')

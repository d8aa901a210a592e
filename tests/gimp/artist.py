# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints on GIMP's canvas with the mouse while the dialog is open, as an artist would, and checks
that the preview follows.  It tells hints.py, which runs inside GIMP and waits for it, by files in
FOLDER/steps how far it is.

    artist.py FOLDER SCREENSHOT COMMAND…
"""

import colorsys
import subprocess
import time

import numpy as np

from gi.repository import Gio

from screen import (Atspi, STEPS, at, attend, choose_model, close, color, color_at, dialog_window,
                    drag, find, is_sensitive, is_showing, press, report, runs, seen_models,
                    settled, take_picture, wait_for, walk, widget, xdotool)

SIDE = 512                                  # of the drawing, in pixels
BODY, TREE = (330, 380), (85, 210)          # places in it, inside closed lines


def find_canvas ():
    """The place of the drawing's top left corner on the screen, where the drawing is shown at its
    own size.  It is the corner of the largest rectangle that is white as paper, left of the
    dialog."""
    text = subprocess.run (['import', '-window', 'root', '-crop', '640x700+0+0', '+repage',
                            '-depth', '8', 'gray:-'], check=True, stdout=subprocess.PIPE).stdout
    white = np.frombuffer (text, np.uint8).reshape (700, 640) == 255
    rows = np.flatnonzero (white.sum (1) > 200)
    columns = np.flatnonzero (white[rows].sum (0) > 200)
    report ('the drawing is seen at its own size', abs (rows[-1] - rows[0] - SIDE) < 4,
            (rows[0], rows[-1]))
    return int (columns[0]), int (rows[0])


def stroke (place):
    left, top = find_canvas.found
    x, y = left + place[0], top + place[1]
    drag ((x - 8, y), (x + 8, y + 3))


def hue (place):
    """The preview's hue in degrees and its saturation, at a place of the drawing."""
    x, y = place
    red, green, blue = color_at ((x + 14, y + 14), (SIDE, SIDE))   # beside the stroke
    turn, _, saturation = colorsys.rgb_to_hsv (red / 255, green / 255, blue / 255)
    return round (turn * 360), round (saturation, 2)


def is_red (place):
    turn, saturation = hue (place)
    return saturation > 0.5 and (turn < 25 or turn > 335)


def is_blue (place):
    turn, saturation = hue (place)
    return saturation > 0.4 and 200 < turn < 275


def open_dialog ():
    widget ('button', 'OK')
    wait_for ('a first result', runs)
    press (widget ('radio button', 'New layer'))


def new_layer ():
    before = place_of ('button', 'New hint layer'), place_of ('list box', 'Models')
    press (widget ('button', 'New hint layer'))
    wait_for ('advice', lambda: find ('label', 'Now choose a brush'))
    report ('words on how to paint move nothing', before ==
            (place_of ('button', 'New hint layer'), place_of ('list box', 'Models')), before)
    settled (0.5)


def place_of (role, name):
    node = widget (role, name)
    return at (node, 0, 0), at (node, 1, 1)


def look ():
    """Checks the dialog as it opens with the included models."""
    report ('all models that come along are seen', len (seen_models ()) == 4, seen_models ())

    before = place_of ('list box', 'Models'), place_of ('button', 'OK')
    choose_model ('Facade')
    wait_for ('advice', lambda: find ('label', 'This looks like a line drawing'))
    settled (0.5)
    report ('advice on the model, and models without hints, leave the list where it is',
            (place_of ('list box', 'Models'), place_of ('button', 'OK')) == before, before)
    choose_model ('Sketch to color')
    settled (0.5)
    report ('so it is when another model comes',
            (place_of ('list box', 'Models'), place_of ('button', 'OK')) == before, before)

    node = widget ('image', 'Preview')
    xdotool ('mousemove', *at (node, 0.4, 0.3))
    time.sleep (0.5)
    xdotool ('mousemove', *at (node, 0.4, 0.35))
    time.sleep (1.5)
    pointed = color (node, 0.4, 0.45, side=60)
    xdotool ('mousemove', 5, 5)
    time.sleep (0.5)
    away = color (node, 0.4, 0.45, side=60)
    report ('no tip covers the preview', max (abs (a - b) for a, b in zip (pointed, away)) < 3,
            (pointed, away))
    look_at_model ()


def is_unfolded (expander):
    return expander.get_state_set ().contains (Atspi.StateType.EXPANDED)


def look_at_model ():
    """Checks the dialog with a model that has no dropout."""
    vary = widget ('check box', 'Vary')
    report ('where seeds change nothing, Vary cannot be chosen, and says why',
            not is_sensitive (vary) and 'the same result every time' in vary.get_description (),
            vary.get_description ())
    press (about := widget ('toggle button', 'About the model'))
    figures = widget ('toggle button', 'Figures')
    settled (0.5)
    words = '\n'.join (node.get_name () for node in walk (about))
    report ('words say what the model is good at, and what not',
            '\nGood at: ' in words and '\nNot so good at: ' in words, words)
    report ('figures of a model are folded away', not is_unfolded (figures) and
            is_unfolded (about))
    press (figures)
    report ('and can be unfolded', wait_for ('the figures', lambda: is_unfolded (figures)) and
            find ('label', 'L1 '))
    press (about)


def open_folder ():
    """Skipped where the system has a program that shows folders."""
    if Gio.AppInfo.get_default_for_type ('inode/directory', False):
        return
    button = widget ('button', 'Open Folder')
    button.get_component_iface ().grab_focus ()     # scrolls it into view
    settled (0.5)
    press (button)
    label = wait_for ('the path', lambda: find ('label', 'No program to show folders'))
    report ('without a program that shows folders, Open Folder tells the path in words',
            label.get_name ().endswith ('/pix2pix/models') and is_showing (label),
            label.get_name ())


def paint ():
    open_dialog ()
    look ()
    node = widget ('image', 'Preview')
    drag (at (node, 0.5, 0.5), at (node, 0, 0.5))
    find_canvas.found = find_canvas ()
    new_layer ()
    stroke (BODY)
    report ('a stroke is seen in the preview in its color, at its place',
            wait_for ('red', lambda: is_red (BODY)), hue (BODY))
    xdotool ('key', 'x')                    # swaps foreground and background color
    stroke (TREE)
    report ('a second stroke is seen in its color, and the first stays',
            wait_for ('blue', lambda: is_blue (TREE)) and is_red (BODY), (hue (TREE), hue (BODY)))
    press (widget ('menu item', 'Undo ', 'gimp'))
    report ('the preview follows when a stroke is undone',
            wait_for ('not blue', lambda: not is_blue (TREE)) and is_red (BODY),
            (hue (TREE), hue (BODY)))
    settled (0.5)
    close ('OK')


def undo ():
    wait_for ('the colors', (STEPS / 'colored').exists)
    press (widget ('menu item', 'Undo ', 'gimp'))
    time.sleep (1)
    (STEPS / 'undone').touch ()
    wait_for ('the next step', (STEPS / 'seen').exists)
    for _ in ('the stroke', 'the layer'):
        press (widget ('menu item', 'Undo ', 'gimp'))
        time.sleep (1)
    (STEPS / 'all undone').touch ()


def cancel ():
    open_dialog ()
    new_layer ()
    close ('Cancel')
    wait_for ('the end', lambda: not find ('button', 'OK'))

    open_dialog ()
    new_layer ()
    count = runs ()
    stroke (BODY)
    wait_for ('another result', lambda: runs () > count)
    close ('Cancel')
    wait_for ('the end', lambda: not find ('button', 'OK'))


def lose ():
    """The hint layer is painted on once more, then deleted while the dialog is open."""
    open_dialog ()
    node = widget ('image', 'Preview')
    drag (at (node, 0.5, 0.5), at (node, 0, 0.5))
    wait_for ('blue', lambda: is_blue (BODY))
    stroke (TREE)
    report ('opened again, the dialog has the hints ready for painting',
            wait_for ('blue', lambda: is_blue (TREE)), hue (TREE))
    press (widget ('menu item', 'Delete Layer', 'gimp'))
    report ('when the hints are deleted the dialog says so, and the preview forgets them',
            wait_for ('a word', lambda: (label := find ('label', 'The layer of color hints is no '
                                                        'longer there')) and is_showing (label)) and
            wait_for ('no blue', lambda: not is_blue (BODY)), hue (BODY))
    close ('OK')
    wait_for ('the end', lambda: not find ('button', 'OK'))


def show ():
    """Takes the picture for ui/painting.png."""
    open_dialog ()
    widget ('combo box', 'Color hints').get_selection_iface ().select_child (1)
    windows = subprocess.run (['xdotool', 'search', '--onlyvisible', '--class', 'gimp'], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split ()
    for window in set (windows) - {dialog_window ()}:
        xdotool ('windowsize', window, 981, 800)
    xdotool ('windowraise', dialog_window ())
    settled (2)
    node = widget ('image', 'Preview')
    drag (at (node, 0.5, 0.5), at (node, 0.36, 0.5))
    settled (2)
    xdotool ('mousemove', 470, 360)
    time.sleep (1)
    take_picture ()
    open_folder ()
    close ('Cancel')
    wait_for ('the end', lambda: not find ('button', 'OK'))


attend ([paint, undo, cancel, lose, show], 'artist')

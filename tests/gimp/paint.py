# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses what the dialog that painted.py opened offers someone who paints: picking colors, the model
that suits the layer, and warnings about what would be lost.

    paint.py FOLDER SCREENSHOT COMMAND…
"""

import functools
import json
import time

from screen import (STEPS, Atspi, at, attend, choose_model, chosen_model, close, color,
                    dialog_window, drag, find, is_showing, move_dialog, my_turn, press, preview,
                    report, runs, settled, shown_models, take_picture, wait_for, widget, xdotool)
from samples import COLORS


def open_dialog (turn):
    my_turn (turn)
    wait_for ('a first result', runs)
    settled (0.5)
    move_dialog (10, 10)
    return widget ('image', 'Preview')


def picked (rgb):
    (STEPS / 'picked').write_text (json.dumps ([round (level) for level in rgb]))


def click (node, x, y):
    xdotool ('mousemove', *at (node, x, y), 'click', 1)
    time.sleep (0.5)


def pick_before ():
    node = open_dialog ('before')
    click (node, 0.35, 0.5)
    report ('a click into the preview leaves the line where it is', preview ()[1] == 50,
            preview ()[1])
    picked (COLORS[0])
    close ('Cancel')


def pick_after ():
    node = open_dialog ('after')
    place = 0.65, 0.5
    picked (color (node, *place, side=1))
    click (node, *place)
    close ('Cancel')


def drag_line ():
    node = open_dialog ('drag')
    drag (at (node, 0.35, 0.5), at (node, 0.6, 0.5))
    report ('dragging from anywhere moves the line', preview ()[1] > 55, preview ()[1])
    picked ((0x12, 0x34, 0x56))
    close ('Cancel')


def choose ():
    """Chooses the model that is the last used one from now on."""
    open_dialog ('choose')
    choose_model ('Tiny')
    settled (0.5)
    close ('OK')


def advice ():
    """The advice below the list of models."""
    found = find ('label', 'This looks') or find ('label', 'This model sees')
    return found.get_name () if found and is_showing (found) else ''


def keep ():
    open_dialog ('color')
    report ('a colored picture leaves the model of the last time', chosen_model ()[0] == 'Tiny',
            chosen_model ())
    report ('nothing is said of a model that takes any picture', not advice (), advice ())
    choose_model ('Tiny, colors')
    report ('that a model loses the colors is said before OK',
            wait_for ('the words', advice).endswith ('colors will be lost.'), advice ())
    close ('Cancel')


def suggest_lines ():
    open_dialog ('lines')
    report ('a model for line art is chosen for line art', chosen_model () == ('Tiny, lines', True),
            chosen_model ())
    report ('it is the first in the list', shown_models ()[0] == 'Tiny, lines', shown_models ())
    choose_model ('Facade')
    words = wait_for ('the words', advice)
    report ('line art for another model: the one that suits it is named',
            'line drawing' in words and '“Tiny, lines” suits it better' in words, words)
    take_picture (dialog_window ())
    close ('Cancel')


def suggest_gray ():
    open_dialog ('gray')
    report ('a model for gray photos is chosen for one', chosen_model ()[0] == 'Tiny, colors',
            chosen_model ())
    choose_model ('Tiny, lines')
    report ('a photo for a model for line art: that is said',
            'the model expects a line drawing' in wait_for ('the words', advice), advice ())
    close ('Cancel')


def suggest_labels ():
    open_dialog ('labels')
    report ('a model with a palette is chosen for labels', chosen_model ()[0] == 'Facade',
            chosen_model ())
    choose_model ('Tiny, labels')
    settled (0.5)
    close ('OK')


def press_legend ():
    open_dialog ('legend')
    report ('the model of the last time stays if it suits the layer',
            chosen_model ()[0] == 'Tiny, labels', chosen_model ())
    press (widget ('toggle button', 'About the model'))
    button = widget ('button', 'color1')
    wait_for ('the legend', lambda: is_showing (button))
    button.get_component_iface ().grab_focus ()
    time.sleep (0.5)
    xdotool ('windowfocus', dialog_window (), 'key', 'space')
    time.sleep (0.5)
    picked (COLORS[1])
    take_picture (dialog_window ())
    close ('Cancel')


def chosen_output ():
    """The name of the selected radio button."""
    return next ((name for name in ('Replace layer', 'New layer', 'New image')
                  if widget ('radio button', name).get_state_set ().contains (
                      Atspi.StateType.CHECKED)), None)


def said_of_filters ():
    found = find ('label', 'The layer is translated as it looks')
    return bool (found and is_showing (found))


def is_like (place, rgb):
    """Whether the preview has that color at that place, as far as a screenshot can tell."""
    return max (abs (a - b) for a, b in zip (color (find ('image', 'Preview'), *place), rgb)) < 12


def see_filters ():
    """Opens the dialog on a layer of one color with a filter that shows its negative."""
    open_dialog ('filters')
    place, seen = (0.35, 0.2), [255 - level for level in COLORS[0]]
    report ('before shows what a live filter makes of the layer', is_like (place, seen),
            color (find ('image', 'Preview'), *place))
    choose_model ('Tiny')
    press (widget ('radio button', 'New layer'))
    report ('nothing is said of merging filters for a new layer', not said_of_filters ())
    press (widget ('radio button', 'Replace layer'))
    report ('that filters are merged in place is said', said_of_filters ())
    take_picture (dialog_window ())
    press (widget ('menu item', 'Undo ', 'gimp'))
    wait_for ('the preview without the filter', lambda: is_like (place, COLORS[0]))
    press (widget ('menu item', 'Redo ', 'gimp'))
    wait_for ('the preview with the filter', lambda: is_like (place, seen))
    report ('the preview follows when a filter is taken away and comes back', True)
    settled ()
    close ('OK')
    wait_for ('the result', (STEPS / 'merged').exists)
    press (widget ('menu item', 'Undo ', 'gimp'))
    time.sleep (1)
    (STEPS / 'unmerged').touch ()


def see_output (turn, claim):
    open_dialog (turn)
    report (claim, chosen_output () == 'New layer', chosen_output ())
    close ('Cancel')


attend ([pick_before, pick_after, drag_line, choose, keep, suggest_lines, suggest_gray,
         suggest_labels, press_legend, see_filters,
         functools.partial (see_output, 'locked', 'a locked layer: a new layer is proposed'),
         functools.partial (see_output, 'text', 'a text layer: a new layer is proposed')], 'paint')

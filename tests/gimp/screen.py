# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts GIMP on the current display, sees it through the accessibility interface, and acts as a
person would.  What the scripts that use this module report goes into a file.

    SCRIPT FOLDER SCREENSHOT COMMAND…
"""

import functools
import json
import pathlib
import re
import subprocess
import sys
import time

import gi

gi.require_version ('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

FOLDER, SCREENSHOT, COMMAND = pathlib.Path (sys.argv[1]), sys.argv[2], sys.argv[3:]
STEPS = FOLDER / 'steps'
TIMEOUT = 120
results = []
gimp = None


def report (claim, good, why=''):
    results.append ((claim, bool (good), str (why)))


def take_picture (window='root'):
    subprocess.run (['import', '-window', window, SCREENSHOT], check=True)


def attend (turns, name):
    """Starts GIMP and runs the turns, then writes their reports to FOLDER/NAME.json."""
    global gimp
    Atspi.init ()
    gimp = subprocess.Popen (COMMAND)
    try:
        for turn in turns:
            turn ()
        status = gimp.wait (TIMEOUT)
    finally:
        (FOLDER / f'{name}.json').write_text (json.dumps (results))
        if gimp.poll () is None:
            gimp.kill ()
    sys.exit (status)


# ---- Seeing ------------------------------------------------------------------------------------

def walk (node):
    """The tree below node, depth first.  Parts that close meanwhile are left out."""
    try:
        yield node
        for index in range (node.get_child_count ()):
            if child := node.get_child_at_index (index):
                yield from walk (child)
    except GLib.Error:
        pass


def patient (look):
    """Wraps look so that it is repeated if a widget disappears meanwhile."""
    @functools.wraps (look)
    def again (*arguments):
        for _ in range (50):
            try:
                return look (*arguments)
            except GLib.Error:
                time.sleep (0.1)
        return look (*arguments)
    return again


def find (role, name, application='pix2pix'):
    """The first node of that role whose name begins with name, or None."""
    desktop = Atspi.get_desktop (0)
    for index in range (desktop.get_child_count ()):
        root = desktop.get_child_at_index (index)
        try:
            if not root or root.get_name () != application:
                continue
            for node in walk (root):
                if node.get_role_name () == role and node.get_name ().startswith (name):
                    return node
        except GLib.Error:
            pass
    return None


def is_sensitive (node):
    return node.get_state_set ().contains (Atspi.StateType.SENSITIVE)


def is_showing (node):
    return node.get_state_set ().contains (Atspi.StateType.SHOWING)


def inside (node, role, name):
    """The first visible node of that role and exactly that name inside node, or None."""
    return next ((part for part in walk (node) if part.get_role_name () == role and
                  part.get_name () == name and is_showing (part)), None)


def wait_for (what, look, seconds=TIMEOUT):
    end = time.monotonic () + seconds
    while time.monotonic () < end:
        if gimp.poll () is not None:
            sys.exit (f'GIMP has ended: {gimp.returncode}')
        if found := patient (look) ():
            return found
        time.sleep (0.05)
    take_picture ()
    gimp.kill ()
    sys.exit (f'waited in vain for {what}')


def widget (role, name, application='pix2pix'):
    return wait_for (f'the {role} “{name}” of {application}',
                     lambda: find (role, name, application))


@patient
def preview ():
    """(number of the network's runs, position of the line in percent).  What is not shown is
    None."""
    text = widget ('image', 'Preview').get_description ()
    return [int (found[1]) if (found := re.search (pattern, text)) else None
            for pattern in (r'Result (\d+)', r'Line at (\d+)')]


def runs ():
    return preview ()[0] or 0


def settled (seconds=2):
    """Waits until the number of runs stays the same for seconds, and returns it."""
    end, last = time.monotonic () + seconds, runs ()
    while time.monotonic () < end:
        time.sleep (0.1)
        if (now := runs ()) != last:
            end, last = time.monotonic () + seconds, now
    return last


def at (node, x, y):
    """The place on the screen at shares x and y of the node's size."""
    place = node.get_component_iface ().get_extents (Atspi.CoordType.SCREEN)
    return place.x + round (x * place.width), place.y + round (y * place.height)


def color (node, x, y, side=16):
    """(red, green, blue): the mean of side × side pixels of the screen, at shares x and y of the
    node."""
    left, top = at (node, x, y)
    text = subprocess.run (['import', '-window', 'root', '-crop', f'{side}x{side}+{left}+{top}',
                            '-depth', '8', 'txt:-'],
                           check=True, stdout=subprocess.PIPE, text=True).stdout
    pixels = [bytes.fromhex (found) for found in re.findall (r'#([0-9A-F]{6})', text)]
    return tuple (sum (values) / len (pixels) for values in zip (*pixels))


def color_at (place, size):
    """The preview's color at a place of a picture of that size.  The preview must show the whole
    picture."""
    node = widget ('image', 'Preview')
    room = node.get_component_iface ().get_size ()
    zoom = min (room.x / size[0], room.y / size[1])
    return color (node, *(((all_room - side * zoom) / 2 + part * zoom) / all_room
                          for all_room, side, part in zip ((room.x, room.y), size, place)))


# ---- Doing -------------------------------------------------------------------------------------

def press (node):
    node.get_action_iface ().do_action (0)


def xdotool (*words):
    """Runs the command, and returns what it prints."""
    return subprocess.run (['xdotool', *map (str, words)], check=True, stdout=subprocess.PIPE,
                           text=True).stdout


def choose_model (title):
    """Selects the row of the model, as an arrow key or a click does."""
    models = widget ('list box', 'Models')
    for index in range (models.get_child_count ()):
        if models.get_child_at_index (index).get_name () == title:
            models.get_selection_iface ().select_child (index)
            return
    sys.exit (f'there is no model {title}')


def choose_size (index):
    """index: 0 default, 1 native, 2 fit:256 …"""
    combo = next (node for node in walk (find ('dialog', '') or find ('frame', ''))
                  if node.get_role_name () == 'combo box' and node.get_name () != 'Color hints')
    combo.get_selection_iface ().select_child (index)


def set_value (role, name, value):
    widget (role, name).get_value_iface ().set_current_value (value)


def drag (start, end):
    """Drags from one place on the screen to another."""
    xdotool ('mousemove', *start, 'mousedown', 1)
    for step in range (1, 6):
        xdotool ('mousemove', *(a + (b - a) * step // 5 for a, b in zip (start, end)))
        time.sleep (0.05)
    xdotool ('mouseup', 1)


@patient
def shown_models ():
    """The titles of the models in the list that the search does not hide."""
    return [node.get_name () for node in walk (widget ('list box', 'Models'))
            if node.get_role_name () == 'list item' and is_showing (node)]


def models_pane ():
    """The scrolled pane that shows a part of the list."""
    node = widget ('list box', 'Models')
    while node.get_role_name () != 'scroll pane':
        node = node.get_parent ()
    return node


def in_view (node):
    """Whether a node is visible from top to bottom in all scrolled panes around it."""
    inside_of, good = node.get_parent (), True
    while inside_of and inside_of.get_role_name () not in ('dialog', 'frame'):
        if inside_of.get_role_name () == 'scroll pane':
            good &= (at (inside_of, 0, 0)[1] <= at (node, 0, 0)[1] and
                     at (node, 0, 1)[1] <= at (inside_of, 0, 1)[1])
        inside_of = inside_of.get_parent ()
    return good


def seen_models ():
    """The titles of the models whose rows are in view."""
    return [node.get_name () for node in walk (widget ('list box', 'Models'))
            if node.get_role_name () == 'list item' and in_view (node)]


@patient
def chosen_model ():
    """The title of the chosen model, and whether its row is in view."""
    row = widget ('list box', 'Models').get_selection_iface ().get_selected_child (0)
    return row.get_name (), in_view (row)


def dialog_window ():
    """The display's number of the dialog's window.  xdotool fails while another window closes, so
    this repeats the search."""
    def search ():
        words = 'search', '--onlyvisible', '--name', 'pix2pix'
        return subprocess.run (['xdotool', *words], check=False, stdout=subprocess.PIPE,
                               text=True).stdout.split ()
    return wait_for ('the window of the dialog', search)[-1]


def move_dialog (x, y):
    """Moves the dialog's window, since there is no window manager."""
    xdotool ('windowmove', dialog_window (), x, y)
    time.sleep (0.5)


def my_turn (name):
    wait_for (f'the turn of {name}', lambda: (STEPS / 'expect').exists () and
              (STEPS / 'expect').read_text () == name)
    widget ('button', 'OK')


def close (name):
    wait_for (f'{name} to be sensitive', lambda: is_sensitive (widget ('button', name)))
    press (widget ('button', name))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts GIMP on the display at hand, and does there what a person would: uses the plug-in's dialog,
keeps a picture of it, chooses Undo from the menu.  What dialog.py, inside GIMP, waits for is told by
files in FOLDER/steps; what was seen is left in FOLDER/person.json.

    person.py FOLDER SCREENSHOT COMMAND…
"""

import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

import gi

gi.require_version ('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

FOLDER, SCREENSHOT, COMMAND = pathlib.Path (sys.argv[1]), sys.argv[2], sys.argv[3:]
STEPS = FOLDER / 'steps'
TIMEOUT = 60
results = []


def report (claim, good, why=''):
    results.append ((claim, bool (good), str (why)))


def take_picture ():
    subprocess.run (['import', '-window', 'root', SCREENSHOT], check=True)


# ---- Seeing ------------------------------------------------------------------------------------

def walk (node):
    """The tree below node, depth first; what is closed while we look is left out."""
    try:
        yield node
        for index in range (node.get_child_count ()):
            if child := node.get_child_at_index (index):
                yield from walk (child)
    except GLib.Error:
        pass


def find (role, name, application='pix2pix'):
    """The first whose name begins so; None."""
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
    """The first of that very name that shows; None."""
    return next ((part for part in walk (node) if part.get_role_name () == role and
                  part.get_name () == name and is_showing (part)), None)


def wait_for (what, look, seconds=TIMEOUT):
    end = time.monotonic () + seconds
    while time.monotonic () < end:
        if gimp.poll () is not None:
            sys.exit (f'GIMP has ended: {gimp.returncode}')
        if found := look ():
            return found
        time.sleep (0.05)
    take_picture ()
    gimp.kill ()
    sys.exit (f'waited in vain for {what}')


def widget (role, name, application='pix2pix'):
    return wait_for (f'the {role} “{name}” of {application}', lambda: find (role, name, application))


def preview ():
    """(number of the network's runs, position of the line in percent); None where not told."""
    text = widget ('image', 'Preview').get_description ()
    return [int (found[1]) if (found := re.search (pattern, text)) else None
            for pattern in (r'Result (\d+)', r'Line at (\d+)')]


def runs ():
    return preview ()[0] or 0


def settled (seconds=1.5):
    """The number of runs once it stays the same."""
    end, last = time.monotonic () + seconds, runs ()
    while time.monotonic () < end:
        time.sleep (0.1)
        if (now := runs ()) != last:
            end, last = time.monotonic () + seconds, now
    return last


# ---- Doing -------------------------------------------------------------------------------------

def press (node):
    node.get_action_iface ().do_action (0)


def xdotool (*words):
    subprocess.run (['xdotool', *map (str, words)], check=True, stdout=subprocess.DEVNULL)


def choose_model (title):
    """As an arrow key or a click selects the row."""
    models = widget ('list box', 'Models')
    for index in range (models.get_child_count ()):
        if models.get_child_at_index (index).get_name () == title:
            models.get_selection_iface ().select_child (index)
            return
    sys.exit (f'there is no model {title}')


def choose_size (index):
    """0 default, 1 native, 2 fit:256 …"""
    combo = next (node for node in walk (find ('dialog', '') or find ('frame', ''))
                  if node.get_role_name () == 'combo box')
    combo.get_selection_iface ().select_child (index)


def set_value (role, name, value):
    widget (role, name).get_value_iface ().set_current_value (value)


def drag (node, start, end):
    """From one place of the node to another, as shares of its size."""
    place = node.get_component_iface ().get_extents (Atspi.CoordType.SCREEN)
    at = [(place.x + round (x * place.width), place.y + round (y * place.height))
          for x, y in (start, end)]
    xdotool ('mousemove', *at[0], 'mousedown', 1)
    for step in range (1, 6):
        xdotool ('mousemove', *(a + (b - a) * step // 5 for a, b in zip (*at)))
        time.sleep (0.05)
    xdotool ('mouseup', 1)


def shown_models ():
    """Of the list, those that the search leaves."""
    return [node.get_name () for node in walk (widget ('list box', 'Models'))
            if node.get_role_name () == 'list item' and is_showing (node)]


def move_dialog (x, y):
    """There being no window manager."""
    found = subprocess.run (['xdotool', 'search', '--onlyvisible', '--name', 'Image Translation'],
                            check=True, stdout=subprocess.PIPE, text=True).stdout.split ()
    xdotool ('windowmove', found[-1], x, y)
    time.sleep (0.5)


def my_turn (name):
    wait_for (f'the turn of {name}', lambda: (STEPS / 'expect').exists () and
              (STEPS / 'expect').read_text () == name)
    widget ('button', 'OK')


def close (name):
    wait_for (f'{name} to be sensitive', lambda: is_sensitive (widget ('button', name)))
    press (widget ('button', name))


# ---- Turns -------------------------------------------------------------------------------------

def look ():
    """Cancel after having looked at everything."""
    my_turn ('look')
    wait_for ('a first result', runs)
    move_dialog (10, 10)

    for title in ('Tiny', 'User’s'):
        before = runs ()
        choose_model (title)
        wait_for (f'a result of {title}', lambda: runs () > before)
    report ('each model that is chosen shows its result', True)

    count = settled ()
    choose_model ('Tiny')
    time.sleep (1)
    choose_model ('Facade')  # the first in the list, seen at the beginning
    report ('a result that was there is shown without running the network', settled () == count,
            f'{count} → {runs ()}')

    node = widget ('image', 'Preview')
    drag (node, (0.5, 0.5), (0.3, 0.5))
    moved = preview ()[1]
    report ('the line between before and after can be dragged', moved is not None and moved < 40,
            moved)

    for strength in (30, 80, 100):
        set_value ('spin button', 'Strength', strength)
        time.sleep (0.2)
    report ('strength does not run the network', settled () == count, f'{count} → {runs ()}')
    report ('colorfulness is insensitive for a model that gives more than colors',
            not is_sensitive (widget ('slider', 'Colorfulness')))
    report ('labels can be snapped for a model with a palette',
            is_sensitive (widget ('check box', 'Snap to label colors')))

    search ()
    press (widget ('button', 'Another'))
    wait_for ('another result', lambda: runs () > count)
    press (widget ('check box', 'Vary'))
    report ('another seed gives another result, and back again what was there',
            settled () == count + 1, f'{count} → {runs ()}')
    xdotool ('mousemove', 1270, 890)
    time.sleep (1)
    take_picture ()
    look_at_detail ()
    close ('Cancel')


def search ():
    """Nine models are enough for a search."""
    text = widget ('text', 'Search models').get_editable_text_iface ()
    text.set_text_contents ('uSER')
    found = wait_for ('one model alone', lambda: len (shown_models ()) == 1 and shown_models ())
    report ('the search leaves the models with that word, however written', found == ['User’s'], found)
    text.set_text_contents ('zebra')
    report ('a search that finds nothing says so',
            wait_for ('a word on it', lambda: 'No model has these words' in
                      widget ('list box', 'Models').get_description ()))
    text.set_text_contents ('')
    wait_for ('all models', lambda: 'Facade' in shown_models ())


def look_at_detail ():
    whole, detail = widget ('radio button', 'Whole layer'), widget ('radio button', 'Detail')
    report ('a model that works at a size of its own has no detail', not is_sensitive (detail))
    choose_model ('Tiny')
    wait_for ('details', lambda: is_sensitive (detail))
    count = settled ()
    for _ in range (4):
        press (widget ('button', 'Zoom in'))
    report ('zooming in does not run the network for the whole layer', settled () == count,
            f'{count} → {runs ()}')
    press (detail)
    wait_for ('a detail', lambda: runs () > count)
    wait_for ('a word on it', lambda: find ('label', 'A detail sees less'))
    count = settled ()
    drag (widget ('image', 'Preview'), (0.8, 0.8), (0.6, 0.6))
    report ('a detail is computed for what is seen', settled () > count, f'{count} → {runs ()}')
    count = runs ()
    press (whole)
    report ('the whole layer is still there', settled () == count and not
            find ('label', 'A detail sees less'), f'{count} → {runs ()}')
    choose_model ('Facade')


def find_none ():
    """Without models, and without the folder for them."""
    my_turn ('none')
    ok = widget ('button', 'OK')
    words = wait_for ('the words', widget ('list box', 'Models').get_description)
    report ('without models the dialog says where one belongs, and OK is insensitive',
            words.startswith ('No model was found') and
            str (FOLDER / 'data/pix2pix/models') in words and not is_sensitive (ok), words)
    press (widget ('button', 'Open Folder'))
    wait_for ('the folder', lambda: (FOLDER / 'shown').exists ())
    shown = (FOLDER / 'shown').read_text ().strip ()
    report ('Open Folder makes the folder and shows it',
            shown.endswith ('/data/pix2pix/models') and
            (FOLDER / 'data/pix2pix/models').is_dir (), shown)
    shutil.copy (FOLDER / 'data/pix2pix/aside/user.safetensors',
                 FOLDER / 'data/pix2pix/models/first.safetensors')
    wait_for ('the model dropped into the folder', lambda: shown_models () == ['User’s'])
    report ('the first model that is put there is used',
            wait_for ('its result', runs) and is_sensitive (ok))
    close ('Cancel')


def color (node, x, y):
    """(red, green, blue): the mean of 16 × 16 pixels of the screen, at shares of the node's size."""
    place = node.get_component_iface ().get_extents (Atspi.CoordType.SCREEN)
    crop = f'16x16+{place.x + round (x * place.width)}+{place.y + round (y * place.height)}'
    text = subprocess.run (['import', '-window', 'root', '-crop', crop, '-depth', '8', 'txt:-'],
                           check=True, stdout=subprocess.PIPE, text=True).stdout
    pixels = [bytes.fromhex (found) for found in re.findall (r'#([0-9A-F]{6})', text)]
    return tuple (sum (values) / len (pixels) for values in zip (*pixels))


def look_at_selection ():
    """A feathered ellipse in the first of two layers, of one color."""
    my_turn ('selection')
    wait_for ('a first result', runs)
    count = runs ()
    choose_model ('Tiny')
    wait_for ('its result', lambda: runs () > count)
    move_dialog (10, 10)
    node = widget ('image', 'Preview')
    drag (node, (0.5, 0.5), (0, 0.5))
    xdotool ('mousemove', 1270, 890)
    time.sleep (0.5)
    # Twice as wide as high, the picture begins below 0.16 of the preview's height.
    corner, edge, middle = (color (node, x, y) for x, y in ((0.01, 0.17), (0.1, 0.3), (0.5, 0.5)))
    report ('the preview is as it was outside of the selection, and mixed at its soft edge',
            max (abs (a - b) for a, b in zip (corner, (250, 10, 10))) < 2 and
            20 < edge[1] < middle[1] - 20, (corner, edge, middle))
    report ('of several layers one is shown, and the dialog says so',
            find ('label', 'This is one of 2 layers'))
    close ('Cancel')


def make_image ():
    my_turn ('image')
    wait_for ('a first result', runs)
    choose_model ('Tiny')
    press (widget ('radio button', 'New image'))
    close ('OK')


def add ():
    """A file in the folder, a .pth through the dialog, a broken file."""
    my_turn ('add')
    wait_for ('a first result', runs)
    folder = FOLDER / 'data/pix2pix/models'
    shutil.copy (folder / 'user.safetensors', folder / 'dropped.part')
    (folder / 'dropped.part').rename (folder / 'dropped.safetensors')
    models = widget ('list box', 'Models')
    before = models.get_child_count ()
    wait_for ('the model dropped into the folder', lambda: models.get_child_count () > before, 20)
    report ('a file dropped into the folder appears', True)

    for name, words in (('broken.safetensors', 'cannot be added'), ('mine.pth', None)):
        press (widget ('button', 'Add Model'))
        chooser = widget ('file chooser', 'Add Model')
        time.sleep (1)
        xdotool ('search', '--onlyvisible', '--name', 'Add Model', 'windowfocus')
        xdotool ('key', 'ctrl+l')
        entry = wait_for ('the place to type', lambda: inside (chooser, 'text', ''))
        entry.get_editable_text_iface ().set_text_contents (str (FOLDER / name))
        time.sleep (0.5)
        press (inside (chooser, 'button', 'Open'))
        if words:
            report ('a broken file is refused in words', widget ('alert', ''))
            press (widget ('button', 'Close'))
            continue
        widget ('dialog', 'Add Model')
        wait_for ('the trial', lambda: find ('label', 'A test picture'))
        press (inside (find ('dialog', 'Add Model'), 'button', 'Add'))
        wait_for ('the added model', lambda: find ('list item', 'mine'))
    report ('a .pth can be added', (folder / 'mine.safetensors').exists ())
    close ('Cancel')


def stop ():
    """Cancel in the middle of an apply, then of the dialog."""
    my_turn ('stop')
    wait_for ('a first result', runs)
    choose_size (1)
    settled (0.5)
    press (widget ('button', 'OK'))
    bar = widget ('progress bar', '')
    wait_for ('the progress', lambda: bar.get_value_iface ().get_current_value () > 0.02)
    start = time.monotonic ()
    press (widget ('button', 'Cancel'))
    wait_for ('the end', lambda: is_sensitive (widget ('button', 'OK')), 20)
    took = time.monotonic () - start
    report ('Cancel stops an apply, the dialog stays', took < 2, f'{took:.2f} s')
    choose_size (0)
    close ('Cancel')


def act_at_random (rng):
    node = widget ('image', 'Preview')
    actions = [lambda: choose_model (rng.choice (('Tiny', 'User’s', 'Facade'))),
               lambda: drag (node, (rng.random (), 0.5), (rng.random (), 0.6)),
               lambda: set_value ('spin button', 'Strength', rng.randrange (101)),
               lambda: choose_size (rng.randrange (3)),
               lambda: press (widget ('button', 'Another')),
               lambda: press (widget ('button', rng.choice (('Zoom in', 'Zoom out')))),
               lambda: press (widget ('radio button', rng.choice (('New layer', 'Replace'))))]
    rng.choice (actions) ()
    time.sleep (rng.random () * 0.2)


def resident ():
    """Of the plug-in, in MiB."""
    pids = subprocess.run (['pgrep', '-f', f'{FOLDER}/profile/plug-ins/pix2pix/pix2pix'], check=False,
                           stdout=subprocess.PIPE, text=True).stdout.split ()
    with open (f'/proc/{pids[-1]}/status', encoding='utf-8') as status:
        return int (re.search (r'VmRSS:\s+(\d+)', status.read ())[1]) / 1024


def play ():
    """Twenty sequences of whatever comes; the process lives and does not grow."""
    my_turn ('play')
    wait_for ('a first result', runs)
    rng, sizes = random.Random (7), []
    for _ in range (20):
        for _ in range (6):
            act_at_random (rng)
        sizes.append (resident ())
    settled ()
    grown = (sizes[-1] - sizes[9]) / 10
    report ('twenty random sequences: alive, growth of at most 1 MiB each', grown <= 1.0,
            ' '.join (f'{size:.0f}' for size in sizes))
    choose_size (0)
    press (widget ('radio button', 'Replace'))
    choose_model ('Facade')
    set_value ('spin button', 'Strength', 100)
    settled ()
    close ('Cancel')


def speed ():
    """Cancels each dialog in turn once it is there."""
    for name in ('pix2pix', 'empty-dialog') * 4:
        wait_for (f'the turn of {name}', lambda: (STEPS / 'expect').exists () and
                  (STEPS / 'expect').read_text () == f'speed of {name}')
        (STEPS / 'expect').unlink ()
        button = widget ('button', 'Cancel', name)
        time.sleep (0.5)
        press (button)
        wait_for (f'the end of {name}', lambda: not find ('button', 'Cancel', name))


def apply ():
    my_turn ('apply')
    wait_for ('a first result', runs)
    choose_model ('Facade')
    press (widget ('radio button', 'Replace'))
    close ('OK')


def undo (step):
    wait_for (f'translation {step}', (STEPS / f'translated {step}').exists)
    press (widget ('menu item', 'Undo ', 'gimp'))
    time.sleep (1)
    (STEPS / f'undone {step}').touch ()


Atspi.init ()
gimp = subprocess.Popen (COMMAND)
try:
    for turn in (speed, look, find_none, look_at_selection, make_image, add, stop, play, apply):
        turn ()
    for number in (0, 1, 2):
        undo (number)
    status = gimp.wait (TIMEOUT)
finally:
    (FOLDER / 'person.json').write_text (json.dumps (results))
    if gimp.poll () is None:
        gimp.kill ()
sys.exit (status)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the plug-in's dialog as a person would, saves a picture of it, and chooses Undo from the
menu.  It tells dialog.py, which runs inside GIMP and waits for it, by files in FOLDER/steps how far
it is.

    person.py FOLDER SCREENSHOT COMMAND…
"""

import functools
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

from screen import (FOLDER, STEPS, at, attend, choose_model, choose_size, chosen_model, close,
                    color, color_at, dialog_window, drag, find, inside, is_sensitive, models_pane,
                    move_dialog, my_turn, press, preview, report, runs, set_value, settled,
                    shown_models, take_picture, wait_for, widget, xdotool)


def look ():
    """Looks at everything, then cancels."""
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
    choose_model ('Facade')  # the first in the list, shown at the beginning
    report ('a result that was there is shown without running the network', settled () == count,
            f'{count} → {runs ()}')

    node = widget ('image', 'Preview')
    drag (at (node, 0.5, 0.5), at (node, 0.3, 0.5))
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

    check_wheel ()
    search ()
    press (widget ('button', 'Another'))
    wait_for ('another result', lambda: runs () > count)
    press (widget ('check box', 'Vary'))
    report ('another seed gives another result, and back again what was there',
            settled () == count + 1, f'{count} → {runs ()}')
    xdotool ('mousemove', 1270, 890)
    time.sleep (1)
    take_picture (dialog_window ())
    look_at_detail ()
    check_help ()
    close ('Cancel')


def check_help ():
    press (widget ('button', 'Help'))
    page = wait_for ('the page', shown)
    report ('Help opens the plug-in’s own page', page.endswith ('pix2pix/help/en/index.html') and
            pathlib.Path (page.removeprefix ('file://')).exists (), page)


def shown ():
    """The path that the desktop was asked to show, or None.  Forgets it, so that the next request
    is seen."""
    path = FOLDER / 'shown'
    if not path.exists ():
        return None
    name = path.read_text ().strip ()
    path.unlink ()
    return name


def check_wheel ():
    """Turns the wheel over a slider that was scrolled into view."""
    slider = widget ('slider', 'Strength')
    slider.get_component_iface ().grab_focus ()
    time.sleep (0.5)
    before = slider.get_value_iface ().get_current_value ()
    xdotool ('mousemove', *at (slider, 0.5, 0.5), 'click', '--repeat', 3, 5)
    time.sleep (0.5)
    report ('the wheel over a slider leaves its value',
            slider.get_value_iface ().get_current_value () == before, before)


def search ():
    """The list has a search, since it has nine models."""
    text = widget ('text', 'Search models').get_editable_text_iface ()
    text.set_text_contents ('uSER')
    found = wait_for ('one model alone', lambda: len (shown_models ()) == 1 and shown_models ())
    report ('the search leaves the models with that word, however written', found == ['User’s'],
            found)
    text.set_text_contents ('zebra')
    report ('a search that finds nothing says so',
            wait_for ('a word on it', lambda: 'No model matches these words' in
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
    wait_for ('a word on it', lambda: find ('label', 'In a detail the model sees less'))
    count = settled ()
    node = widget ('image', 'Preview')
    drag (at (node, 0.8, 0.8), at (node, 0.6, 0.6))
    report ('a detail is computed for what is seen', settled () > count, f'{count} → {runs ()}')
    count = runs ()
    press (whole)
    report ('the whole layer is still there', settled () == count and not
            find ('label', 'In a detail the model sees less'), f'{count} → {runs ()}')
    choose_model ('Facade')


def find_none ():
    """There are no models and no folder for them."""
    my_turn ('none')
    ok = widget ('button', 'OK')
    words = wait_for ('the words', widget ('list box', 'Models').get_description)
    report ('without models the dialog says where one belongs, and OK is insensitive',
            words.startswith ('No model was found') and
            str (FOLDER / 'data/pix2pix/models') in words and not is_sensitive (ok), words)
    press (widget ('button', 'Open Folder'))
    name = wait_for ('the folder', shown)
    report ('Open Folder makes the folder and shows it', name.endswith ('/data/pix2pix/models') and
            (FOLDER / 'data/pix2pix/models').is_dir (), name)
    shutil.copy (FOLDER / 'data/pix2pix/aside/user.safetensors',
                 FOLDER / 'data/pix2pix/models/first.safetensors')
    wait_for ('the model dropped into the folder', lambda: shown_models () == ['User’s'])
    report ('the first model that is put there is used',
            wait_for ('its result', runs) and is_sensitive (ok))
    close ('Cancel')


def look_at_selection ():
    """A feathered ellipse is selected in the first of two layers, which has one color."""
    my_turn ('selection')
    wait_for ('a first result', runs)
    count = runs ()
    choose_model ('Tiny')
    wait_for ('its result', lambda: runs () > count)
    move_dialog (10, 10)
    node = widget ('image', 'Preview')
    drag (at (node, 0.5, 0.5), at (node, 0, 0.5))
    xdotool ('mousemove', 1270, 890)
    time.sleep (0.5)
    places = (1, 119), (22, 98), (128, 64)
    corner, edge, middle = (color_at (place, (256, 128)) for place in places)
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
    """Adds a file in the folder, a .pth through the dialog, and a broken file."""
    my_turn ('add')
    wait_for ('a first result', runs)
    time.sleep (1)
    found = chosen_model ()
    report ('the model of the last time is chosen, and in view', found == ('Tiny', True), found)
    folder = FOLDER / 'data/pix2pix/models'
    shutil.copy (folder / 'user.safetensors', folder / 'dropped.part')
    (folder / 'dropped.part').rename (folder / 'dropped.safetensors')
    models = widget ('list box', 'Models')
    before = models.get_child_count ()
    wait_for ('the model dropped into the folder', lambda: models.get_child_count () > before, 20)
    report ('a file dropped into the folder appears', True)
    (folder / 'page.pth').write_text ('<!doctype html><title>Not found</title>')
    report ('a file there that is no model is told of below the list',
            wait_for ('the words', lambda: find ('label', 'Not listed: page.pth')).get_name ()
            .endswith ('Download the file itself'))
    (folder / 'page.pth').unlink ()

    for name, words in (('broken.safetensors', 'cannot be added'), ('two.pth', None),
                        ('mine.pth', None)):
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
        if name == 'two.pth':
            choose_network ()
        accept (name.removesuffix ('.pth'))
    report ('a .pth can be added', (folder / 'mine.safetensors').exists ())
    report ('of a file with two networks one is chosen', (folder / 'two.safetensors').exists ())
    drop ()
    report ('a file dropped onto the list can be added', (folder / 'theirs.safetensors').exists ())
    look_after (folder)
    close ('Cancel')


def choose_network ():
    dialog = widget ('dialog', 'Choose Network')
    press (wait_for ('the second one', lambda: inside (dialog, 'radio button', 'netG_B')))
    press (inside (dialog, 'button', 'Continue'))


def look_after (folder):
    """Edits models of one's own.  One of them has the title of another."""
    drop ('Replace')
    report ('a second model of one title takes the place of the first',
            shown_models ().count ('Theirs') == 1 and
            not (folder / 'theirs-2.safetensors').exists (), shown_models ())
    press (widget ('button', 'Edit'))
    dialog = widget ('dialog', 'Edit Model')
    title = wait_for ('the title', lambda: inside (dialog, 'text', ''))
    title.get_editable_text_iface ().set_text_contents ('Renamed')
    press (inside (dialog, 'button', 'Save'))
    wait_for ('the new title', lambda: chosen_model ()[0] == 'Renamed')
    report ('a model can be renamed, and its file stays', 'Theirs' not in shown_models () and
            (folder / 'theirs.safetensors').exists (), shown_models ())
    press (widget ('button', 'Remove'))
    press (inside (widget ('alert', ''), 'button', 'Move to Trash'))
    wait_for ('the list without it', lambda: 'Renamed' not in shown_models ())
    report ('a model can be moved to the trash, with its picture',
            not list (folder.glob ('theirs.*')) and
            (FOLDER / 'data/Trash/files/theirs.safetensors').exists (), list (folder.glob ('*')))
    choose_model ('Facade')
    wait_for ('the buttons to follow', lambda: not is_sensitive (widget ('button', 'Remove')))
    report ('what came with the plug-in is neither changed nor removed',
            not is_sensitive (widget ('button', 'Edit')))


def accept (title, *answers):
    """Waits for the model's trial, accepts it, and answers the question that comes then."""
    widget ('dialog', 'Add Model')
    wait_for ('the trial', lambda: find ('label', 'A test picture'))
    press (inside (find ('dialog', 'Add Model'), 'button', 'Add'))
    for answer in answers:
        press (inside (widget ('alert', ''), 'button', answer))
        wait_for ('the end of it', lambda: not find ('dialog', 'Add Model'))
    wait_for ('the added model', lambda: find ('list item', title))


def drop (*answers):
    """Drags a file from a window beside the dialog onto the list."""
    move_dialog (10, 10)
    source = subprocess.Popen ([sys.executable, pathlib.Path (__file__).with_name ('source.py'),
                                FOLDER / 'theirs.safetensors'])
    try:
        drag (at (widget ('label', 'theirs', 'source.py'), 0.5, 0.5),
              at (models_pane (), 0.5, 0.5))
        accept ('Theirs', *answers)
    finally:
        source.kill ()


def look_around_detail ():
    """The layer is large: the sample, repeated every 256 pixels, on 2048 × 2048 pixels."""
    wait_for ('a word on it', lambda: find ('label', 'In a detail the model sees less'))
    settled (0.5)
    move_dialog (10, 10)
    node = widget ('image', 'Preview')
    after = color (node, 0.7, 0.5)
    drag (at (node, 0.5, 0.5), at (node, 0.95, 0.5))
    before = color (node, 0.7, 0.5)
    report ('a detail is shown as large as it was computed',
            max (abs (a - b) for a, b in zip (before, after)) > 12, (before, after))

    press (widget ('button', 'Show the whole layer'))
    node = widget ('image', 'Preview')
    drag (at (node, 0.95, 0.5), at (node, 0.5, 0.5))
    settled (0.5)
    before, after, detail = (color_at (place, (2048, 2048))
                             for place in ((412, 128), (1436, 128), (1120, 1024)))
    report ('around a detail the original is seen',
            max (abs (a - b) for a, b in zip (before, after)) < 12, (before, after, detail))
    settled (0.5)


def stop ():
    """Cancels in the middle of an apply, then cancels the dialog."""
    my_turn ('stop')
    wait_for ('a first result', runs)
    choose_size (1)
    look_around_detail ()
    press (widget ('button', 'OK'))
    bar = widget ('progress bar', '')
    wait_for ('the progress', lambda: bar.get_value_iface ().get_current_value () > 0.02)
    press (widget ('button', 'Cancel'))
    report ('Cancel stops an apply, the dialog stays',
            wait_for ('the end', lambda: is_sensitive (widget ('button', 'OK'))))
    choose_size (0)
    close ('Cancel')


def act_at_random (rng):
    node = widget ('image', 'Preview')
    actions = [lambda: choose_model (rng.choice (('Tiny', 'User’s', 'Facade'))),
               lambda: drag (at (node, rng.random (), 0.5), at (node, rng.random (), 0.6)),
               lambda: set_value ('spin button', 'Strength', rng.randrange (101)),
               lambda: choose_size (rng.randrange (3)),
               lambda: press (widget ('button', 'Another')),
               lambda: press (widget ('button', rng.choice (('Zoom in', 'Zoom out')))),
               lambda: press (widget ('radio button', rng.choice (('New layer', 'Replace'))))]
    rng.choice (actions) ()
    time.sleep (rng.random () * 0.2)


def resident ():
    """The plug-in's resident memory in MiB."""
    plug_in = f'{FOLDER}/profile/plug-ins/pix2pix/pix2pix'
    pids = subprocess.run (['pgrep', '-f', plug_in], check=False, stdout=subprocess.PIPE,
                           text=True).stdout.split ()
    with open (f'/proc/{pids[-1]}/status', encoding='utf-8') as status:
        return int (re.search (r'VmRSS:\s+(\d+)', status.read ())[1]) / 1024


def play ():
    """Runs twenty sequences of random actions: the process survives and does not grow."""
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


attend ([look, find_none, look_at_selection, make_image, add, stop, play, apply,
         *(functools.partial (undo, number) for number in range (3))], 'person')

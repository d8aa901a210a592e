# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts GIMP on the display at hand, and does there what a person would: answers the plug-in's
dialog, keeps a picture of it, chooses Undo from the menu.

    person.py FOLDER SCREENSHOT COMMAND…
"""

import pathlib
import subprocess
import sys
import time

import gi

gi.require_version ('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

FOLDER, SCREENSHOT, COMMAND = pathlib.Path (sys.argv[1]), sys.argv[2], sys.argv[3:]
STEPS = FOLDER / 'steps'
TIMEOUT = 180


def find (node, role, name):
    """The first in the tree below node whose name begins so, depth first; None."""
    try:
        if node.get_role_name () == role and node.get_name ().startswith (name):
            return node
        for index in range (node.get_child_count ()):
            child = node.get_child_at_index (index)
            if child and (found := find (child, role, name)):
                return found
    except GLib.Error:
        pass  # it was closed while we looked
    return None


def wait_for (what, look):
    end = time.monotonic () + TIMEOUT
    while time.monotonic () < end:
        if gimp.poll () is not None:
            sys.exit (f'GIMP has ended: {gimp.returncode}')
        if found := look ():
            return found
        time.sleep (0.1)
    gimp.kill ()
    sys.exit (f'waited in vain for {what}')


def widget (application, role, name):
    def look ():
        desktop = Atspi.get_desktop (0)
        for index in range (desktop.get_child_count ()):
            node = desktop.get_child_at_index (index)
            if node and node.get_name () == application and (found := find (node, role, name)):
                return found
        return None

    return wait_for (f'the {role} “{name}” of {application}', look)


def press (node):
    node.get_action_iface ().do_action (0)


def answer (name, screenshot=None):
    wait_for (f'the turn of {name}', lambda: (STEPS / 'expect').exists () and
              (STEPS / 'expect').read_text () == name)
    button = widget ('pix2pix', 'button', name)
    if screenshot:
        # Beside the picture, there being no window manager.
        subprocess.run (['xdotool', 'search', '--onlyvisible', '--name', 'Image Translation',
                         'windowmove', '740', '40'], check=True)
        time.sleep (1)  # until it is drawn
        subprocess.run (['import', '-window', 'root', screenshot], check=True)
    press (button)


Atspi.init ()
gimp = subprocess.Popen (COMMAND)
answer ('Cancel')
answer ('OK', SCREENSHOT)
for step in (1, 2):
    wait_for (f'translation {step}', (STEPS / f'translated {step}').exists)
    press (widget ('gimp', 'menu item', 'Undo '))
    time.sleep (1)
    (STEPS / f'undone {step}').touch ()
sys.exit (gimp.wait (TIMEOUT))

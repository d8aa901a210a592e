# SPDX-License-Identifier: GPL-3.0-or-later
"""A window with a file that can be dragged out of it, as in a file manager.

    source.py FILE
"""

import pathlib
import sys

import gi

gi.require_version ('Gtk', '3.0')
from gi.repository import Gdk, Gtk  # noqa: E402

FILE = pathlib.Path (sys.argv[1])

window = Gtk.Window (title='Files')
window.set_default_size (160, 80)
window.move (1100, 100)
place = Gtk.EventBox ()
place.add (Gtk.Label (label=FILE.name))
place.drag_source_set (Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
place.drag_source_add_uri_targets ()
place.connect ('drag-data-get', lambda _, __, data, *___: data.set_uris ([FILE.as_uri ()]))
window.add (place)
window.show_all ()
Gtk.main ()

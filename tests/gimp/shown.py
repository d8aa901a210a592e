# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens the dialog on the sample for looks.py, which closes it."""

import os

from gi.repository import Gimp, Gio

from helpers import call

image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE,
                        Gio.File.new_for_path (os.environ['P2P_SAMPLE']))
call (image, image.get_layers (), model='facade', run_mode=Gimp.RunMode.INTERACTIVE)
image.delete ()

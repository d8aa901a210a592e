# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens the dialog twice for window.py, which closes it."""

import json
import os

from gi.repository import Gimp, Gio

from helpers import FOLDER, call

for turn in 'first', 'second':
    (FOLDER / 'steps/expect').write_text (turn)
    image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE,
                            Gio.File.new_for_path (os.environ['P2P_SAMPLE']))
    call (image, image.get_layers (), model='', run_mode=Gimp.RunMode.INTERACTIVE)
    image.delete ()

(FOLDER / 'reopened.json').write_text (json.dumps ([]))

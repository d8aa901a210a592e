# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens our dialog and an empty one alternately, and prints when it
does so in microseconds of the clock that the dialogs use to say when they were first drawn."""

import time

from gi.repository import Gimp

from helpers import FOLDER, opened
from samples import picture

with opened (picture (3)) as (image, layer):
    for turn in range (8):
        name = 'empty-dialog' if turn % 2 else 'pix2pix'
        procedure = Gimp.get_pdb ().lookup_procedure (f'plug-in-{name}')
        config = procedure.create_config ()
        config.set_property ('run-mode', Gimp.RunMode.INTERACTIVE)
        config.set_property ('image', image)
        config.set_core_object_array ('drawables', [layer])
        (FOLDER / 'steps/expect').write_text (name)
        print (f'{name}: begun at {time.monotonic_ns () // 1000}', flush=True)
        procedure.run (config)

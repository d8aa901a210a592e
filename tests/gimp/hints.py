# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens the dialog on a drawing, on which artist.py paints meanwhile,
and checks the layers after OK.  They tell each other by files in $P2P_TEST/steps what they have
done."""

import json
import os
import time
import traceback

import numpy as np
from gi.repository import Gegl, Gimp, Gio

from helpers import FOLDER, STATUS, call, get
from sketching import choose_brush, dialog, open_drawing

STEPS = FOLDER / 'steps'
MODE = Gimp.LayerMode
results = []


def report (claim, good, why=''):
    results.append ((claim, bool (good), str (why)))


def step (name, wait_for):
    (STEPS / name).touch ()
    end = time.monotonic () + 120
    while not (STEPS / wait_for).exists ():
        assert time.monotonic () < end, f'waited in vain for {wait_for}'
        time.sleep (0.05)


def layers_of (image):
    """The layers from the top: name, mode, whether it is visible."""
    return [(layer.get_name (), layer.get_mode (), layer.get_visible ())
            for layer in image.get_layers ()]


def check_painting ():
    image, drawing, display = open_drawing ()
    before = get (drawing)
    status, message = dialog (image, drawing)
    report ('OK leaves the colors below the drawing, which is multiplied, and hides the hints',
            status == STATUS.SUCCESS and layers_of (image) ==
            [('Color hints', MODE.NORMAL, False), (drawing.get_name (), MODE.MULTIPLY, True),
             ('Colors', MODE.NORMAL, True)], (status, message, layers_of (image)))
    report ('the drawing is selected again and has not changed',
            image.get_selected_layers () == [drawing] and np.array_equal (get (drawing), before),
            image.get_selected_layers ())
    hints = get (image.get_layers ()[0])
    report ('the hints are the strokes of the first color alone, the second having been undone',
            hints[..., 3].any () and np.all (hints[hints[..., 3] > 0][:, 2] == 0))

    step ('colored', 'undone')
    report ('one Undo takes the colors away and shows the hints again',
            layers_of (image) == [('Color hints', MODE.NORMAL, True),
                                  (drawing.get_name (), MODE.NORMAL, True)], layers_of (image))
    step ('seen', 'all undone')
    report ('what was painted and the hint layer are undone too, bit for bit',
            layers_of (image) == [(drawing.get_name (), MODE.NORMAL, True)] and
            np.array_equal (get (drawing), before), layers_of (image))
    display.delete ()


def add_hints (image):
    hints = Gimp.file_load_layer (Gimp.RunMode.NONINTERACTIVE, image,
                                  Gio.File.new_for_path (os.environ['P2P_HINTS']))
    image.insert_layer (hints, None, 0)
    return hints


def show ():
    """Opens the dialog for the picture that artist.py takes."""
    image, drawing, display = open_drawing ()
    add_hints (image).set_name ('Color hints')
    Gimp.displays_flush ()
    Gimp.context_set_foreground (Gegl.Color.new ('#ec7e26'))
    dialog (image, drawing)
    display.delete ()


def check_repeat ():
    """Uses the last values, which are those of the dialog."""
    image, drawing, display = open_drawing ()
    hints = add_hints (image)
    call (image, [drawing], model='sketch2color', output='new-layer', hints=hints)
    status, message = call (image, [drawing], model='', run_mode=Gimp.RunMode.WITH_LAST_VALS)
    colors = [get (layer) for layer in image.get_layers () if layer.get_name ().startswith ('Col')]
    report ('Repeat takes the same hints again, although GIMP keeps no layer among last values',
            status == STATUS.SUCCESS and len (colors) == 2 and np.array_equal (*colors),
            (status, message, layers_of (image)))
    display.delete ()


def check_cancel ():
    image, drawing, display = open_drawing ()
    status, _ = dialog (image, drawing)
    report ('Cancel takes away a hint layer without a stroke',
            status == STATUS.CANCEL and image.get_layers () == [drawing], layers_of (image))
    status, _ = dialog (image, drawing)
    report ('Cancel leaves a hint layer that has strokes',
            status == STATUS.CANCEL and [name for name, *_ in layers_of (image)] ==
            ['Color hints', drawing.get_name ()], layers_of (image))

    # The same state as after OK.
    image.get_layers ()[0].set_visible (False)
    image.set_selected_layers ([drawing])
    before = get (drawing)
    status, message = dialog (image, drawing)
    report ('strokes of the second time do not go into the drawing',
            np.array_equal (get (drawing), before))
    report ('OK works without the hints, which were deleted meanwhile',
            status == STATUS.SUCCESS and [name for name, *_ in layers_of (image)] ==
            [drawing.get_name (), 'Colors'], (status, message, layers_of (image)))
    display.delete ()


try:
    choose_brush ()
    check_painting ()
    check_cancel ()
    show ()
    check_repeat ()
except Exception:
    report ('painting with the dialog open', False, traceback.format_exc ())

(FOLDER / 'hints.json').write_text (json.dumps (results))

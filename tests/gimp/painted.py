# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens the dialog for paint.py and checks GIMP's foreground color
afterwards. $P2P_SAMPLE is in the folder of the other pictures."""

import json
import os
import pathlib
import time
import traceback

import numpy as np
from gi.repository import Gegl, Gimp, Gio

from helpers import FOLDER, call, get, opened
from samples import COLORS, picture

STEPS = FOLDER / 'steps'
DATA = pathlib.Path (os.environ['P2P_SAMPLE']).parent
results = []


def report (claim, good, why=''):
    results.append ((claim, bool (good), str (why)))


def answered (image, turn):
    (STEPS / 'expect').write_text (turn)
    return call (image, image.get_layers ()[:1], model='', run_mode=Gimp.RunMode.INTERACTIVE)


def shown (name, turn):
    """Opens the dialog on a picture of tests/data, for that turn of paint.py."""
    image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path (str (DATA / name)))
    answered (image, turn)
    image.delete ()



def foreground ():
    """The foreground color in sRGB levels; GEGL gives linear light."""
    light = np.array (Gimp.context_get_foreground ().get_rgba ()[:3])
    levels = np.where (light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round (levels * 255).astype (int).tolist ()


def check_picked (claim):
    """paint.py writes the color that it picked.  A color on the screen may be off by 2 levels."""
    expected, found = json.loads ((STEPS / 'picked').read_text ()), foreground ()
    report (claim, max (abs (a - b) for a, b in zip (found, expected)) <= 2, (found, expected))


def picks (turn, claim):
    Gimp.context_set_foreground (Gegl.Color.new ('#123456'))
    pixels = np.array (COLORS[:2], np.uint8).repeat (64, 0)[None].repeat (128, 0)
    with opened (pixels) as (image, _):
        answered (image, turn)
    check_picked (claim)


def check_filters ():
    pixels = np.full ((128, 128, 3), COLORS[0], np.uint8)
    with opened (pixels) as (image, layer):
        image.resize (128, 128, 0, 0)
        display = Gimp.Display.new (image)
        layer.append_filter (Gimp.DrawableFilter.new (layer, 'gegl:invert-gamma', 'Invert'))
        answered (image, 'filters')
        report ('OK in place merges the filters', not layer.get_filters (), layer.get_filters ())
        changed = get (layer)
        (STEPS / 'merged').touch ()
        end = time.monotonic () + 120
        while not (STEPS / 'unmerged').exists () and time.monotonic () < end:
            time.sleep (0.05)
        report ('one Undo brings the filters and the pixels below them back',
                len (layer.get_filters ()) == 1 and np.array_equal (get (layer), pixels) and
                np.any (changed != pixels), (layer.get_filters (), get (layer)[0, 0]))
        display.delete ()


def check_outputs ():
    """In each case the last used output is in-place."""
    with opened (picture (3)) as (image, layer):
        layer.set_lock_content (True)
        answered (image, 'locked')
    with opened (picture (3)) as (image, layer):
        text = Gimp.TextLayer.new (image, 'pix', Gimp.context_get_font (), 30, Gimp.Unit.pixel ())
        image.insert_layer (text, None, 0)
        answered (image, 'text')


def main ():
    picks ('before', 'a click into the preview’s before makes its color the foreground')
    picks ('after', 'a click into the preview’s after makes its color the foreground')
    picks ('drag', 'dragging the line leaves the foreground as it is')
    for turn in ('choose', 'color'):
        shown ('aerial-town.png', turn)
    shown ('sketch-fox.png', 'lines')
    shown ('gray-landscape.png', 'gray')
    for turn in ('labels', 'legend'):
        shown ('facade-labels.png', turn)
    check_picked ('a color of the legend becomes the foreground, by the keyboard')
    check_filters ()
    check_outputs ()


try:
    main ()
except Exception:
    report ('painting with the dialog', False, traceback.format_exc ())

(FOLDER / 'painted.json').write_text (json.dumps (results))

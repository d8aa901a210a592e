# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens the dialog, which person.py answers.  They tell each other by
files in $P2P_TEST/steps what they have done."""

import json
import os
import shutil
import time
import traceback

import numpy as np
from PIL import Image
from gi.repository import Gimp, Gio

from helpers import (FOLDER, MODELS, STATUS, USER_MODELS, add_layer, call, get, opened,
                     translated)
from samples import COLORS, picture

STEPS = FOLDER / 'steps'
results = []


def report (claim, good, why=''):
    results.append ((claim, bool (good), str (why)))


def wait_for (step):
    end = time.monotonic () + 300
    while not (STEPS / step).exists ():
        assert time.monotonic () < end, f'waited in vain for {step}'
        time.sleep (0.05)


def answered (image, layer, turn, *others):
    """Opens the dialog for that turn of person.py."""
    (STEPS / 'expect').write_text (turn)
    return call (image, [layer, *others], model='', run_mode=Gimp.RunMode.INTERACTIVE)


def unchanged (turn, what, pixels):
    """person.py cancels the dialog in that turn: the image is unchanged, and there is nothing to
    undo."""
    with opened (pixels) as (image, layer):
        display = Gimp.Display.new (image)
        image.clean_all ()
        status, message = answered (image, layer, turn)
        report (f'{what}: the procedure says so, nothing has changed',
                status == STATUS.CANCEL and not image.is_dirty () and
                np.array_equal (get (layer), pixels), (status, message))
        display.delete ()


def check_none (pixels):
    """Opens the dialog while both folders of models are moved away."""
    aside = [(folder, folder.with_name ('aside')) for folder in (MODELS, USER_MODELS)]
    for folder, name in aside:
        folder.rename (name)
    try:
        unchanged ('none', 'Cancel without models', pixels)
    finally:
        for folder, name in aside:
            shutil.rmtree (folder, ignore_errors=True)
            name.rename (folder)


def check_selection ():
    with opened (np.full ((128, 256, 3), COLORS[0], np.uint8)) as (image, layer):
        image.resize (256, 128, 0, 0)
        image.select_ellipse (Gimp.ChannelOps.REPLACE, 0, 0, 256, 128)
        Gimp.Selection.feather (image, 30)
        display = Gimp.Display.new (image)
        answered (image, layer, 'selection', add_layer (image, picture (3), 'Other'))
        display.delete ()


def check_image (pixels):
    """Checks through the dialog what arguments.py claims about new images."""
    with opened (pixels) as (image, layer):
        display = Gimp.Display.new (image)
        image.clean_all ()
        others = {other.get_id () for other in Gimp.get_images ()}
        status, message = answered (image, layer, 'image')
        made = [other for other in Gimp.get_images () if other.get_id () not in others]
        report ('a new image from the dialog has the result; the old one is as it was',
                status == STATUS.SUCCESS and len (made) == 1 and not image.is_dirty () and
                np.array_equal (get (layer), pixels) and
                np.array_equal (get (made[0].get_layers ()[0]), translated (pixels)),
                (status, message, len (made)))
        display.delete ()


def check_apply ():
    sample = Gio.File.new_for_path (os.environ['P2P_SAMPLE'])
    image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE, sample)
    layer = image.get_layers ()[0]
    before = get (layer)
    display = Gimp.Display.new (image)

    status, message = answered (image, layer, 'apply')
    changed = np.mean (get (layer) != before)
    report ('OK in the dialog: the layer is translated',
            status == STATUS.SUCCESS and changed > 0.5, f'{status} {message} {changed:.0%} changed')
    Gimp.file_save (Gimp.RunMode.NONINTERACTIVE, image,
                    Gio.File.new_for_path (str (FOLDER / 'dialog-result.png')), None)
    (STEPS / 'translated 0').touch ()
    wait_for ('undone 0')
    report ('what the dialog did is undone bit for bit', np.array_equal (get (layer), before))
    display.delete ()


def check_undo (step, what, *layers):
    """Uses the last values, which are those of the dialog."""
    with opened (layers[0]) as (image, first):
        drawables = [first, *(add_layer (image, pixels, 'Other') for pixels in layers[1:])]
        base = image.get_base_type ()
        display = Gimp.Display.new (image)
        status, message = call (image, drawables, run_mode=Gimp.RunMode.WITH_LAST_VALS)
        report (f'{what}, translated with the last values: in color',
                status == STATUS.SUCCESS and image.get_base_type () == Gimp.ImageBaseType.RGB and
                all (np.any (get (drawable)[..., :1] != pixels[..., :1])
                     for drawable, pixels in zip (drawables, layers)), message)

        (STEPS / f'translated {step}').touch ()
        wait_for (f'undone {step}')
        report (f'{what}: one Undo brings everything back',
                image.get_base_type () == base and
                all (np.array_equal (get (drawable), pixels)
                     for drawable, pixels in zip (drawables, layers)), image.get_base_type ())
        display.delete ()


def main ():
    sample = np.asarray (Image.open (os.environ['P2P_SAMPLE']).convert ('RGB'))
    unchanged ('look', 'Cancel in the dialog', sample)
    check_none (sample)
    check_selection ()
    check_image (sample)
    # No model is made for this kind of picture, so the last used model is chosen.
    unchanged ('add', 'Cancel after a model was added', picture (3))
    unchanged ('stop', 'Cancel in the middle of an apply', np.tile (sample, (8, 8, 1)))
    unchanged ('play', 'Cancel after random actions', sample)
    check_apply ()
    check_undo (1, 'two layers of a gray image', picture (2), picture (1, 2))
    check_undo (2, 'two layers of an RGB image', picture (3), picture (4, 2))


try:
    main ()
except Exception:
    report ('the dialog and Undo', False, traceback.format_exc ())

(FOLDER / 'dialog.json').write_text (json.dumps (results))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: every kind of image, selection and output, and Undo by its keys,
since a plug-in cannot undo.  Results are compared with those that the program gave before
(test-gimp.py)."""

import itertools
import json
import os
import subprocess
import time
import traceback

import numpy as np
from gi.repository import Gimp

from helpers import FOLDER, STATUS, add_layer, call, get, get_selection, opened, raw
from samples import CROP, HEIGHT, KINDS, SELECTED, WIDTH, exact_picture

PRECISIONS = [f'{sample}_{curve}' for sample in ('U8', 'U16', 'HALF', 'FLOAT')
              for curve in ('NON_LINEAR', 'LINEAR')]
SELECTIONS = ('none', 'rectangle', 'ellipse')
OUTPUTS = ('in-place', 'new-layer')
CLAIMS = {
    'ran': 'two layers, with and without alpha, are translated by one call',
    'mode': 'the precision stays, and a gray image is in color exactly where the result is',
    'inside': 'what is selected is what the program gives, within one 8-bit level',
    'outside': 'what is not selected, and alpha, stay bit for bit',
    'undo': 'one Undo brings back every bit, the mode and the layers',
}
failures = {claim: [] for claim in CLAIMS}


def check (case, claim, good, why=''):
    (channels, model), *rest = case
    if not good:
        failures[claim].append (f'{channels} channels, {model}, {", ".join (rest)}: {why}')


def split (values):
    """Splits [h, w, channels, …] into colors and alpha."""
    colors = values.shape[2] - (values.shape[2] % 2 == 0)
    return values[:, :, :colors], values[:, :, colors:]


# ---- Expected ----------------------------------------------------------------------------------

def by_program (channels, model, selection):
    """The expected colors in 8-bit levels.  Without a selection and for the ellipse, the network
    sees the whole picture.  For the rectangle it sees a crop around it."""
    whole = split (np.load (FOLDER / f'{model}-{channels}.npy').astype (float))[0]
    if selection == 'rectangle':
        x, y, width, height = CROP
        crop = np.load (FOLDER / f'{model}-{channels}-crop.npy')
        whole[y:y + height, x:x + width] = split (crop)[0]
    return whole


def linear (levels):
    """sRGB → linear light, both in 8-bit levels (IEC 61966-2-1)."""
    v = np.clip (levels / 255, 0, 1)
    return 255 * np.where (v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def is_close (got, wanted, precision):
    """Whether values agree within one level after rounding to 8 bits, or within one of the image's
    own levels where those are coarser."""
    good = np.abs (np.round (got) - wanted) <= 1
    if precision == 'U8_LINEAR':
        good |= np.abs (linear (got) - linear (wanted)) <= 1
    return good


# ---- One case ----------------------------------------------------------------------------------

def select (image, selection):
    """Selects, and returns how much of each pixel is selected, [h, w]."""
    if selection == 'none':
        return np.ones ((HEIGHT, WIDTH))
    if selection == 'rectangle':
        image.select_rectangle (Gimp.ChannelOps.REPLACE, *SELECTED)
    else:
        image.select_ellipse (Gimp.ChannelOps.REPLACE, 15, 12, 66, 40)
        Gimp.Selection.feather (image, 8)
    return get_selection (image)


def state (image):
    return (image.get_base_type (), image.get_precision (), image.get_layers (),
            [raw (layer).tobytes () for layer in image.get_layers ()])


def undo (image, before):
    """Presses Ctrl+Z and returns whether the image becomes what it was before."""
    subprocess.run (['xdotool', 'key', 'ctrl+z'], check=True)
    end = time.monotonic () + 20
    while state (image) != before:
        if time.monotonic () > end:
            return False
        time.sleep (0.02)
    return True


def before_in_color (image):
    """The layers' bytes after GIMP converts the image to RGB."""
    image = image.duplicate ()
    image.convert_rgb ()
    pixels = [raw (layer) for layer in image.get_layers ()]
    image.delete ()
    return pixels


def check_layer (case, layer, before, wanted, share):
    """Checks the translated layer.  before holds its bytes before that, share how much of each
    pixel was selected."""
    (channels, _), precision, _, output = case
    same = raw (layer) == before
    alpha = split (exact_picture (channels))[1]
    seen = share > 1 - 1e-5    # in floating point, soft selections hardly reach 1

    if output == 'in-place':
        check (case, 'outside', same[share == 0].all (), 'colors')
        check (case, 'outside', split (same)[1].all (), 'alpha')
        colors = split (get (layer, np.float32))[0] * 255
    else:
        check (case, 'outside', same.all (), 'the layer below')
        siblings = layer.get_image ().get_layers ()
        colors, made = split (get (siblings[siblings.index (layer) - 1], np.float32) * 255)
        opaque = alpha[..., 0] / 255 if alpha.shape[2] else 1.0
        check (case, 'outside', np.abs (made[..., 0] / 255 - share * opaque).max () <= 1 / 255,
               'alpha of the new layer')
        seen &= made[..., 0] > 0

    good = is_close (colors, wanted, precision)[seen]
    worst = np.abs (colors - wanted)[seen].max ()
    check (case, 'inside', good.all (), f'{1 - good.mean ():.2%} are off, by up to {worst:.2f}')


def run_case (case):
    (colors, model), precision, selection, output = case
    gray = (colors, model) == (1, 'steady-gray')
    base = Gimp.ImageBaseType.GRAY if gray else Gimp.ImageBaseType.RGB
    with opened (exact_picture (colors), getattr (Gimp.Precision, precision)) as (image, first):
        layers = [add_layer (image, exact_picture (colors + 1), 'With alpha'), first]
        share = select (image, selection)
        display = Gimp.Display.new (image)
        whole = state (image)
        before = [raw (layer) for layer in layers]
        if base != image.get_base_type ():
            before = before_in_color (image)

        status, message = call (image, layers, model=model, output=output)
        check (case, 'ran', status == STATUS.SUCCESS, message)
        check (case, 'mode', (image.get_base_type (), image.get_precision ()) == (base, whole[1]))
        for layer, pixels, channels in zip (layers, before, (colors + 1, colors)):
            check_layer (((channels, model), *case[1:]), layer, pixels,
                         by_program (channels, model, selection), share)
        check (case, 'undo', undo (image, whole))
        display.delete ()


def cases ():
    """All cases with $P2P_WHOLE.  Otherwise enough cases that each two values of different lists
    meet."""
    if os.environ.get ('P2P_WHOLE'):
        yield from itertools.product (KINDS, PRECISIONS, SELECTIONS, OUTPUTS)
        return
    for i, kind in enumerate (KINDS):
        for j, precision in enumerate (PRECISIONS):
            yield kind, precision, SELECTIONS[(i + j) % 3], OUTPUTS[(i + j // 3) % 2]


def main ():
    for case in cases ():
        try:
            run_case (case)
        except Exception:
            check (case, 'ran', False, traceback.format_exc ())
    results = [(f'every kind of image, selection and output: {text}', not failures[claim],
                '\n'.join (failures[claim])) for claim, text in CLAIMS.items ()]
    (FOLDER / 'matrix.json').write_text (json.dumps (results))


main ()

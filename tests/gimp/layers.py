# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: which layers output new-layer makes, and that they look like the result of output
in-place.  Each check's docstring is its claim."""

import numpy as np
from gi.repository import Gimp

from helpers import (FOLDER, STATUS, add_layer, close, equal, get, opened, refused,
                     run)
from samples import HEIGHT, WIDTH, hint_picture, picture

LINES = str (FOLDER / 'sketch.safetensors')
MODE = Gimp.LayerMode
PART = 20, 10, 40, 30      # the selection: x, y, width, height
INSIDE = np.s_[10:40, 20:60]


# ---- Drawings ----------------------------------------------------------------------------------

def on_line ():
    """Whether a pixel is on a line: rings of 3 pixels around a point near a corner of the
    picture."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.hypot (x - 70, y - 45).astype (int) % 20 < 3


def drawing (paper=(255, 255, 255), line=(20, 20, 60), light=1.0):
    """A drawing [height, width, 3].  light [height, width] is the brightness of the light on the
    paper."""
    pixels = np.where (on_line ()[..., None], np.array (line), np.array (paper))
    return (pixels * np.broadcast_to (light, (HEIGHT, WIDTH))[..., None]).astype (np.uint8)


def dark_ground ():
    return drawing ((0, 0, 0), (250, 240, 230))


def scan ():
    """A drawing on yellowish paper in uneven light."""
    return drawing ((220, 214, 200), (40, 38, 35), np.linspace (0.65, 1, WIDTH))


def transparent_ink ():
    """Lines with soft edges on transparency."""
    pixels = np.dstack ([drawing (), np.where (on_line (), 255, 0).astype (np.uint8)])
    pixels[np.roll (on_line (), 1, 1) & ~on_line (), 3] = 120
    return pixels


# ---- What is seen ------------------------------------------------------------------------------

def seen (image, dtype=np.uint8):
    """All visible layers merged: [height, width, 4] in 8-bit levels, where transparent pixels are
    0."""
    copy = image.duplicate ()
    merged = copy.merge_visible_layers (Gimp.MergeType.CLIP_TO_IMAGE)
    pixels = get (merged, dtype) / np.iinfo (dtype).max * 255 if dtype != np.float32 \
        else get (merged, dtype) * 255
    if pixels.shape[2] == 3:
        pixels = np.dstack ([pixels, np.full (pixels.shape[:2], 255.0)])
    x, y = merged.get_offsets ()[1:]
    canvas = np.zeros ((image.get_height (), image.get_width (), 4))
    canvas[y:y + pixels.shape[0], x:x + pixels.shape[1]] = pixels
    canvas[canvas[..., 3] == 0] = 0
    copy.delete ()
    return canvas


def select_part (image, feather=0):
    image.select_rectangle (Gimp.ChannelOps.REPLACE, *PART)
    if feather:
        Gimp.Selection.feather (image, feather)


def in_place (pixels, part=False, below=None, feather=0, **arguments):
    """How the image looks after output in-place."""
    with opened (pixels if below is None else below) as (image, layer):
        if below is not None:
            layer = add_layer (image, pixels, 'Drawing')
        if part:
            select_part (image, feather)
        run (image, layer, **arguments)
        return seen (image)


def layers_of (image):
    """The layers from the top: name, mode, whether it is visible."""
    return [(layer.get_name (), layer.get_mode (), layer.get_visible ())
            for layer in image.get_layers ()]


def compare_whole (pixels, expected, model=LINES, tolerance=1, **arguments):
    """Checks which new layers a whole drawing gets, and how the image looks."""
    with opened (pixels) as (image, layer):
        run (image, layer, model=model, output='new-layer', **arguments)
        assert layers_of (image) == expected, layers_of (image)
        equal (get (layer), pixels.astype (float), 'the drawing')
        close (seen (image), in_place (pixels, model=model, **arguments), tolerance, 'what is seen')


# ---- Colors for line art -----------------------------------------------------------------------

def check_clean ():
    """dark lines on white: they multiply a layer Colors, which looks as in place"""
    compare_whole (drawing (), [('Layer', MODE.MULTIPLY, True), ('Colors', MODE.NORMAL, True)])


def check_light ():
    """light lines on black: they are screened over a layer Colors, which looks as in place"""
    compare_whole (dark_ground (), [('Layer', MODE.SCREEN, True), ('Colors', MODE.NORMAL, True)])


def check_scan ():
    """lines on toned paper: a layer Lines replaces the drawing, and looks as in place"""
    compare_whole (scan (), [('Lines', MODE.MULTIPLY, True), ('Layer', MODE.NORMAL, False),
                           ('Colors', MODE.NORMAL, True)])


def check_chalk ():
    """light lines on gray: a layer Lines in mode Screen replaces the drawing"""
    compare_whole (drawing ((64, 64, 64), (230, 230, 230)),
                 [('Lines', MODE.SCREEN, True), ('Layer', MODE.NORMAL, False),
                  ('Colors', MODE.NORMAL, True)])


def check_keep_paper ():
    """keep-paper: the drawing on toned paper itself multiplies, and there is no layer Lines"""
    compare_whole (scan (), [('Layer', MODE.MULTIPLY, True), ('Colors', MODE.NORMAL, True)],
                 **{'keep-paper': True})


def check_transparent ():
    """ink on a transparent layer: Colors below it is opaque, and the image looks as in place"""
    pixels = transparent_ink ()
    compare_whole (pixels, [('Layer', MODE.MULTIPLY, True), ('Colors', MODE.NORMAL, True)])
    with opened (pixels) as (image, layer):
        run (image, layer, model=LINES, output='new-layer')
        assert np.all (get (image.get_layers ()[1])[..., 3] == 255), 'Colors is not opaque'


def check_half ():
    """strength 0.5: the layers look as in place"""
    for pixels in drawing (), dark_ground ():
        with opened (pixels) as (image, layer):
            run (image, layer, model=LINES, output='new-layer', strength=0.5)
            close (seen (image), in_place (pixels, model=LINES, strength=0.5), 1, 'what is seen')


def check_again ():
    """a second run looks as in place, and its colors cover the first run's colors"""
    for pixels in drawing (), dark_ground (), scan ():
        with opened (pixels) as (image, layer):
            hints = add_layer (image, hint_picture (), 'Hints', 30, 20)
            run (image, layer, model=LINES, output='new-layer', hints=hints)
            run (image, layer, model=LINES, output='new-layer')
            close (seen (image), in_place (pixels, model=LINES), 1, str (layers_of (image)))


def check_scan_again ():
    """toned paper: runs on a part and on the whole, in any order, look as in place"""
    for first in False, True:
        for second in False, True:
            with opened (scan ()) as (image, layer):
                hints = add_layer (image, hint_picture (), 'Hints', 30, 20)
                for part, dots in (first, hints), (second, None):
                    Gimp.Selection.none (image)
                    if part:
                        select_part (image)
                    run (image, layer, model=LINES, output='new-layer', hints=dots)
                after, expected = seen (image), in_place (scan (), second, model=LINES)
            where = INSIDE if second else np.s_[:]
            close (after[where], expected[where], 1, f'part {first}, then part {second}')


def check_keep_paper_again ():
    """keep-paper after a run that removed the paper: the paper shows again, as in place"""
    kept = {'model': LINES, 'keep-paper': True}
    with opened (scan ()) as (image, layer):
        run (image, layer, model=LINES, output='new-layer')
        run (image, layer, output='new-layer', **kept)
        close (seen (image), in_place (scan (), **kept), 1, str (layers_of (image)))


def check_selected_scan ():
    """a part of a drawing on toned paper: Colors and Lines are above the drawing, which stays"""
    before = scan ()
    with opened (before) as (image, layer):
        select_part (image)
        run (image, layer, model=LINES, output='new-layer')
        assert layers_of (image) == [('Lines', MODE.MULTIPLY, True), ('Colors', MODE.NORMAL, True),
                                     ('Layer', MODE.NORMAL, True)], layers_of (image)
        equal (get (layer), before, 'the drawing')
        after = seen (image)
    close (after, in_place (before, True, model=LINES), 1, 'what is seen')
    outside = np.ones ((HEIGHT, WIDTH), bool)
    outside[INSIDE] = False
    equal (after[outside][:, :3], before[outside], 'outside')


def check_selected ():
    """a part of a clean drawing looks as in place, and outside nothing changes"""
    outside = np.ones ((HEIGHT, WIDTH), bool)
    outside[INSIDE] = False
    for before in drawing (), dark_ground ():
        with opened (before) as (image, layer):
            select_part (image)
            run (image, layer, model=LINES, output='new-layer')
            after = seen (image)
        close (after, in_place (before, True, model=LINES), 1, 'what is seen')
        equal (after[outside][:, :3], before[outside], 'outside')


def check_selected_over ():
    """a part of a clean drawing over another picture, which stays hidden, also at soft edges"""
    opaque = np.dstack ([drawing (), np.full ((HEIGHT, WIDTH), 255, np.uint8)])
    for before in drawing (), dark_ground (), opaque:
        # GIMP mixes soft edges in linear light, but layers with sRGB's values.
        for feather, tolerance in (0, 1), (8, 6):
            with opened (picture (3)) as (image, _):
                layer = add_layer (image, before, 'Drawing')
                select_part (image, feather)
                run (image, layer, model=LINES, output='new-layer')
                close (seen (image), in_place (before, True, picture (3), feather, model=LINES),
                       tolerance, f'feathered by {feather}')


def check_selected_ink ():
    """a part of ink on a transparent layer over a picture: outside, the picture looks as before"""
    with opened (picture (3)) as (image, _):
        layer = add_layer (image, transparent_ink (), 'Drawing')
        before = seen (image)
        select_part (image)
        run (image, layer, model=LINES, output='new-layer')
        after = seen (image)
    sharp = np.isin (transparent_ink ()[..., 3], (0, 255))
    sharp[INSIDE] = False
    close (after[sharp], before[sharp], 1, 'outside')


def check_parts ():
    """one part after the other: each part keeps its colors"""
    first, second = (10, 5, 30, 50), (50, 5, 30, 50)
    for below in None, picture (3):
        results = []
        for output in 'in-place', 'new-layer':
            with opened (drawing () if below is None else below) as (image, layer):
                if below is not None:
                    layer = add_layer (image, drawing (), 'Drawing')
                for part in first, second:
                    image.select_rectangle (Gimp.ChannelOps.REPLACE, *part)
                    run (image, layer, model=LINES, output=output)
                results.append (seen (image))
        old, new = results
        close (new[5:55, 10:40], old[5:55, 10:40], 1, 'the first part')
        assert len (np.unique (new[5:55, 50:80, 2])) > 5, 'the second part has no colors'


def check_gray ():
    """a gray image becomes an RGB one with Colors below the drawing"""
    before = drawing (line=(20, 20, 20))[..., :1]
    with opened (before) as (image, layer):
        run (image, layer, model=LINES, output='new-layer')
        assert image.get_base_type () == Gimp.ImageBaseType.RGB, image.get_base_type ()
        assert layers_of (image) == [('Layer', MODE.MULTIPLY, True),
                                     ('Colors', MODE.NORMAL, True)], layers_of (image)
        close (seen (image), in_place (before, model=LINES), 1, 'what is seen')


def check_several ():
    """several drawings at once: each gets its own Colors below it, and all are selected again"""
    with opened (drawing ()) as (image, first):
        second = add_layer (image, scan (), 'Scan')
        run (image, first, second, model=LINES, output='new-layer')
        assert layers_of (image) == [
            ('Lines', MODE.MULTIPLY, True), ('Scan', MODE.NORMAL, False),
            ('Colors #1', MODE.NORMAL, True), ('Layer', MODE.MULTIPLY, True),
            ('Colors', MODE.NORMAL, True)], layers_of (image)
        assert set (image.get_selected_layers ()) == {first, second}, image.get_selected_layers ()


def check_group ():
    """a drawing inside a group: Colors is below it in the same group"""
    with opened (picture (3)) as (image, _):
        group = Gimp.GroupLayer.new (image, 'Group')
        image.insert_layer (group, None, 0)
        layer = add_layer (image, drawing (), 'Drawing', parent=group)
        run (image, layer, model=LINES, output='new-layer')
        inside = [(each.get_name (), each.get_mode ()) for each in group.get_children ()]
        assert inside == [('Drawing', MODE.MULTIPLY), ('Colors', MODE.NORMAL)], inside
        close (seen (image), in_place (drawing (), model=LINES), 1, 'what is seen')


def check_precise ():
    """images with 16 bits, floats and linear values: the layers look as in place"""
    for name, dtype in (('U16_NON_LINEAR', np.uint16), ('U16_LINEAR', np.uint16),
                        ('FLOAT_NON_LINEAR', np.float32), ('FLOAT_LINEAR', np.float32),
                        ('HALF_LINEAR', np.float32)):
        for pixels in drawing (), dark_ground (), scan ():
            results = []
            for output in 'in-place', 'new-layer':
                with opened (pixels, getattr (Gimp.Precision, name)) as (image, layer):
                    run (image, layer, model=LINES, output=output)
                    results.append (seen (image, dtype))
            close (results[1], results[0], 1, f'{name}, what is seen')


def check_offset ():
    """a drawing partly outside the image: its layers have the same size and place"""
    pixels = scan ()
    with opened (picture (3)) as (image, _):
        layer = add_layer (image, pixels, 'Drawing', -17, 23)
        run (image, layer, model=LINES, output='new-layer')
        for each in image.get_layers ()[:3]:
            place = (*each.get_offsets ()[1:], each.get_width (), each.get_height ())
            assert place == (-17, 23, WIDTH, HEIGHT), f'{each.get_name ()}: {place}'
        after = seen (image)
    expected = in_place (pixels, model=LINES)
    close (after[23:, :WIDTH - 17], expected[:HEIGHT - 23, 17:], 1, 'what is seen')
    equal (after[:23, :, :3], picture (3)[:23], 'above it')


# ---- Colors alone ------------------------------------------------------------------------------

def check_chroma ():
    """a model that outputs colors alone: its layer in mode LCh Color looks as in place"""
    # Not the strongest colors, since GIMP's Lab has the white point D50 and the model's D65.
    compare_whole (np.repeat (picture (1), 3, 2), [('Layer – Tiny, colors', MODE.LCH_COLOR, True),
                                                   ('Layer', MODE.NORMAL, True)], 'tiny-colors', 2,
                   chroma=0.1)


# ---- Hints -------------------------------------------------------------------------------------

def check_hints_hidden ():
    """a run hides the hints if it makes or changes layers, but not for a new image"""
    for output, visible in ('in-place', False), ('new-layer', False), ('new-image', True):
        with opened (drawing ()) as (image, layer):
            hints = add_layer (image, hint_picture (), 'Hints', 30, 20)
            image.set_selected_layers ([hints])
            run (image, layer, model=LINES, output=output, hints=hints)
            assert hints.get_visible () == visible, f'{output}: {hints.get_visible ()}'
            equal (get (hints), hint_picture ().astype (float), f'{output}: the hints')
            wanted = [layer] if output != 'new-image' else [hints]
            assert image.get_selected_layers () == wanted, f'{output}: {layers_of (image)}'


def check_hints_large ():
    """a hint layer larger than the image works like the part of it that is on the image"""
    large = np.zeros ((HEIGHT + 50, WIDTH + 60, 4), np.uint8)
    large[30:60, 35:70] = 250, 30, 20, 255
    large[:8, :8] = 0, 0, 250, 255
    results = []
    for pixels, x, y in (large, -30, -20), (large[20:20 + HEIGHT, 30:30 + WIDTH], 0, 0):
        with opened (drawing ()) as (image, layer):
            hints = add_layer (image, pixels, 'Hints', x, y)
            run (image, layer, model=LINES, output='new-layer', hints=hints)
            results.append (seen (image))
    equal (*results, 'what is seen')


def check_hints_odd ():
    """hints that are hidden, or in a group chosen as hints, work like plain ones"""
    results = []
    for kind in 'plain', 'hidden', 'group':
        with opened (drawing ()) as (image, layer):
            group = Gimp.GroupLayer.new (image, 'Group')
            image.insert_layer (group, None, 0)
            hints = add_layer (image, hint_picture (), 'Hints', 30, 20,
                               group if kind == 'group' else None)
            hints.set_visible (kind != 'hidden')
            run (image, layer, model=LINES, output='new-layer',
                 hints=group if kind == 'group' else hints)
            results.append (seen (image))
    equal (results[0], results[1], 'hidden')
    equal (results[0], results[2], 'in a group')


def check_hints_elsewhere ():
    """hints outside the drawing: it looks as without hints"""
    with opened (drawing ()) as (image, layer):
        hints = add_layer (image, hint_picture (), 'Hints', WIDTH + 5, 0)
        run (image, layer, model=LINES, output='new-layer', hints=hints)
        close (seen (image), in_place (drawing (), model=LINES), 1, 'what is seen')


def check_hints_gray ():
    """hints in a gray image have no color and are refused"""
    with opened (drawing ()[..., :1]) as (image, layer):
        hints = add_layer (image, hint_picture ()[..., 2:], 'Hints')
        refused (image, layer, STATUS.CALLING_ERROR, 'grayscale', 'Mode ▸ RGB', hints=hints,
                 model=LINES, output='new-layer')


def check_hints_deleted ():
    """hints that were deleted before the call are refused"""
    with opened (drawing ()) as (image, layer):
        hints = add_layer (image, hint_picture (), 'Hints')
        image.remove_layer (hints)
        refused (image, layer, STATUS.CALLING_ERROR, 'hints', hints=hints, model=LINES,
                 output='new-layer')


def check_hints_other_image ():
    """hints of another image work at their place there, and do not change"""
    with opened (drawing ()) as (image, layer):
        own = add_layer (image, hint_picture (), 'Hints', 30, 20)
        run (image, layer, model=LINES, hints=own)
        expected = get (layer)
    with opened (drawing ()) as (image, layer), opened (drawing ()) as (other, _):
        hints = add_layer (other, hint_picture (), 'Hints', 30, 20)
        run (image, layer, model=LINES, output='new-layer', hints=hints)
        close (seen (image)[..., :3], expected, 1, 'what is seen')
        assert hints.get_visible (), 'the hints are hidden'

# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: selections, alpha, the places of layers, precision and color.  Each check's
docstring is its claim.  A check that returns a text is skipped for the reason that the text
gives."""

import numpy as np
from gi.repository import Gimp

from helpers import FOLDER, add_layer, close, equal, get, get_selection, opened, run, translated
from samples import HEIGHT, WIDTH, picture


def check_selection ():
    """a hard selection: outside, each pixel stays bit for bit; inside, pixels change"""
    before = picture (3)
    with opened (before) as (image, layer):
        image.select_rectangle (Gimp.ChannelOps.REPLACE, 20, 10, 40, 30)
        run (image, layer)
        after = get (layer)
    inside = np.zeros ((HEIGHT, WIDTH), bool)
    inside[10:40, 20:60] = True
    equal (after[~inside], before[~inside], 'outside')
    changed = np.mean (np.any (after[inside] != before[inside], 1))
    assert changed > 0.95, f'only {changed:.0%} of the pixels inside changed'


def check_selection_in_place ():
    """with a selection and strength 0, every pixel stays at its place"""
    before = picture (3)
    with opened (before) as (image, layer):
        image.select_rectangle (Gimp.ChannelOps.REPLACE, 37, 21, 30, 17)
        run (image, layer, strength=0.0)
        equal (get (layer), before, 'the layer')


def check_feather ():
    """a feathered selection mixes: the more a pixel is selected, the nearer it is to the result"""
    before = picture (3)
    results = []
    for soft in (True, False):
        with opened (before) as (image, layer):
            image.select_ellipse (Gimp.ChannelOps.REPLACE, 30, 16, 40, 32)
            Gimp.Selection.feather (image, 12)
            mask = get_selection (image)
            bounds = Gimp.Selection.bounds (image)
            if not soft:
                # The same part of the layer, so that the model sees the same.
                image.select_rectangle (Gimp.ChannelOps.REPLACE, bounds.x1, bounds.y1,
                                        bounds.x2 - bounds.x1, bounds.y2 - bounds.y1)
            run (image, layer)
            results.append (get (layer))
    mixed, full = results

    low, high = np.minimum (before, full), np.maximum (before, full)
    assert np.all ((mixed >= low - 1) & (mixed <= high + 1)), 'not between before and after'
    equal (mixed[mask == 0], before[mask == 0], 'unselected')
    equal (mixed[mask == 1], full[mask == 1], 'wholly selected')

    edge = (mask > 0.3) & (mask < 0.7)
    contrast = np.abs (full - before)[edge]
    share = np.abs (mixed - before)[edge][contrast > 40] / contrast[contrast > 40]
    assert 0.25 < np.mean (share) < 0.75, f'the edge has {np.mean (share):.0%} of the result'


def check_alpha ():
    """alpha stays bit for bit, also where it is 0, and the colors under it change"""
    before = picture (4)
    after = translated (before)
    equal (after[..., 3], before[..., 3], 'alpha')
    assert np.mean (after[..., :3] != before[..., :3]) > 0.9, 'the colors have hardly changed'


def check_offsets ():
    """a layer partly outside the image is translated as a whole and stays at its place"""
    expected = translated (picture (3))
    with opened (picture (3, 2)) as (image, _):
        layer = add_layer (image, picture (3), 'Moved', -17, 23)
        run (image, layer)
        equal (get (layer), expected, 'the layer')
        assert layer.get_offsets ()[1:] == (-17, 23), f'it is at {layer.get_offsets ()[1:]}'


def check_selection_offsets ():
    """the selection is relative to the image, also for a layer that is at another place"""
    before = picture (3)
    with opened (picture (3, 2)) as (image, _):
        layer = add_layer (image, before, 'Moved', 30, -20)
        image.select_rectangle (Gimp.ChannelOps.REPLACE, 40, 0, 20, 20)
        run (image, layer)
        changed = np.any (get (layer) != before, 2)
    ys, xs = np.nonzero (changed)
    assert (xs.min (), xs.max (), ys.min (), ys.max ()) == (10, 29, 20, 39), \
        f'changed: x {xs.min ()}–{xs.max ()}, y {ys.min ()}–{ys.max ()}'


def check_nothing_selected ():
    """a selection outside the layer: success, and nothing changes"""
    before = picture (3)
    with opened (picture (3, 2)) as (image, _):
        layer = add_layer (image, before[:20, :20], 'Small')
        image.select_rectangle (Gimp.ChannelOps.REPLACE, 50, 30, 20, 20)
        image.clean_all ()
        run (image, layer)
        equal (get (layer), before[:20, :20], 'the layer')
        assert not image.is_dirty (), 'the image counts as changed'


def check_program ():
    """the result for a whole layer is within one level of the program's for the same picture"""
    reference = FOLDER / 'program.npy'
    if not reference.exists ():
        return 'the program was not built'
    close (translated (picture (3)), np.load (reference).astype (float), 1, 'the layer')


def check_16_bit ():
    """a 16-bit image gives the same picture, with levels between 8-bit levels"""
    before = picture (3)
    with opened (before, Gimp.Precision.U16_NON_LINEAR) as (image, layer):
        run (image, layer)
        after = get (layer, np.uint16)
        assert image.get_precision () == Gimp.Precision.U16_NON_LINEAR, image.get_precision ()
    close (after / 257, translated (before), 0.51, 'in 8-bit levels')
    between = np.mean (after % 257 != 0)
    assert between > 0.9, f'only {between:.0%} of the samples lie between levels of 8 bits'


def check_16_bit_kept ():
    """strength 0 leaves 16-bit samples exactly as they are"""
    before = np.random.RandomState (3).randint (0, 65536, (HEIGHT, WIDTH, 4)).astype (np.uint16)
    with opened (before, Gimp.Precision.U16_NON_LINEAR) as (image, layer):
        run (image, layer, strength=0.0)
        equal (get (layer, np.uint16), before, 'the layer')


def check_linear ():
    """a linear floating point image gives the same picture, because the model sees sRGB"""
    before = picture (3)
    with opened (before, Gimp.Precision.FLOAT_LINEAR) as (image, layer):
        run (image, layer)
        after = get (layer, np.float32)
    close (after * 255, translated (before), 0.51, 'in 8-bit levels')


def check_no_numbers ():
    """NaN and infinity become the mean of their neighbors, and nothing else in the layer changes"""
    broken = (picture (3) / 255).astype (np.float32)
    whole = broken.copy ()
    for x, y, channel, value in (30, 20, 1, np.nan), (50, 31, 0, np.inf), (52, 31, 2, -np.inf):
        around = whole[y - 1:y + 2, x - 1:x + 2, channel].astype (float)
        whole[y, x, channel] = (around.sum () - around[1, 1]) / 8
        broken[y, x, channel] = value
    for model in 'tiny', 'tiny-colors':
        expected = translated (whole, model=model)
        with opened (broken, Gimp.Precision.FLOAT_NON_LINEAR) as (image, layer):
            other = add_layer (image, broken, 'Other')
            run (image, layer, other, model=model)
            close (get (layer, np.float32), expected, 1e-3, f'{model}, the layer')
            close (get (other, np.float32), expected, 1e-3, f'{model}, the other layer')


def check_gray ():
    """a grayscale image becomes an RGB image with the result in color; alpha stays"""
    before = picture (2)
    with opened (before) as (image, layer):
        other = add_layer (image, picture (1, 2), 'Other')
        run (image, layer)
        after = get (layer)
        assert image.get_base_type () == Gimp.ImageBaseType.RGB, image.get_base_type ()
        equal (get (other), np.repeat (picture (1, 2), 3, 2), 'the other layer')
    equal (after[..., 3], before[..., 1], 'alpha')
    colored = np.mean (np.ptp (after[..., :3], 2) > 0)
    assert colored > 0.9, f'only {colored:.0%} of the pixels are colored'
    expected = translated (np.concatenate ([np.repeat (before[..., :1], 3, 2), before[..., 1:]], 2))
    close (after, expected, 1, 'compared with the same picture in an RGB image')


def check_gray_model ():
    """a model that outputs gray leaves a grayscale image grayscale"""
    with opened (picture (1)) as (image, layer):
        run (image, layer, model='tiny-gray')
        assert image.get_base_type () == Gimp.ImageBaseType.GRAY, image.get_base_type ()
        changed = np.mean (get (layer) != picture (1))
        assert changed > 0.9, f'only {changed:.0%} of the pixels changed'

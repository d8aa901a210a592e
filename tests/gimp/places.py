# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: layers of every size and place, what the model sees around a selection, masks and
color profiles.  Each check's docstring is its claim.  A check that returns a text is skipped for
the reason that the text gives."""

import numpy as np
from gi.repository import Gimp

from helpers import FOLDER, add_layer, close, equal, get, opened, put, raw, run, translated
from samples import (HEIGHT, NARROW, WIDTH, exact_picture, narrow_picture, picture,
                     wide_picture)


def large_picture (channels=3):
    return np.concatenate ([np.concatenate ([picture (channels, 10 * y + x) for x in range (4)], 1)
                            for y in range (5)], 0)


def check_surroundings ():
    """a selection of 40×40 in a large layer gives the same pixels as translating the whole layer"""
    before = large_picture ()
    whole = translated (before, model='local')
    with opened (before) as (image, layer):
        image.resize (before.shape[1], before.shape[0], 0, 0)
        image.select_rectangle (Gimp.ChannelOps.REPLACE, 171, 133, 40, 40)
        run (image, layer, model='local')
        after = get (layer)
    close (after[133:173, 171:211], whole[133:173, 171:211], 1, 'inside')
    inside = np.zeros (before.shape[:2], bool)
    inside[133:173, 171:211] = True
    equal (after[~inside], before[~inside], 'outside')
    with opened (before[133:173, 171:211]) as (_, layer):
        run (_, layer, model='local')
        alone = np.abs (get (layer) - whole[133:173, 171:211]).max ()
    assert alone > 10, f'alone the part differs by {alone} only: this tells nothing'


def check_larger ():
    """a layer larger than its image is translated as a whole, or where it is selected"""
    expected = translated (wide_picture ())
    for selected in (False, True):
        with opened (picture (3, 2)) as (image, _):
            layer = add_layer (image, wide_picture (), 'Wide', -50, -20)
            if selected:
                Gimp.Selection.all (image)
            run (image, layer)
            after = get (layer)
            assert layer.get_offsets ()[1:] == (-50, -20), layer.get_offsets ()
        if not selected:
            equal (after, expected, 'the layer')
            continue
        inside = np.zeros (after.shape[:2], bool)
        inside[20:, 50:50 + WIDTH] = True
        equal (after[~inside], wide_picture ()[~inside], 'beyond the image')
        assert np.mean (after[inside] != wide_picture ()[inside]) > 0.9, 'the image has not changed'


def check_narrow ():
    """layers of 1×1, 1×9, 9×1 and 3×5000 pixels give the same as in the program; alpha stays"""
    if not (FOLDER / 'narrow-1x1.npy').exists ():
        return 'the program was not built'
    for width, height in NARROW:
        before = narrow_picture (width, height)
        after = translated (before)
        close (after, np.load (FOLDER / f'narrow-{width}x{height}.npy').astype (float), 1,
               f'{width}×{height}')
        equal (after[..., 3], before[..., 3], f'alpha of {width}×{height}')


def check_one_pixel ():
    """a selection of one pixel changes only that pixel"""
    before = picture (3)
    for x, y in ((0, 0), (50, 30), (WIDTH - 1, HEIGHT - 1)):
        with opened (before) as (image, layer):
            image.select_rectangle (Gimp.ChannelOps.REPLACE, x, y, 1, 1)
            run (image, layer)
            changed = np.argwhere (np.any (get (layer) != before, 2)).tolist ()
        assert changed == [[y, x]], f'{x}, {y}: changed {changed}'


def check_mask ():
    """a layer with a mask is translated as without the mask, and the mask stays"""
    expected = translated (picture (3))
    for output in ('in-place', 'new-layer'):
        with opened (picture (3)) as (image, layer):
            mask = layer.create_mask (Gimp.AddMaskType.WHITE)
            layer.add_mask (mask)
            put (mask, picture (1, 4))
            layer.set_edit_mask (False)
            before = raw (mask)
            run (image, layer, output=output)
            equal (raw (layer.get_mask ()), before, f'{output}: the mask')
            result = layer if output == 'in-place' else image.get_layers ()[0]
            equal (get (result)[..., :3], expected, f'{output}: the layer')


# ---- Color profiles ----------------------------------------------------------------------------

PRECISIONS = [f'{sample}_{curve}' for sample in ('U8', 'U16', 'HALF', 'FLOAT')
              for curve in ('NON_LINEAR', 'LINEAR')]


def profile_bytes (image):
    return bytes (image.get_color_profile ().get_icc_profile ())


def check_wide_gamut ():
    """with a wide-gamut profile the colors are right, also after conversion; the profile stays"""
    for precision in PRECISIONS:
        with opened (picture (3), getattr (Gimp.Precision, precision)) as (image, layer):
            image.set_color_profile (Gimp.ColorProfile.new_rgb_adobe ())
            kept = profile_bytes (image)
            put (layer, exact_picture (3))
            seen = get (layer, np.float32).astype (np.float32)
            expected = translated (seen, model='steady').astype (np.float32)
            right = add_layer (image, expected, 'Right')
            run (image, layer, model='steady')
            assert profile_bytes (image) == kept, f'{precision}: the profile is another'
            if precision.startswith ('U8'):
                close (raw (layer).astype (float), raw (right), 1, precision)
                continue
            close (get (layer, np.float32) * 255, expected * 255, 1, precision)
            srgb = Gimp.ColorProfile.new_rgb_srgb ()
            image.convert_color_profile (
                srgb, Gimp.ColorRenderingIntent.RELATIVE_COLORIMETRIC, False)
            close (get (layer, np.float32) * 255, expected * 255, 1, f'{precision}, converted')


def check_wide_gamut_kept ():
    """strength 0 keeps colors outside sRGB"""
    samples = np.random.RandomState (3).randint (0, 65536, (HEIGHT, WIDTH, 3)).astype (np.uint16)
    with opened (samples, Gimp.Precision.U16_NON_LINEAR) as (image, layer):
        image.set_color_profile (Gimp.ColorProfile.new_rgb_adobe ())
        before = get (layer, np.float32)
        assert before.min () < -0.1 and before.max () > 1.01, 'all colors are in sRGB'
        run (image, layer, strength=0.0)
        close (get (layer, np.float32) * 255, before * 255, 0.5, 'in 8-bit levels')


def check_gray_profile ():
    """in a gray image with a tone curve of its own, the result has the right colors"""
    before = exact_picture (1)
    with opened (before, Gimp.Precision.U16_NON_LINEAR) as (image, layer):
        assert image.set_color_profile (Gimp.ColorProfile.new_d50_gray_lab_trc ())
        put (layer, before)
        run (image, layer, model='steady')
        close (get (layer), translated (before, model='steady'), 1, 'the layer')

# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: what is visible is what is translated, also for layers that GIMP shows differently
from their pixels, and what new layers and images take over.  Each check's docstring is its claim.
A check that returns a text is skipped for the reason that the text gives."""

import numpy as np
from gi.repository import Gimp

from helpers import (STATUS, add_layer, close, equal, get, opened, put, raw, refused, run,
                     translated)
from layers import LINES, drawing, layers_of, seen, select_part, transparent_ink
from samples import HEIGHT, HINT_PLACE, WIDTH, hint_picture, picture

OUTPUTS = 'in-place', 'new-layer', 'new-image'


# ---- Live filters ------------------------------------------------------------------------------

def invert (layer, visible=True):
    """Adds a live filter that shows 255 − each level."""
    live = Gimp.DrawableFilter.new (layer, 'gegl:invert-gamma', 'Invert')
    layer.append_filter (live)
    live.set_visible (visible)


def filters_of (layer):
    return [live.get_visible () for live in layer.get_filters ()]


def negative (pixels):
    """What the filter shows; alpha stays."""
    colors = pixels.shape[2] - 1 if pixels.shape[2] % 2 == 0 else pixels.shape[2]
    return np.dstack ([255 - pixels[..., :colors], pixels[..., colors:]])


def result_of (image, layer, output, others):
    """The layer that holds the result."""
    if output == 'in-place':
        return layer
    if output == 'new-layer':
        return next (each for each in image.get_layers () if each not in (layer, *others))
    return next (other for other in Gimp.get_images ()
                 if other.get_id () not in others).get_layers ()[0]


def run_each (pixels, *, filters=(True,), **arguments):
    """Runs with each output, and yields its name, the layer and the result."""
    for output in OUTPUTS:
        with opened (pixels) as (image, layer):
            for visible in filters:
                invert (layer, visible)
            others = {other.get_id () for other in Gimp.get_images ()}
            run (image, layer, output=output, **arguments)
            result = result_of (image, layer, output,
                                others if output == 'new-image' else ())
            yield output, layer, result
            if output == 'new-image':
                result.get_image ().delete ()


def check_filtered ():
    """a layer with a live filter is translated as it looks, whatever the output"""
    expected = translated (negative (picture (3)))
    for output, layer, result in run_each (picture (3)):
        equal (get (result)[..., :3], expected, output)


def check_filters_stay ():
    """live filters are merged in place, and stay on the layer with other outputs"""
    for output, layer, _ in run_each (picture (3)):
        wanted = [] if output == 'in-place' else [True]
        assert filters_of (layer) == wanted, f'{output}: {filters_of (layer)}'
        if output != 'in-place':
            equal (get (layer), picture (3), f'{output}: the layer’s own pixels')


def check_filters_apart ():
    """merge-filters FALSE: in place, the layer's own pixels are translated below the filters"""
    with opened (picture (3)) as (image, layer):
        invert (layer)
        run (image, layer, **{'merge-filters': False})
        assert filters_of (layer) == [True], filters_of (layer)
        equal (get (layer), translated (picture (3)), 'the layer’s own pixels')
        close (seen (image)[..., :3], negative (translated (picture (3))), 1, 'what is seen')


def check_hidden_filter ():
    """a filter that is switched off changes nothing and stays"""
    expected = translated (picture (3))
    for output, layer, result in run_each (picture (3), filters=(False,)):
        equal (get (result)[..., :3], expected, output)
        assert filters_of (layer) == [False], f'{output}: {filters_of (layer)}'


def check_filtered_part ():
    """a selection of a filtered layer in place: outside, the layer looks as before"""
    with opened (picture (3)) as (image, layer):
        invert (layer)
        before = seen (image)
        select_part (image)
        run (image, layer)
        after = seen (image)
    outside = np.ones ((HEIGHT, WIDTH), bool)
    outside[10:40, 20:60] = False
    close (after[outside], before[outside], 1, 'outside')
    assert np.mean (after[~outside] != before[~outside]) > 0.5, 'inside nothing changed'


def blur_beyond (layer):
    """Adds a live blur that reaches beyond the layer's edges."""
    live = Gimp.DrawableFilter.new (layer, 'gegl:gaussian-blur', 'Blur')
    config = live.get_config ()
    for name, value in (('std-dev-x', 4.0), ('std-dev-y', 4.0), ('clip-extent', False),
                        ('abyss-policy', 'none')):
        config.set_property (name, value)
    layer.append_filter (live)


def check_filter_beyond ():
    """a filter that reaches beyond its layer is translated inside the layer; size and place stay"""
    for output in OUTPUTS:
        with opened (picture (4)) as (image, bottom):
            layer = add_layer (image, picture (3)[:30, :40], 'Small', 20, 15)
            layer.add_alpha ()
            blur_beyond (layer)
            bottom.set_visible (False)
            shown = seen (image)[15:45, 20:60].round ().astype (np.uint8)
            assert shown[0, 0, 3] < 200, 'the blur ends at the edge'
            bottom.set_visible (True)
            others = {other.get_id () for other in Gimp.get_images ()}
            run (image, layer, model='steady', output=output)
            result = result_of (image, layer, output,
                                others if output == 'new-image' else (bottom,))
            place = (*result.get_offsets ()[1:], result.get_width (), result.get_height ())
            assert place == ((0, 0) if output == 'new-image' else (20, 15)) + (40, 30), \
                f'{output}: {place}'
            close (get (result), translated (shown, model='steady'), 4, output)
            if output == 'new-image':
                result.get_image ().delete ()


def check_filtered_alpha ():
    """a filtered gray layer with alpha gives the same as its negative without a filter"""
    pixels = picture (2)
    with opened (negative (pixels)) as (image, layer):
        run (image, layer)
        expected = get (layer)
    with opened (pixels) as (image, layer):
        invert (layer)
        run (image, layer)
        assert filters_of (layer) == [], filters_of (layer)
        equal (get (layer), expected, 'the layer')


def check_filtered_profile ():
    """filters also count in images with another profile and in linear light"""
    for precision in 'U8_NON_LINEAR', 'U16_LINEAR', 'FLOAT_NON_LINEAR':
        with opened (picture (3), getattr (Gimp.Precision, precision)) as (image, layer):
            image.set_color_profile (Gimp.ColorProfile.new_rgb_adobe ())
            put (layer, picture (3))
            plain = layer.copy ()
            image.insert_layer (plain, None, 0)
            invert (plain)
            plain.merge_filters ()
            invert (layer)
            run (image, plain, layer, model='steady')
            close (get (layer), get (plain), 1, precision)


def check_filtered_clean ():
    """translating a filtered layer into a new image does not change the old image"""
    with opened (picture (3)) as (image, layer):
        invert (layer)
        image.clean_all ()
        others = {other.get_id () for other in Gimp.get_images ()}
        run (image, layer, output='new-image')
        made = [other for other in Gimp.get_images () if other.get_id () not in others]
        assert len (made) == 1 and not image.is_dirty (), (len (made), image.is_dirty ())
        made[0].delete ()


def check_filtered_lines ():
    """white lines on black that a filter shows as black on white give the same as black on white"""
    for output in 'in-place', 'new-layer':
        results = []
        for pixels, filtered in (drawing (), False), (negative (drawing ()), True):
            with opened (pixels) as (image, layer):
                if filtered:
                    invert (layer)
                run (image, layer, model=LINES, output=output)
                results.append (seen (image))
        close (*results, 1, output)


def check_filtered_hints ():
    """hints with a live filter have the colors that are visible"""
    results = []
    for filtered in False, True:
        with opened (drawing ()) as (image, layer):
            hints = add_layer (image, negative (hint_picture ()) if filtered else hint_picture (),
                               'Hints', *HINT_PLACE)
            if filtered:
                invert (hints)
            run (image, layer, model=LINES, hints=hints)
            results.append (get (layer))
    close (*results, 1, 'the layer')


# ---- Repeating ---------------------------------------------------------------------------------

def check_original_selected ():
    """output new-layer leaves the original selected, so that Repeat translates it again"""
    for model in 'tiny', 'tiny-colors', LINES:
        with opened (picture (3)) as (image, layer):
            image.set_selected_layers ([layer])
            for _ in range (2):
                run (image, *image.get_selected_layers (), model=model, output='new-layer')
                assert image.get_selected_layers () == [layer], f'{model}: {layers_of (image)}'


# ---- Masks -------------------------------------------------------------------------------------

def add_mask (layer, pixels):
    mask = layer.create_mask (Gimp.AddMaskType.WHITE)
    layer.add_mask (mask)
    put (mask, pixels)
    layer.set_edit_mask (False)
    return mask


def half_mask ():
    """A mask that shows everything on the left and nothing on the right."""
    mask = np.zeros ((HEIGHT, WIDTH, 1), np.uint8)
    mask[:, :WIDTH // 2] = 255
    return mask


def check_mask_copied ():
    """a new layer gets a copy of the layer's mask, which stays, and looks as in place"""
    cases = (picture (3), 'tiny', 1), (drawing (), LINES, 1), (transparent_ink (), LINES, 1)
    for pixels, model, tolerance in cases:
        results = []
        for output in 'in-place', 'new-layer':
            with opened (picture (3, 2)) as (image, _):
                layer = add_layer (image, pixels, 'Masked')
                kept = raw (add_mask (layer, half_mask ()))
                run (image, layer, model=model, output=output)
                equal (raw (layer.get_mask ()), kept, f'{model}, {output}: the mask')
                if output == 'new-layer':
                    new = next (each for each in image.get_layers ()
                                if each.get_name ().startswith (('Masked –', 'Colors')))
                    assert new.get_mask (), f'{model}: there is no mask'
                    equal (raw (new.get_mask ()), kept, f'{model}: the copy')
                    assert not new.get_edit_mask (), 'the mask is what one paints on'
                results.append (seen (image))
        close (*results, tolerance, model)


def check_mask_off ():
    """the copy of a mask that is switched off is switched off too"""
    with opened (picture (3)) as (image, layer):
        add_mask (layer, half_mask ())
        layer.set_apply_mask (False)
        run (image, layer, output='new-layer')
        new = image.get_layers ()[0]
        assert new.get_mask () and not new.get_apply_mask (), 'it is switched on'


# ---- Floating selections -----------------------------------------------------------------------

def make_float (image, layer):
    select_part (image)
    Gimp.Selection.float (image, [layer], 0, 0)
    return image.get_floating_sel ()


def check_floating ():
    """a floating selection is translated in place and into a new image"""
    expected = translated (picture (3)[10:40, 20:60])
    for output in 'in-place', 'new-image':
        with opened (picture (3)) as (image, layer):
            floating = make_float (image, layer)
            others = {other.get_id () for other in Gimp.get_images ()}
            run (image, floating, output=output)
            result = result_of (image, floating, output, others)
            equal (get (result)[..., :3], expected, output)
            if output == 'new-image':
                result.get_image ().delete ()


def check_floating_gray ():
    """a floating selection in a gray image gets color, in place and in a new image"""
    for output in 'in-place', 'new-image':
        with opened (picture (1)) as (image, layer):
            floating = make_float (image, layer)
            others = {other.get_id () for other in Gimp.get_images ()}
            run (image, floating, output=output)
            result = result_of (image, floating, output, others)
            assert np.ptp (get (result)[..., :3], 2).max () > 0, f'{output}: it has no color'
            if output == 'new-image':
                result.get_image ().delete ()


def check_floating_layer ():
    """a new layer beside a floating selection is refused; the message says what to do"""
    with opened (picture (3)) as (image, layer):
        floating = make_float (image, layer)
        refused (image, floating, STATUS.EXECUTION_ERROR, 'floating selection', 'anchor',
                 output='new-layer')


def check_floating_mask ():
    """a floating selection on a mask is refused by that name; the message says what to do"""
    with opened (picture (3)) as (image, layer):
        mask = add_mask (layer, half_mask ())
        Gimp.edit_copy ([mask])
        Gimp.edit_paste (mask, True)
        for output in OUTPUTS:
            refused (image, image.get_floating_sel (), STATUS.EXECUTION_ERROR,
                     'floating selection on a mask', 'anchor', output=output)


# ---- New images --------------------------------------------------------------------------------

def check_image_carried ():
    """a new image has the old one's resolution, unit, comment and profile"""
    with opened (picture (3)) as (image, layer):
        image.set_resolution (150, 75)
        image.set_unit (Gimp.Unit.mm ())
        image.attach_parasite (Gimp.Parasite.new ('gimp-comment', 1, list (b'By hand\0')))
        image.set_color_profile (Gimp.ColorProfile.new_rgb_adobe ())
        others = {other.get_id () for other in Gimp.get_images ()}
        run (image, layer, output='new-image')
        made = result_of (image, layer, 'new-image', others).get_image ()
        assert made.get_resolution ()[1:] == (150, 75), made.get_resolution ()
        assert made.get_unit () == Gimp.Unit.mm (), made.get_unit ().get_name ()
        comment = made.get_parasite ('gimp-comment')
        assert comment and bytes (comment.get_data ()) == b'By hand\0', 'the comment is another'
        assert bytes (made.get_color_profile ().get_icc_profile ()) == \
            bytes (image.get_color_profile ().get_icc_profile ()), 'the profile is another'
        made.delete ()


# ---- Text --------------------------------------------------------------------------------------

def check_text ():
    """a text layer is refused in place; new layer and new image work, and the message says so"""
    fonts = Gimp.fonts_get_list ('')
    if not fonts:
        return 'there are no fonts'
    with opened (picture (3)) as (image, _):
        text = Gimp.TextLayer.new (image, 'pix', fonts[0], 30, Gimp.Unit.pixel ())
        image.insert_layer (text, None, 0)
        before = get (text)
        refused (image, text, STATUS.EXECUTION_ERROR, '“pix”', 'New layer', 'pixels')
        others = {other.get_id () for other in Gimp.get_images ()}
        run (image, text, output='new-layer')
        result = image.get_layers ()[0]
        equal (get (result)[..., 3], before[..., 3], 'alpha')
        assert np.any (get (result) != before), 'nothing changed'
        assert text.get_text () == 'pix', 'the text is gone'
        run (image, text, output='new-image')
        made = result_of (image, text, 'new-image', others)
        equal (get (made), get (result), 'the new image')
        made.get_image ().delete ()
    return None

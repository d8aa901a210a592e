# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: what is seen is what is translated, also of layers that GIMP shows otherwise than
their pixels are, and what goes along into new layers and images.  A docstring is a claim; a check
that returns a text is skipped for that reason."""

import numpy as np
from gi.repository import Gimp

from helpers import (STATUS, add_layer, close, equal, get, opened, put, raw, refused, run,
                     translated)
from layers import LINES, drawing, layers_of, seen, select_part, transparent_ink
from samples import HEIGHT, WIDTH, picture

OUTPUTS = 'in-place', 'new-layer', 'new-image'


def result_of (image, layer, output, others):
    """Where the output is."""
    if output == 'in-place':
        return layer
    if output == 'new-layer':
        return next (each for each in image.get_layers () if each not in (layer, *others))
    return next (other for other in Gimp.get_images ()
                 if other.get_id () not in others).get_layers ()[0]


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
    """All on the left, nothing on the right."""
    mask = np.zeros ((HEIGHT, WIDTH, 1), np.uint8)
    mask[:, :WIDTH // 2] = 255
    return mask


def check_mask_copied ():
    """a new layer has a copy of the layer's mask, which stays, and looks as in place"""
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
    """the copy of a mask that is switched off is so too"""
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
    """a floating selection is translated in place and as a new image"""
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


def check_floating_layer ():
    """a new layer beside a floating selection is refused, with what to do"""
    with opened (picture (3)) as (image, layer):
        floating = make_float (image, layer)
        refused (image, floating, STATUS.EXECUTION_ERROR, 'floating selection', 'anchor',
                 output='new-layer')


def check_floating_mask ():
    """a floating selection on a mask is refused as such, with what to do"""
    with opened (picture (3)) as (image, layer):
        mask = add_mask (layer, half_mask ())
        Gimp.edit_copy ([mask])
        Gimp.edit_paste (mask, True)
        for output in OUTPUTS:
            refused (image, image.get_floating_sel (), STATUS.EXECUTION_ERROR,
                     'floating selection on a mask', 'anchor', output=output)


# ---- New images --------------------------------------------------------------------------------

def check_image_carried ():
    """a new image has the resolution, the unit, the comment and the profile of the old one"""
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
    """a text layer is refused in place, with the way out, and translated as a new layer or image"""
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

# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: what the procedure refuses, with which status and message, and that nothing
changes."""

import re

from gi.repository import Gegl, Gimp

from helpers import (FOLDER, MODELS, STATUS, USER_MODELS, add_layer, call, equal, get, opened,
                     refused, run)
from samples import HEIGHT, WIDTH, picture


def check_group ():
    """a layer group is refused"""
    with opened (picture (3)) as (image, _):
        group = Gimp.GroupLayer.new (image, 'Group')
        image.insert_layer (group, None, 0)
        add_layer (image, picture (3), 'Inside', parent=group)
        for output in ('in-place', 'new-layer'):
            refused (image, group, STATUS.EXECUTION_ERROR, '“Group”', 'layer group', output=output)


def check_locked ():
    """a layer with locked pixels is refused"""
    with opened (picture (3)) as (image, layer):
        layer.set_lock_content (True)
        refused (image, layer, STATUS.EXECUTION_ERROR, '“Layer”', 'locked')


def check_locked_group ():
    """a layer inside a locked group is refused; the message names the group"""
    with opened (picture (3)) as (image, _):
        group = Gimp.GroupLayer.new (image, 'Group')
        image.insert_layer (group, None, 0)
        layer = add_layer (image, picture (3), 'Inside', parent=group)
        group.set_lock_content (True)
        for output in ('in-place', 'new-layer'):
            refused (image, layer, STATUS.EXECUTION_ERROR, '“Group”', 'locked', output=output)


def check_indexed ():
    """an image with indexed colors is refused"""
    with opened (picture (3)) as (image, layer):
        image.convert_indexed (Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16,
                               False, False, '')
        refused (image, layer, STATUS.EXECUTION_ERROR, 'indexed', 'RGB')


def check_not_a_layer ():
    """a channel and a layer mask are refused"""
    with opened (picture (3)) as (image, layer):
        channel = Gimp.Channel.new (image, 'Channel', WIDTH, HEIGHT, 50,
                                    Gegl.Color.new ('black'))
        image.insert_channel (channel, None, 0)
        refused (image, channel, STATUS.EXECUTION_ERROR, '“Channel”', 'only layers')
        mask = layer.create_mask (Gimp.AddMaskType.WHITE)
        layer.add_mask (mask)
        refused (image, mask, STATUS.EXECUTION_ERROR, 'only layers')


def check_one_of_several ():
    """if one of several layers is refused, none is changed"""
    with opened (picture (3)) as (image, first):
        second = add_layer (image, picture (3, 2), 'Second')
        second.set_lock_content (True)
        status, message = call (image, [first, second])
        assert status == STATUS.EXECUTION_ERROR and '“Second”' in message, message
        equal (get (first), picture (3), 'the first layer')


def check_unknown_model ():
    """an unknown model is refused; the message names the known models and where others belong"""
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.CALLING_ERROR, '“nope”', 'tiny', 'user',
                 str (USER_MODELS), model='nope')


def check_unknown_path ():
    """a path where there is no model is refused"""
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.CALLING_ERROR, '/nowhere/x.safetensors',
                 model='/nowhere/x.safetensors')


def check_damaged_model ():
    """a damaged model file is refused"""
    path = FOLDER / 'damaged.safetensors'
    path.write_bytes ((MODELS / 'tiny.safetensors').read_bytes ()[:5000])
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.EXECUTION_ERROR, 'damaged', model=str (path))


def check_bad_scale ():
    """a scale that makes no sense is refused"""
    with opened (picture (3)) as (image, layer):
        for scale in ('large', 'fit:', 'fit:-3', 'fit:12x', 'fit:0'):
            refused (image, layer, STATUS.CALLING_ERROR, scale, scale=scale)


def check_little_memory ():
    """too small a memory budget is refused; the smallest budget that the message names works"""
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.EXECUTION_ERROR, 'at least', '1 MiB may be used', memory=1)
        message = call (image, [layer], memory=1)[1]
        least = int (re.search (r'(\d+) MiB', message).group (1))
        refused (image, layer, STATUS.EXECUTION_ERROR, f'at least {least} MiB', memory=least - 1)
        run (image, layer, memory=least)


def check_small_tiles ():
    """tiles that are too small for the model are refused; the message names the smallest size"""
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.CALLING_ERROR, '10 pixels', '64', tile=10)


def check_no_palette ():
    """snap-labels is refused for a model without a palette"""
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.CALLING_ERROR, 'palette', snap_labels=True)


def check_no_model ():
    """without any model, the message says where models belong"""
    aside = [(folder, folder.with_suffix ('.aside')) for folder in (MODELS, USER_MODELS)]
    for folder, name in aside:
        folder.rename (name)
    try:
        with opened (picture (3)) as (image, layer):
            refused (image, layer, STATUS.CALLING_ERROR, 'No model was found', str (USER_MODELS),
                     model='')
    finally:
        for folder, name in aside:
            name.rename (folder)


def check_no_display ():
    """interactive mode without a display is refused"""
    with opened (picture (3)) as (image, layer):
        refused (image, layer, STATUS.EXECUTION_ERROR, 'display',
                 run_mode=Gimp.RunMode.INTERACTIVE)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: what each argument does.  Each check's docstring is its claim.  A check that returns
a text is skipped for the reason that the text gives."""

import json
import os
import pathlib

import numpy as np
from gi.repository import Babl, Gimp, Gio

from helpers import (FOLDER, STATUS, USER_MODELS, add_layer, close, equal, get, get_selection,
                     opened, refused, run, translated)
from samples import COLORS, HEIGHT, HINT_PLACE, WIDTH, hint_picture, picture, wide_picture


def check_new_layer ():
    """output new-layer: the result is a new layer above, at the same place; the original stays"""
    before = picture (3)
    with opened (picture (3, 2)) as (image, _):
        layer = add_layer (image, before, 'Moved', 5, -9)
        run (image, layer, output='new-layer')
        layers = image.get_layers ()
        assert len (layers) == 3 and layers[1] == layer, [x.get_name () for x in layers]
        new = layers[0]
        equal (get (layer), before, 'the original')
        equal (get (new)[..., :3], translated (before), 'the new layer')
        assert np.all (get (new)[..., 3] == 255), 'it is not opaque'
        assert new.get_offsets ()[1:] == (5, -9), new.get_offsets ()
        assert new.get_mode () == Gimp.LayerMode.NORMAL, new.get_mode ()
        assert new.get_name () == 'Moved – Tiny', new.get_name ()


def check_new_layer_selection ():
    """output new-layer with a selection: transparent outside, soft at the selection's soft edges"""
    with opened (picture (3)) as (image, layer):
        image.select_ellipse (Gimp.ChannelOps.REPLACE, 30, 16, 40, 32)
        Gimp.Selection.feather (image, 10)
        mask = get_selection (image) * 255
        run (image, layer, output='new-layer')
        close (get (image.get_layers ()[0])[..., 3], mask, 1, 'alpha')


def check_new_layer_locked ():
    """output new-layer works above a locked layer, inside its group, in a gray image"""
    with opened (picture (1)) as (image, _):
        group = Gimp.GroupLayer.new (image, 'Group')
        image.insert_layer (group, None, 0)
        layer = add_layer (image, picture (1), 'Locked', parent=group)
        layer.set_lock_content (True)
        run (image, layer, output='new-layer')
        children = group.get_children ()
        assert len (children) == 2 and children[1] == layer, [x.get_name () for x in children]
        assert np.ptp (get (children[0])[..., :3], 2).max () > 0, 'it has no color'


def check_new_image_locked ():
    """output new-image works for a layer inside a locked group: nothing is written there"""
    with opened (picture (3)) as (image, _):
        group = Gimp.GroupLayer.new (image, 'Group')
        image.insert_layer (group, None, 0)
        layer = add_layer (image, picture (3), 'Inside', parent=group)
        group.set_lock_content (True)
        others = {other.get_id () for other in Gimp.get_images ()}
        run (image, layer, output='new-image')
        new, = [found for found in Gimp.get_images () if found.get_id () not in others]
        equal (get (new.get_layers ()[0]), translated (picture (3)), 'new-image')
        new.delete ()


def check_several ():
    """several layers at once: each one gets its own result"""
    with opened (picture (3)) as (image, first):
        second = add_layer (image, picture (3, 2), 'Second')
        run (image, first, second)
        equal (get (first), translated (picture (3)), 'the first')
        equal (get (second), translated (picture (3, 2)), 'the second')


def check_strength ():
    """strength 0.5 is halfway between the picture and the result"""
    before = picture (3)
    half = translated (before, strength=0.5)
    close (half, (before + translated (before)) / 2, 1, 'the layer')


def check_statistics ():
    """statistics running gives another picture than image; model does what the card says"""
    results = {name: translated (picture (3), statistics=name)
               for name in ('model', 'image', 'running')}
    equal (results['model'], results['image'], 'model and image')
    assert np.mean (results['running'] != results['image']) > 0.5, 'running is as image'


def check_noise ():
    """noise: the same seed gives the same picture; another seed and no noise give other pictures"""
    first, again, other = [translated (picture (3), noise=True, seed=seed) for seed in (1, 1, 2)]
    equal (first, again, 'seed 1, twice')
    assert np.mean (first != other) > 0.1, 'seeds 1 and 2 give the same'
    assert np.mean (first != translated (picture (3))) > 0.1, 'it is as without noise'


def check_scale ():
    """scale fit:32 gives a picture of the layer's size that differs from native's"""
    native, small = [translated (picture (3), scale=scale) for scale in ('native', 'fit:32')]
    assert small.shape == native.shape, small.shape
    assert np.mean (small != native) > 0.5, 'it is as native'


def check_chroma ():
    """chroma 0 gives grays as light as the picture; 2 gives stronger colors than 0.5"""
    before = picture (3)
    spread = [np.ptp (translated (before, model='tiny-colors', chroma=chroma), 2)
              for chroma in (0.0, 0.5, 2.0)]
    assert spread[0].max () <= 1, f'not gray: {spread[0].max ()}'
    assert 5 < np.mean (spread[1]) < np.mean (spread[2]), [np.mean (each) for each in spread]


def check_snap_labels ():
    """snap-labels: noisy labels give the same as the palette's own colors"""
    rng = np.random.RandomState (5)
    clean = np.array (COLORS)[rng.randint (0, 4, (HEIGHT // 8, WIDTH // 8))]
    clean = clean.repeat (8, 0).repeat (8, 1)
    noisy = np.clip (clean + rng.randint (-30, 31, clean.shape), 0, 255).astype (np.uint8)
    expected = translated (clean.astype (np.uint8), model='tiny-labels')
    equal (translated (noisy, model='tiny-labels', snap_labels=True), expected, 'the layer')
    assert np.mean (translated (noisy, model='tiny-labels') != expected) > 0.5, \
        'it is the same without'


def check_palettes ():
    """GIMP has the palette of each label model with all colors, and searches their folder"""
    paths = Gimp.gimprc_query ('palette-path').replace ('${gimp_data_dir}',
                                                        Gimp.data_directory ())
    looked = [Gio.File.new_for_path (path).get_path () for path in paths.split (':')]
    Gimp.palettes_refresh ()    # GIMP has not loaded them when it runs tests
    palettes = json.loads ((FOLDER / 'palettes.json').read_text ())
    assert palettes, 'there is none'
    for path, installed in palettes.items ():
        assert installed and os.path.dirname (installed) in looked, f'{path}: {installed}, {looked}'
        _, name, *lines = pathlib.Path (path).read_text ('utf-8').splitlines ()
        wanted = [[int (part) for part in line.split ()[:3]] for line in lines if '\t' in line]
        palette = Gimp.Palette.get_by_name (name.removeprefix ('Name: '))
        assert palette, f'GIMP has no palette “{name}”'
        found = [list (color.get_bytes (Babl.format ("R'G'B' u8")).get_data ())
                 for color in palette.get_colors ()]
        assert found == wanted, f'{found} instead of {wanted}'


def check_tiles ():
    """tile and overlap: tiles give another picture than the whole, as in the program"""
    reference = FOLDER / 'tiles.npy'
    if not reference.exists ():
        return 'the program was not built'
    whole = translated (wide_picture ())
    results = [translated (wide_picture (), tile=64, overlap=overlap) for overlap in (-1, 32)]
    equal (np.array (results), np.load (reference).astype (float), 'tiles')
    assert np.mean (results[0] != results[1]) > 0.1, 'the overlap changes nothing'
    assert np.mean (results[0] != whole) > 0.1, 'tiles change nothing'


def check_hints ():
    """hints: a layer of dots, wherever it is, tells a model that takes hints the colors"""
    reference = FOLDER / 'hints.npy'
    if not reference.exists ():
        return 'the program was not built'
    model = str (FOLDER / 'sketch.safetensors')
    with opened (picture (3)) as (image, layer):
        hints = add_layer (image, hint_picture (), 'Hints', *HINT_PLACE)
        run (image, layer, model=model, hints=hints)
        equal (get (layer), np.load (reference).astype (float), 'the layer')
        equal (get (hints), hint_picture ().astype (float), 'the hints')
    assert np.mean (translated (picture (3), model=model) != np.load (reference)) > 0.1, \
        'the hints change nothing'


def check_alpha ():
    """a model that outputs alpha adds alpha to a layer that has none, in place"""
    reference = FOLDER / 'cutout.npy'
    if not reference.exists ():
        return 'the program was not built'
    with opened (picture (3)) as (image, layer):
        run (image, layer, model=str (FOLDER / 'cutout.safetensors'))
        equal (get (layer), np.load (reference).astype (float), 'the layer')
        assert np.ptp (get (layer)[..., 3]) > 0, 'alpha is the same everywhere'


def check_keep_paper ():
    """keep-paper: the result keeps the tone of the paper; without it the paper becomes white"""
    model, scan = str (FOLDER / 'sketch.safetensors'), np.full ((HEIGHT, WIDTH, 3), 190, np.uint8)
    scan[20:24, 10:80] = 30
    paper = scan.copy ()
    paper[scan[..., 0] == 190] = 255
    cleaned, kept, white = (translated (pixels, model=model, **{'keep-paper': keep})
                            for pixels, keep in ((scan, False), (scan, True), (paper, True)))
    assert np.mean (np.abs (cleaned - kept)) > 1, 'it changes nothing'
    assert np.mean (np.abs (cleaned - white)) < np.mean (np.abs (kept - white)) / 4, \
        'the paper did not become white'


def check_hints_refused ():
    """hints: refused by models that take none; the translated layer cannot be its own hints"""
    with opened (picture (4)) as (image, layer):
        hints = add_layer (image, hint_picture (), 'Hints')
        refused (image, layer, STATUS.CALLING_ERROR, 'takes no color hints', hints=hints)
        refused (image, layer, STATUS.CALLING_ERROR, 'layer of their own', hints=layer,
                 model=str (FOLDER / 'sketch.safetensors'))


def check_first_model ():
    """without a model's name, the first model by title is used"""
    equal (translated (picture (3), model=''), translated (picture (3), model='tiny'), 'the layer')


def check_model_places ():
    """a model is found in the user's folder, and by its path"""
    expected = translated (picture (3), model='user')
    assert np.mean (expected != translated (picture (3))) > 0.5, 'it is the other model'
    path = USER_MODELS / 'user.safetensors'
    equal (translated (picture (3), model=str (path)), expected, 'by its path')

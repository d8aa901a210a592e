# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: moves pictures between arrays and images, and calls the procedure."""

import contextlib
import os
import pathlib

import numpy as np
from gi.repository import Gegl, Gimp

from samples import HEIGHT, WIDTH

FOLDER = pathlib.Path (os.environ['P2P_TEST'])
MODELS = FOLDER / 'profile/plug-ins/pix2pix/models'
USER_MODELS = FOLDER / 'data/pix2pix/models'
STATUS = Gimp.PDBStatusType

FORMATS = {1: "Y'", 2: "Y'A", 3: "R'G'B'", 4: "R'G'B'A"}
TYPES = {np.dtype (np.uint8): 'u8', np.dtype (np.uint16): 'u16', np.dtype (np.float32): 'float'}


def layer_type (channels):
    return {1: Gimp.ImageType.GRAY_IMAGE, 2: Gimp.ImageType.GRAYA_IMAGE,
            3: Gimp.ImageType.RGB_IMAGE, 4: Gimp.ImageType.RGBA_IMAGE}[channels]


def rectangle (drawable):
    return Gegl.Rectangle.new (0, 0, drawable.get_width (), drawable.get_height ())


def get (drawable, dtype=np.uint8):
    """The drawable's pixels [height, width, channels] in sRGB."""
    channels = (1 if drawable.is_gray () else 3) + drawable.has_alpha ()
    dtype = np.dtype (dtype)
    data = drawable.get_buffer ().get (rectangle (drawable), 1.0,
                                       f'{FORMATS[channels]} {TYPES[dtype]}',
                                       Gegl.AbyssPolicy.NONE)
    return np.frombuffer (data, dtype).reshape (drawable.get_height (), drawable.get_width (),
                                                channels).astype (np.float64)


def raw (drawable):
    """The drawable's bytes [height, width, channels, bytes of a sample], as GIMP stores them."""
    data = drawable.get_buffer ().get (rectangle (drawable), 1.0, None, Gegl.AbyssPolicy.NONE)
    channels = (1 if drawable.is_gray () else 3) + drawable.has_alpha ()
    return np.frombuffer (data, np.uint8).reshape (drawable.get_height (), drawable.get_width (),
                                                   channels, -1)


def get_selection (image):
    """How much of each pixel is selected, [image height, image width].  Masks are linear."""
    mask = image.get_selection ()
    data = mask.get_buffer ().get (rectangle (mask), 1.0, 'Y float', Gegl.AbyssPolicy.NONE)
    return np.frombuffer (data, np.float32).reshape (image.get_height (), image.get_width ())


def put (drawable, pixels):
    """Writes pixels, which are sRGB, into the drawable."""
    buffer = drawable.get_buffer ()
    buffer.set (rectangle (drawable), f'{FORMATS[pixels.shape[2]]} {TYPES[pixels.dtype]}',
                np.ascontiguousarray (pixels).tobytes ())
    buffer.flush ()
    drawable.update (0, 0, drawable.get_width (), drawable.get_height ())


def add_layer (image, pixels, name, x=0, y=0, parent=None):
    layer = Gimp.Layer.new (image, name, pixels.shape[1], pixels.shape[0],
                            layer_type (pixels.shape[2]), 100, Gimp.LayerMode.NORMAL)
    image.insert_layer (layer, parent, 0)
    layer.set_offsets (x, y)
    put (layer, pixels)
    return layer


@contextlib.contextmanager
def opened (pixels, precision=Gimp.Precision.U8_NON_LINEAR):
    """An image with one layer, as (image, layer).  It is deleted afterwards."""
    base = Gimp.ImageBaseType.GRAY if pixels.shape[2] < 3 else Gimp.ImageBaseType.RGB
    image = Gimp.Image.new_with_precision (WIDTH, HEIGHT, base, precision)
    try:
        yield image, add_layer (image, pixels, 'Layer')
    finally:
        image.delete ()


# ---- Calls -------------------------------------------------------------------------------------

def call (image, drawables, **arguments):
    """Calls the procedure and returns (status, message)."""
    procedure = Gimp.get_pdb ().lookup_procedure ('plug-in-pix2pix')
    config = procedure.create_config ()
    config.set_property ('run-mode', arguments.pop ('run_mode', Gimp.RunMode.NONINTERACTIVE))
    config.set_property ('image', image)
    config.set_core_object_array ('drawables', drawables)
    config.set_property ('model', arguments.pop ('model', 'tiny'))
    for name, value in arguments.items ():
        config.set_property (name, value)
    result = procedure.run (config)
    return result.index (0), result.index (1) if result.length () > 1 else ''


def run (image, *drawables, **arguments):
    status, message = call (image, list (drawables), **arguments)
    assert status == STATUS.SUCCESS, f'{status}: {message}'


def translated (pixels, **arguments):
    """The translated layer, with 8 bits per sample or as floats, like pixels."""
    precision = Gimp.Precision.FLOAT_NON_LINEAR if pixels.dtype == np.float32 \
        else Gimp.Precision.U8_NON_LINEAR
    with opened (pixels, precision) as (image, layer):
        run (image, layer, **arguments)
        return get (layer, pixels.dtype)


def refused (image, drawable, status, *words, **arguments):
    """Checks that the call fails with that status and a message that contains words, and that
    nothing changes."""
    def state ():
        return (image.get_base_type (), len (image.get_layers ()), image.is_dirty (),
                get (drawable).tobytes () if not drawable.is_indexed () else None)

    image.clean_all ()
    before = state ()
    got, message = call (image, [drawable], **arguments)
    assert got == status, f'{got}: {message}'
    for word in words:
        assert word in message, f'“{word}” is not in “{message}”'
    assert state () == before, 'the image was changed'


def equal (a, b, what):
    assert np.array_equal (a, b), f'{what}: {np.mean (a != b):.1%} of the samples differ'


def close (a, b, tolerance, what):
    worst = np.max (np.abs (a - b))
    assert worst <= tolerance, f'{what}: off by {worst:.3g}, at most {tolerance}'

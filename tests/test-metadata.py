#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: results keep the resolution and the EXIF of their picture, for each pair of formats, as
Pillow writes and reads them.

    test-metadata.py PROGRAM

Without Pillow all tests are skipped.
"""

import itertools

from handmade import write_model
from program import FOLDER, MODELS, Skip, check, run, run_tests

try:
    from PIL import ExifTags, Image
except ImportError:
    Image = None

FORMATS = 'png', 'jpg', 'tif'
MODEL = FOLDER / 'model.safetensors'


def picture ():
    if not Image:
        raise Skip ('Pillow is not installed')
    if not MODEL.exists ():
        write_model (MODEL)
    return Image.radial_gradient ('L').resize ((48, 32)).convert ('RGB')


def translated (path, ending, *options):
    """The result, opened with Pillow."""
    out = FOLDER / f'out.{ending}'
    out.unlink (missing_ok=True)
    run ('apply', '--model', MODEL, path, '-o', out, *options)
    return Image.open (out)


def test_resolution ():
    """the resolution stays, horizontally and vertically, from each format to each"""
    for source, target in itertools.product (FORMATS, FORMATS):
        path = FOLDER / f'in.{source}'
        picture ().save (path, dpi=(300, 150))
        dpi = translated (path, target).info.get ('dpi')
        check (dpi and abs (dpi[0] - 300) < 0.6 and abs (dpi[1] - 150) < 0.6,
               f'{source} to {target}: {dpi}')


def test_untold ():
    """a picture without a resolution gets none"""
    for source in FORMATS:
        path = FOLDER / f'in.{source}'
        picture ().save (path)
        dpi = translated (path, 'png').info.get ('dpi')
        check (dpi is None, f'{source}: {dpi}')


def with_exif (path, orientation=1):
    image = picture ()
    exif = Image.Exif ()
    exif[ExifTags.Base.Artist] = 'Ada'
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd (ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = '2020:02:03 04:05:06'
    exif.get_ifd (ExifTags.IFD.Exif)[ExifTags.Base.ExifImageWidth] = 48
    image.save (path, exif=exif, dpi=(300, 150))


def told (image):
    exif = image.getexif ()
    return (exif.get (ExifTags.Base.Artist),
            exif.get_ifd (ExifTags.IFD.Exif).get (ExifTags.Base.DateTimeOriginal))


def test_exif ():
    """EXIF stays, from each format to each; size and resolution are the result's own"""
    for source, target in itertools.product (FORMATS, FORMATS):
        path = FOLDER / f'in.{source}'
        with_exif (path)
        result = translated (path, target)
        # Pillow 9 writes no date at all, and Pillow 11 writes none into a TIFF.
        with Image.open (path) as image:
            wanted = told (image)
        check (wanted in (('Ada', None), ('Ada', '2020:02:03 04:05:06')), wanted)
        check (told (result) == wanted, f'{source} to {target}: {told (result)}')
        check (result.size == (48, 32) and abs (result.info['dpi'][0] - 300) < 0.6,
               f'{source} to {target}: {result.size}, {result.info}')
        result.load ()


def test_upright ():
    """a result is upright, and its EXIF does not ask to rotate it"""
    for target in FORMATS:
        path = FOLDER / 'in.jpg'
        with_exif (path, 6)
        result = translated (path, target)
        check (result.size == (32, 48), result.size)
        check (result.getexif ().get (ExifTags.Base.Orientation, 1) == 1, dict (result.getexif ()))
        check (abs (result.info['dpi'][0] - 150) < 0.6, result.info)


def test_pixels ():
    """the pixels are the same as those of a picture without metadata"""
    bare, path = FOLDER / 'bare.png', FOLDER / 'in.png'
    picture ().save (bare)
    with_exif (path)
    for target in 'png', 'tif':
        wanted = translated (bare, target).tobytes ()
        check (translated (path, target).tobytes () == wanted, target)


run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: TIFF files of many kinds that ImageMagick writes and reads have the samples of the PNG that
they were made from.

    test-tiff.py LOAD

Without ImageMagick 7 all tests are skipped.
"""

import random
import shutil
import struct
import subprocess

from handmade import write_png_rows
from program import FOLDER, PROGRAM, Skip, check, run_tests

WIDTH, HEIGHT = 83, 47
CHANNELS = {0: 1, 4: 2, 2: 3, 6: 4}     # PNG's color type → number of channels


def magick (*words):
    version = shutil.which ('convert') and subprocess.run (
        ['convert', '-version'], capture_output=True, text=True, check=False).stdout
    if 'Version: ImageMagick 7' not in (version or ''):
        raise Skip ('ImageMagick 7 is not installed')
    done = subprocess.run (['convert', *map (str, words)], capture_output=True, text=True,
                           check=False)
    check (done.returncode == 0, f'{words}: {done.stderr}')


def load (*paths):
    """Width, height, channels and bits of the picture that the core loads, and its samples."""
    done = subprocess.run ([PROGRAM, *paths], capture_output=True, check=False)
    check (done.returncode == 0, done.stderr)
    if len (paths) > 1:
        return None
    line, data = done.stdout.split (b'\n', 1)
    return [int (word) for word in line.split ()], struct.unpack (f'{len (data) // 4}f', data)


def write_sample (bits, kind, colors=None):
    """Writes a PNG of random samples.  Alpha is about half or full, if there is any."""
    generator, channels = random.Random (5), CHANNELS[kind]
    top = 2 ** bits - 1
    pixels = [[generator.randrange (top + 1) if colors is None else
               generator.randrange (colors) * (top // (colors - 1)) for _ in range (channels)]
              for _ in range (WIDTH * HEIGHT)]
    for pixel in pixels:
        if channels % 2 == 0:
            pixel[-1] = generator.choice ((top // 5 * 2, top))
    row = 'H' if bits == 16 else 'B'
    rows = b''.join (b'\0' + struct.pack (f'>{WIDTH * channels}{row}',
                                          *sum (pixels[y * WIDTH:(y + 1) * WIDTH], []))
                     for y in range (HEIGHT))
    path = FOLDER / 'sample.png'
    write_png_rows (path, WIDTH, HEIGHT, rows, bits, kind)
    return path


def compare (found, wanted, tolerance, what):
    check (found[0][:3] == wanted[0][:3], f'{what}: {found[0]} instead of {wanted[0]}')
    worst = max (abs (a - b) for a, b in zip (found[1], wanted[1]))
    check (worst <= tolerance, f'{what}: off by {worst}')


def reads (bits, kind, *options, tolerance=1e-6, depth=None, prefix='', **more):
    """Checks that the TIFF that ImageMagick makes from a sample with these options loads as that
    sample."""
    sample, path = write_sample (bits, kind, **more), FOLDER / 'in.tif'
    magick (sample, *options, f'{prefix}{path}')
    found = load (path)
    compare (found, load (sample), tolerance, f'{bits} bits, type {kind}, {options}')
    check (found[0][3] == (depth or bits), f'{options}: {found[0][3]} bits')


def test_depths ():
    """gray and color, with and without alpha, 8 and 16 bits, either byte order"""
    for bits in 8, 16:
        for kind in CHANNELS:
            for order in 'LSB', 'MSB':
                reads (bits, kind, '-depth', bits, '-endian', order, '-define',
                       'tiff:alpha=unassociated')


def test_floats ():
    """floating point with 16, 32 and 64 bits"""
    for bits, tolerance in (16, 5e-4), (32, 1e-6), (64, 1e-6):
        reads (16, 2, '-define', 'quantum:format=floating-point', '-depth', bits, depth=32,
               tolerance=tolerance)


def test_arrangements ():
    """strips and tiles, interleaved and separate channels, all compressions, 64-bit offsets"""
    for options in (['-define', 'tiff:tile-geometry=32x16'], ['-interlace', 'plane'],
                    ['-interlace', 'plane', '-define', 'tiff:tile-geometry=16x32'],
                    ['-define', 'tiff:rows-per-strip=5'], ['-compress', 'LZW'],
                    ['-compress', 'Zip'], ['-compress', 'RLE']):
        for kind in 0, 2, 6:
            reads (8, kind, *options, '-define', 'tiff:alpha=unassociated')
            reads (16, kind, *options, '-define', 'tiff:alpha=unassociated')
    reads (8, 2, prefix='TIFF64:')


def retold (bits, kind, tag, before, after):
    """A plain TIFF of a sample in which the value of a tag with one short is changed."""
    sample, path = write_sample (bits, kind), FOLDER / 'in.tif'
    magick (sample, '-compress', 'None', '-endian', 'LSB', '-define', 'tiff:alpha=unassociated',
            path)
    data, entry = path.read_bytes (), struct.pack ('<HHIHH', tag, 3, 1, before, 0)
    check (data.count (entry) == 1, f'tag {tag} is not found')
    path.write_bytes (data.replace (entry, struct.pack ('<HHIHH', tag, 3, 1, after, 0)))
    return path, *load (sample)


def test_associated ():
    """colors that are multiplied by alpha are divided by it, and never exceed alpha"""
    for bits in 8, 16:
        path, size, values = retold (bits, 6, 338, 2, 1)
        wanted = [min (value, alpha) / alpha if i < 3 else alpha
                  for at in range (0, len (values), 4) for alpha in values[at + 3:at + 4]
                  for i, value in enumerate (values[at:at + 4])]
        compare (load (path), (size, wanted), 1e-6, f'{bits} bits')


def test_white ():
    """gray in which zero is white"""
    path, size, values = retold (8, 0, 262, 1, 0)
    compare (load (path), (size, [1 - value for value in values]), 1e-6, 'white is zero')


def test_palette ():
    """a palette loads as RGB"""
    sample, path = write_sample (8, 2, colors=4), FOLDER / 'in.tif'
    magick (sample, '-type', 'Palette', path)
    compare (load (path), load (sample), 1e-6, 'palette')


def test_turned ():
    """each orientation is turned upright, as in a PNG"""
    sample, path = write_sample (8, 2), FOLDER / 'in.tif'
    for name in ('TopRight', 'BottomRight', 'BottomLeft', 'LeftTop', 'RightTop', 'RightBottom',
                 'LeftBottom'):
        upright = FOLDER / 'upright.png'
        magick (sample, '-orient', name, path)
        magick (sample, '-orient', name, '-auto-orient', upright)
        compare (load (path), load (upright), 1e-6, name)


def test_write ():
    """ImageMagick reads what the core writes with the same samples, bits and alpha"""
    for bits in 8, 16:
        for kind in CHANNELS:
            sample, path, back = write_sample (bits, kind), FOLDER / 'out.tif', FOLDER / 'back.png'
            load (sample, path)
            magick (path, f'PNG{8 * CHANNELS[kind]}:{back}' if CHANNELS[kind] > 2 and bits == 8
                    else back)
            compare (load (back), load (sample), 1e-6, f'{bits} bits, type {kind}')


def test_write_floats ():
    """floating point stays floating point, also below 0 and above 1"""
    try:
        import numpy as np
        from PIL import Image
    except ImportError as missing:
        raise Skip (f'{missing.name} for Python is not installed') from None
    values = np.linspace (-0.5, 1.5, 48, dtype=np.float32).reshape (6, 8)
    first, second = FOLDER / 'first.tif', FOLDER / 'second.tif'
    Image.fromarray (values).save (first)
    load (first, second)
    check (np.array_equal (np.asarray (Image.open (second)), values), 'other values')
    check (load (second) == ([8, 6, 1, 32, 0], tuple (values.flat)), load (second))


run_tests (globals ())

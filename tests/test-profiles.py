#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: colors are the same as in ArgyllCMS and Pillow, two programs that share no code with ours.
test-profiles.py LOAD

Tests that need ArgyllCMS's xicclu or Pillow are skipped without it.
"""

import io
import pathlib
import random
import shutil
import struct
import subprocess
import zlib

import numpy

from handmade import (ADOBE, read_chunks, read_samples, write_png_rows, write_profile,
                      write_table_profile)
from program import FOLDER, PROGRAM, Skip, check, run_tests

SYSTEM = pathlib.Path ('/usr/share/color')
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
BT2020 = ((0.67346, 0.27903, -0.00193), (0.16566, 0.67534, 0.02998), (0.12505, 0.04561, 0.79686))


def decode (value):
    """IEC 61966-2-1"""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encode (light):
    """The inverse of decode (), mirrored at zero."""
    size = abs (light)
    size = 12.92 * size if size <= 0.0031308 else 1.055 * size ** (1 / 2.4) - 0.055
    return size if light >= 0 else -size


# xicclu needs profiles of version 2, which have no parametric curves.
SRGB_CURVE = b'curv\0\0\0\0' + struct.pack ('>I4096H', 4096, *(
    round (decode (i / 4095) * 65535) for i in range (4096)))
PROFILES = {'adobe': write_profile (*ADOBE), 'p3': write_profile (P3, SRGB_CURVE),
            'bt2020': write_profile (BT2020, SRGB_CURVE),
            'steps': write_profile (P3, b'curv\0\0\0\0\0\0\0\4\0\0\x10\0\x50\0\xff\xff')}
GRAY = write_profile ((), ADOBE[1], b'GRAY')



def xyz_to_srgb ():
    """The matrix from XYZ for D50 to linear light in sRGB's red, green and blue (ICC.1:2022, annex
    E)."""
    bradford = numpy.array (((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367),
                             (0.0389, -0.0685, 1.0296)))
    white, *primaries = [numpy.array ((x / y, 1, (1 - x - y) / y)) for x, y in (
        (0.3127, 0.3290), (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))]
    scale = bradford @ (0.9642, 1, 0.8249) / (bradford @ white)
    columns = numpy.array (primaries).T
    columns = columns * numpy.linalg.solve (columns, white)
    return numpy.linalg.inv (numpy.linalg.inv (bradford) @ numpy.diag (scale) @ bradford @ columns)


TO_SRGB = xyz_to_srgb ().tolist ()


def to_srgb (profile, values, channels=3):
    """sRGB of samples from 0 to 1, not clipped."""
    if not shutil.which ('xicclu'):
        raise Skip ('there is no xicclu of ArgyllCMS')
    path = FOLDER / 'profile.icc'
    path.write_bytes (profile)
    lines = ''.join (' '.join (f'{value:.9f}' for value in values[i:i + channels]) + '\n'
                     for i in range (0, len (values), channels))
    done = subprocess.run (['xicclu', '-v0', '-ff', '-ir', '-px', path], input=lines.encode (),
                           capture_output=True)
    if done.returncode:
        raise Skip (f'xicclu does not read the profile: {done.stderr}')
    return [encode (sum (a * float (b) for a, b in zip (row, line.split ())))
            for line in done.stdout.splitlines () for row in TO_SRGB]


def load (path):
    """The floats that the core reads from a picture."""
    done = subprocess.run ([PROGRAM, path], capture_output=True)
    check (done.returncode == 0, done.stderr)
    line, data = done.stdout.split (b'\n', 1)
    return [int (word) for word in line.split ()], struct.unpack (f'{len (data) // 4}f', data)


def iccp (profile):
    return b'iCCP', b'name\0\0' + zlib.compress (profile)


def write_random (path, profile, channels, side=48):
    """Writes a PNG with 16 bits, with random colors and all corners of the color space."""
    generator = random.Random (3)
    samples = [generator.choice ((0, 65535, generator.randrange (65536)))
               for _ in range (side * side * channels)]
    row = side * channels
    rows = b''.join (b'\0' + struct.pack (f'>{row}H', *samples[y * row:(y + 1) * row])
                     for y in range (side))
    write_png_rows (path, side, side, rows, 16, 2 if channels == 3 else 0, [iccp (profile)])
    return samples


def compare (profile, channels=3):
    """The largest difference in sRGB between the core's colors and ArgyllCMS's."""
    path = FOLDER / 'random.png'
    samples = write_random (path, profile, channels)
    expected = to_srgb (profile, [sample / 65535 for sample in samples], channels)
    _, found = load (path)
    if channels == 1:
        expected = expected[::3]
    return max (abs (a - b) for a, b in zip (expected, found))


def test_profiles ():
    """handmade profiles, wider than sRGB: the same colors as ArgyllCMS within 1/2000"""
    for name, profile in PROFILES.items ():
        worst = compare (profile)
        print (f'# {name}: {worst:.2g}')
        check (worst < 0.0005, f'{name}: {worst}')


def test_gray ():
    """a gray profile: the same within 1/2000"""
    worst = compare (GRAY, 1)
    print (f'# {worst:.2g}')
    check (worst < 0.0005, worst)


def test_table ():
    """a profile with tables that give Lab: the same within 1/2000"""
    worst = compare (write_table_profile ())
    print (f'# {worst:.2g}')
    check (worst < 0.0005, worst)


def test_system ():
    """this system's profiles: the same colors within 1/255"""
    paths = [path for path in sorted (SYSTEM.rglob ('*.ic[cm]'))
             if path.read_bytes ()[16:20] in (b'RGB ', b'GRAY')]
    n_read = 0
    for path in paths:
        profile = path.read_bytes ()
        try:
            worst = compare (profile, 1 if profile[16:20] == b'GRAY' else 3)
        except Skip as problem:
            print (f'# {path.name}: {problem}')
            continue
        n_read += 1
        print (f'# {path.name}: {worst:.2g}')
        check (worst < 1 / 255, f'{path.name}: {worst}')
    if not n_read:
        raise Skip (f'there are none in {SYSTEM}')


def test_cmyk_jpeg ():
    """a CMYK JPEG with a profile loads as sRGB, and reports that the profile was ignored"""
    try:
        from PIL import Image
    except ImportError:
        raise Skip ('there is no Pillow') from None
    path = FOLDER / 'cmyk.jpg'
    picture = Image.new ('CMYK', (16, 16), (0, 255, 255, 0))
    profile = bytearray (write_profile (*ADOBE))
    profile[16:20] = b'CMYK'
    for kept in None, bytes (profile):
        picture.save (path, quality=95, **({'icc_profile': kept} if kept else {}))
        told, pixels = load (path)
        check (told[:2] == [16, 16] and told[4] == bool (kept), told)
        check (pixels[0] > 0.9 and pixels[1] < 0.1 and pixels[2] < 0.1, pixels[:3])


def test_jpeg ():
    """a JPEG with a profile has the colors of a PNG of its pixels; our JPEG keeps the profile"""
    try:
        from PIL import Image
    except ImportError:
        raise Skip ('there is no Pillow') from None
    for name, profile in PROFILES.items ():
        picture = Image.new ('RGB', (64, 48))
        picture.putdata ([(4 * x, 5 * y, 255 - 2 * (x + y)) for y in range (48)
                          for x in range (64)])
        path, png, out = FOLDER / 'pillow.jpg', FOLDER / 'pillow.png', FOLDER / 'ours.jpg'
        picture.save (path, quality=95, icc_profile=profile, progressive=name == 'p3')
        seen = Image.open (path)
        seen.save (png, icc_profile=profile)
        # Decoders differ by some levels in some of the samples.
        apart = [abs (a - b) for a, b in zip (load (path)[1], load (png)[1])]
        check (max (apart) < 0.1 and sum (apart) / len (apart) < 0.002,
               f'{name}: {max (apart)}, {sum (apart) / len (apart)}')

        subprocess.run ([PROGRAM, path, out], check=True)
        ours = Image.open (out)
        check (ours.info.get ('icc_profile') == profile, f'{name}: another profile, or none')
        worst = max (abs (a - b) for left, right in zip (seen.getdata (), ours.getdata ())
                     for a, b in zip (left, right))
        check (worst < 24, f'{name}: {worst} levels')


def random_colors (side=32):
    from PIL import Image
    generator, picture = random.Random (4), Image.new ('RGB', (side, side))
    picture.putdata ([tuple (generator.randrange (256) for _ in range (3))
                      for _ in range (side * side)])
    return picture


def test_webp ():
    """a WebP with a profile has the colors of the same PNG, also those outside sRGB"""
    try:
        from PIL import features
    except ImportError:
        raise Skip ('there is no Pillow') from None
    if not features.check ('webp'):
        raise Skip ('Pillow does not write WebP')
    webp, png = FOLDER / 'pillow.webp', FOLDER / 'pillow.png'
    random_colors ().save (webp, lossless=True, icc_profile=PROFILES['bt2020'])
    random_colors ().save (png, icc_profile=PROFILES['bt2020'])
    done = subprocess.run ([PROGRAM, webp], capture_output=True, text=True, errors='replace')
    if 'loader for WebP is missing' in done.stderr:
        raise Skip ('gdk-pixbuf has no loader for WebP here')
    _, found = load (webp)
    check (found == load (png)[1] and min (found) < 0, 'other colors')


def test_parts ():
    """a profile that a JPEG stores in three parts is put together"""
    try:
        from PIL import Image
    except ImportError:
        raise Skip ('there is no Pillow') from None
    large, path = PROFILES['p3'] + bytes (150000), FOLDER / 'parts.jpg'
    large = struct.pack ('>I', len (large)) + large[4:]
    random_colors ().save (path, icc_profile=large)
    check (path.read_bytes ().count (b'ICC_PROFILE\0') == 3, 'it is not in three parts')
    subprocess.run ([PROGRAM, path, FOLDER / 'parts.png'], check=True)
    check (Image.open (FOLDER / 'parts.png').info['icc_profile'] == large, 'another profile')


def test_filled ():
    """a profile is found after fill bytes before its marker"""
    try:
        from PIL import Image
    except ImportError:
        raise Skip ('there is no Pillow') from None
    path, out = FOLDER / 'filled.jpg', FOLDER / 'filled.png'
    random_colors ().save (path, icc_profile=PROFILES['p3'])
    data = path.read_bytes ()
    check (data.count (b'\xff\xe2') == 1, 'there is another segment')
    path.write_bytes (data.replace (b'\xff\xe2', b'\xff\xff\xff\xe2'))
    subprocess.run ([PROGRAM, path, out], check=True)
    check (Image.open (out).info.get ('icc_profile') == PROFILES['p3'], 'another profile, or none')


def test_png ():
    """Pillow opens what the core saves, with the profile; 16 bits stay as they were"""
    path, out = FOLDER / 'in.png', FOLDER / 'out.png'
    for name, profile in PROFILES.items ():
        write_random (path, profile, 3)
        subprocess.run ([PROGRAM, path, out], check=True)
        packed = dict (read_chunks (out))[b'iCCP'].split (b'\0', 1)[1][1:]
        check (zlib.decompress (packed) == profile, f'{name}: another profile')
        check (read_samples (out)[:4] == (48, 48, 16, 3), read_samples (out)[:4])
    try:
        from PIL import Image
    except ImportError:
        return
    check (Image.open (io.BytesIO (out.read_bytes ())).info['icc_profile'] == profile,
           'Pillow finds another profile')


run_tests (globals ())

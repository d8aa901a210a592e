#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: colours as Little CMS and Pillow see them, two programs that are not ours.
test-lcms.py LOAD

Without Little CMS's library, or without Pillow, what needs it is skipped.
"""

import ctypes
import ctypes.util
import io
import pathlib
import random
import struct
import subprocess
import zlib

from handmade import ADOBE, read_chunks, read_samples, write_png_rows, write_profile
from program import FOLDER, PROGRAM, Skip, check, run_tests

SYSTEM = pathlib.Path ('/usr/share/color/icc')
SRGB_CURVE = b'para\0\0\0\0\0\3\0\0' + struct.pack (
    '>5i', *(round (value * 65536) for value in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92,
                                                 0.04045)))
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
BT2020 = ((0.67346, 0.27903, -0.00193), (0.16566, 0.67534, 0.02998), (0.12505, 0.04561, 0.79686))
PROFILES = {'adobe': write_profile (*ADOBE), 'p3': write_profile (P3, SRGB_CURVE),
            'bt2020': write_profile (BT2020, SRGB_CURVE),
            'steps': write_profile (P3, b'curv\0\0\0\0\0\0\0\4\0\0\x10\0\x50\0\xff\xff')}
GRAY = write_profile ((), ADOBE[1], b'GRAY')


def load_lcms ():
    name = ctypes.util.find_library ('lcms2')
    if not name:
        raise Skip ('there is no Little CMS')
    lcms = ctypes.CDLL (name)
    for function in 'cmsOpenProfileFromMem', 'cmsCreate_sRGBProfile', 'cmsCreateTransform':
        getattr (lcms, function).restype = ctypes.c_void_p
    return lcms


# Its words for pixels of double: bits of "float", of the colour space, the number of channels.
GRAY_DBL = 1 << 22 | 3 << 16 | 1 << 3
RGB_DBL = 1 << 22 | 4 << 16 | 3 << 3
RELATIVE, UNOPTIMISED = 1, 0x100


def to_srgb (profile, values, channels=3):
    """sRGB of samples 0 to 1, not clipped."""
    lcms = load_lcms ()
    source = lcms.cmsOpenProfileFromMem (profile, len (profile))
    check (source, 'Little CMS does not read the profile')
    transform = lcms.cmsCreateTransform (
        ctypes.c_void_p (source), GRAY_DBL if channels == 1 else RGB_DBL,
        ctypes.c_void_p (lcms.cmsCreate_sRGBProfile ()), RGB_DBL, RELATIVE, UNOPTIMISED)
    check (transform, 'Little CMS does not convert')
    n = len (values) // channels
    given, taken = (ctypes.c_double * len (values)) (*values), (ctypes.c_double * (3 * n)) ()
    lcms.cmsDoTransform (ctypes.c_void_p (transform), given, taken, n)
    return [continued (value) for value in taken]


def continued (value):
    """Below zero, Little CMS goes on along the straight part of sRGB's curve; we mirror it all."""
    light = -value / 12.92
    if light <= 0.0031308:
        return value
    return 0.055 - 1.055 * light ** (1 / 2.4)


def load (path):
    """The floats that the core makes of a picture."""
    done = subprocess.run ([PROGRAM, path], capture_output=True)
    check (done.returncode == 0, done.stderr)
    line, data = done.stdout.split (b'\n', 1)
    return [int (word) for word in line.split ()], struct.unpack (f'{len (data) // 4}f', data)


def iccp (profile):
    return b'iCCP', b'name\0\0' + zlib.compress (profile)


def write_random (path, profile, channels, side=48):
    """A PNG of 16 bits with random colours and all corners of the colour space."""
    generator = random.Random (3)
    samples = [generator.choice ((0, 65535, generator.randrange (65536)))
               for _ in range (side * side * channels)]
    row = side * channels
    rows = b''.join (b'\0' + struct.pack (f'>{row}H', *samples[y * row:(y + 1) * row])
                     for y in range (side))
    write_png_rows (path, side, side, rows, 16, 2 if channels == 3 else 0, [iccp (profile)])
    return samples


def compare (profile, channels=3):
    """The largest difference in sRGB between the core's colours and Little CMS's."""
    path = FOLDER / 'random.png'
    samples = write_random (path, profile, channels)
    expected = to_srgb (profile, [sample / 65535 for sample in samples], channels)
    _, found = load (path)
    if channels == 1:
        expected = expected[::3]
    return max (abs (a - b) for a, b in zip (expected, found))


def test_profiles ():
    """handmade profiles, wider than sRGB: the colours are those of Little CMS within 1/2000"""
    for name, profile in PROFILES.items ():
        worst = compare (profile)
        print (f'# {name}: {worst:.2g}')
        check (worst < 0.0005, f'{name}: {worst}')


def test_gray ():
    """a gray profile: within 1/2000"""
    worst = compare (GRAY, 1)
    print (f'# {worst:.2g}')
    check (worst < 0.0005, worst)


def test_system ():
    """this system's profiles: the same colours within 1/255, or an error for those of tables"""
    paths = [path for path in sorted (SYSTEM.rglob ('*.ic[cm]'))
             if path.read_bytes ()[16:20] in (b'RGB ', b'GRAY')]
    if not paths:
        raise Skip (f'there are none in {SYSTEM}')
    n_read = 0
    for path in paths:
        profile = path.read_bytes ()
        channels = 1 if profile[16:20] == b'GRAY' else 3
        try:
            worst = compare (profile, channels)
        except AssertionError as error:
            print (f'# {path.name}: {error}')
            check ('convert the picture' in str (error), error)
            continue
        n_read += 1
        print (f'# {path.name}: {worst:.2g}')
        check (worst < 1 / 255, f'{path.name}: {worst}')
    check (n_read > 0, 'not one was read')


def test_jpeg ():
    """a JPEG with a profile, by Pillow: its colours; and ours, with the same profile, by Pillow"""
    try:
        from PIL import Image
    except ImportError:
        raise Skip ('there is no Pillow') from None
    for name, profile in PROFILES.items ():
        picture = Image.new ('RGB', (64, 48))
        picture.putdata ([(4 * x, 5 * y, 255 - 2 * (x + y)) for y in range (48)
                          for x in range (64)])
        path, out = FOLDER / 'pillow.jpg', FOLDER / 'ours.jpg'
        picture.save (path, quality=95, icc_profile=profile, progressive=name == 'p3')
        seen = Image.open (path)
        expected = to_srgb (profile, [value / 255 for pixel in seen.getdata () for value in pixel])
        _, found = load (path)
        worst = max (abs (a - b) for a, b in zip (expected, found))
        check (worst < 0.0005, f'{name}: {worst}')

        subprocess.run ([PROGRAM, path, out], check=True)
        ours = Image.open (out)
        check (ours.info.get ('icc_profile') == profile, f'{name}: another profile, or none')
        worst = max (abs (a - b) for left, right in zip (seen.getdata (), ours.getdata ())
                     for a, b in zip (left, right))
        check (worst < 24, f'{name}: {worst} levels')


def test_png ():
    """what the core saves, Pillow opens with the profile; 16 bits stay as they were"""
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

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix apply` and its files: what is kept of a picture, folders, pipes, and places that
cannot be written.  test-cli-apply.py PROGRAM

Needs nothing but Python: models and pictures are made byte by byte.
"""

import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import zlib

from handmade import (ADOBE, read_chunks, read_samples, write_model, write_png, write_png_rows,
                      write_profile)
from program import ENVIRONMENT, FOLDER, MODELS, PROGRAM, check, new_folder, run, run_tests

JPEG_START, PNG_START = b'\xff\xd8\xff', b'\x89PNG'


def apply (*arguments, status=0, **options):
    """Returns what it wrote to standard output and standard error."""
    return run ('apply', '--model', 'small', *arguments, status=status, **options)


def write_16_bits (path, chunks=(), least=0):
    """Writes a PNG of 40 × 30 with random samples, RGB with 16 bits.  Returns the samples'
    bytes."""
    generator = random.Random (5)
    rows = [struct.pack ('>120H', *(generator.randrange (least, 65536) for _ in range (120)))
            for _ in range (30)]
    write_png_rows (path, 40, 30, b''.join (b'\0' + row for row in rows), 16, 2, chunks)
    return b''.join (rows)


def files (folder):
    return sorted (os.listdir (folder))


SRGB = (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)


# ---- What is kept -------------------------------------------------------------------------

def test_16_bits ():
    """16 bits in, 16 bits out: strength 0 keeps each sample, else most values need 16 bits"""
    folder = new_folder ('deep')
    samples = write_16_bits (folder / 'in.png')
    apply ('--strength', 0, folder / 'in.png', '-o', folder / 'same.png')
    check (read_samples (folder / 'same.png') == (40, 30, 16, 3, samples), 'the samples differ')

    apply (folder / 'in.png', '-o', folder / 'out.png')
    depth, _, found = read_samples (folder / 'out.png')[2:]
    between = sum (value % 257 != 0 for value, in struct.iter_unpack ('>H', found))
    check (depth == 16 and between > 3000, f'{depth} bits, {between} of 3600 between')


def test_8_bits ():
    """8 bits in, 8 bits out"""
    apply (FOLDER / 'a.png', '-o', FOLDER / 'shallow.png')
    check (read_samples (FOLDER / 'shallow.png')[2] == 8, read_samples (FOLDER / 'shallow.png')[2])


def test_profile ():
    """a wide-gamut profile with 16 bits: it stays, and strength 0 keeps each sample within 1"""
    folder = new_folder ('wide')
    profile = write_profile (*ADOBE)
    # Not quite black, where a power curve turns a float's last bit into many levels.
    samples = write_16_bits (folder / 'in.png', [(b'iCCP', b'a\0\0' + zlib.compress (profile))],
                             least=4096)
    apply ('--strength', 0, folder / 'in.png', '-o', folder / 'out.png')
    chunk = dict (read_chunks (folder / 'out.png'))[b'iCCP']
    check (zlib.decompress (chunk.split (b'\0', 1)[1][1:]) == profile, 'it is another profile')
    found = read_samples (folder / 'out.png')[4]
    worst = max (abs (a - b) for (a,), (b,) in zip (struct.iter_unpack ('>H', samples),
                                                    struct.iter_unpack ('>H', found)))
    check (worst <= 1, f'{worst} of 65535')


def test_profile_matters ():
    """a color comes out the same, whichever profile its picture has"""
    folder = new_folder ('seen')
    # sRGB's 0.5 is 0.214 in linear light.
    linear = write_profile (SRGB, b'curv\0\0\0\0\0\0\0\0')
    for name, value, chunks in (('plain', 32768, ()), ('same', 14028, [
            (b'iCCP', b'a\0\0' + zlib.compress (linear))])):
        row = b'\0' + struct.pack ('>H', value) * 3 * 40
        write_png_rows (folder / f'{name}.png', 40, 30, row * 30, 16, 2, chunks)
        apply (folder / f'{name}.png', '-o', folder / f'{name}-out.png')
    plain = read_samples (folder / 'plain-out.png')[4]
    same = read_samples (folder / 'same-out.png')[4]
    levels = [value / 65535 for value, in struct.iter_unpack ('>H', plain)]
    check (max (levels) - min (levels) > 0.02, 'the result is flat')
    check (plain != same, 'the profile was left out')
    # Convert back to linear light, and compare the mean over the picture.
    light = [((level + 0.055) / 1.055) ** 2.4 if level > 0.04045 else level / 12.92
             for level in levels]
    found = [value / 65535 for value, in struct.iter_unpack ('>H', same)]
    off = abs (sum (light) - sum (found)) / len (light)
    check (off < 0.001, f'{off} off')


def test_foreign_profile ():
    """a profile that is not for RGB: a warning names the picture, which is taken for sRGB"""
    folder = new_folder ('foreign')
    profile = bytearray (write_profile (*ADOBE))
    profile[16:20] = b'CMYK'
    write_16_bits (folder / 'cmyk.png', [(b'iCCP', b'a\0\0' + zlib.compress (profile))])
    write_16_bits (folder / 'plain.png')
    _, errors = apply (folder / 'cmyk.png', '-o', folder / 'out.png')
    check ('cmyk.png' in errors and 'taken for sRGB' in errors, errors)
    check (b'iCCP' not in dict (read_chunks (folder / 'out.png')), 'the profile is still there')
    _, errors = apply (folder / 'plain.png', '-o', folder / 'plain-out.png')
    check (not errors, errors)
    check (read_samples (folder / 'out.png') == read_samples (folder / 'plain-out.png'),
           'the colors are others')


def test_damaged_profile ():
    """a profile that was cut off: status 1 with a message, and no result"""
    profile = write_profile (*ADOBE)[:200]
    write_16_bits (FOLDER / 'cut.png', [(b'iCCP', b'a\0\0' + zlib.compress (profile))])
    _, errors = apply (FOLDER / 'cut.png', '-o', FOLDER / 'never.png', status=1)
    check ('cut.png' in errors and 'profile is damaged' in errors, errors)
    check (not (FOLDER / 'never.png').exists (), 'there is a result')


def test_upright ():
    """a picture that is stored rotated: the result is upright and has no orientation tag"""
    exif = b'MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0'
    write_16_bits (FOLDER / 'lying.png', [(b'eXIf', exif)])
    apply (FOLDER / 'lying.png', '-o', FOLDER / 'standing.png')
    check (read_samples (FOLDER / 'standing.png')[:2] == (30, 40), 'it still lies')
    check (b'eXIf' not in dict (read_chunks (FOLDER / 'standing.png')), 'it would be turned twice')


# ---- Folders ------------------------------------------------------------------------------

def make_pictures (name):
    folder = new_folder (name)
    shutil.copy (FOLDER / 'a.png', folder / 'c.png')
    shutil.copy (FOLDER / 'a.png', folder / 'B.PNG')
    (folder / 'a.ppm').write_bytes (b'P6 4 4 255\n' + bytes (range (48)))
    apply (FOLDER / 'a.png', '-o', folder / 'd.jpg')
    (folder / 'notes.txt').write_text ('no picture')
    shutil.copy (FOLDER / 'a.png', folder / '.hidden.png')
    (folder / 'inner.png').mkdir ()
    shutil.copy (FOLDER / 'a.png', folder / 'inner.png' / 'e.png')
    return folder


def test_missing_loader ():
    """a picture in a folder whose loader is missing: the message names both, the others are done"""
    folder = new_folder ('loaders')
    shutil.copy (FOLDER / 'a.png', folder / 'a.png')
    (folder / 'b.webp').write_bytes (b'RIFF\x04\0\0\0WEBP')
    _, errors = apply (folder, '-o', FOLDER / 'loaded', status=1,
                       env=dict (ENVIRONMENT, GDK_PIXBUF_MODULE_FILE='/dev/null'))
    check ("b.webp” cannot be read: gdk-pixbuf's loader for WebP is missing" in errors, errors)
    check (files (FOLDER / 'loaded') == ['a.png'], files (FOLDER / 'loaded'))


def test_hints_without_loader ():
    """hints whose loader is missing: the message names both, and they are not ignored"""
    hints = new_folder ('hint-loaders')
    (hints / 'a.webp').write_bytes (b'RIFF\x04\0\0\0WEBP')
    _, errors = apply ('--hints', hints, FOLDER / 'a.png', '-o', FOLDER / 'never.png', status=1,
                       env=dict (ENVIRONMENT, GDK_PIXBUF_MODULE_FILE='/dev/null'))
    check ("a.webp” cannot be read: gdk-pixbuf's loader for WebP is missing" in errors, errors)


def test_folder ():
    """all pictures of a folder except hidden ones go under the same names into a new folder"""
    folder, out = make_pictures ('many'), FOLDER / 'many-out'
    output, errors = apply (folder, '-o', out)
    check (files (out) == ['B.PNG', 'a.png', 'c.png', 'd.jpg'], files (out))
    check (output == '4 of 4 pictures done\n', output)
    check (errors == '', errors)
    check ((out / 'd.jpg').read_bytes ()[:3] == JPEG_START, 'd.jpg is no JPEG')
    check ((out / 'a.png').read_bytes ()[:4] == PNG_START, 'a.png is no PNG')
    check (apply (folder, '-o', out, '-q', '--force')[0] == '', 'it was not quiet')


def test_broken_ones ():
    """unreadable pictures in a folder: status 1; they are named and counted, the others are done"""
    folder = make_pictures ('broken')
    for name in 'ab.png', 'zz.jpg':
        (folder / name).write_bytes ((folder / 'd.jpg').read_bytes ()[:400])
    (folder / 'gone.png').symlink_to ('nowhere')
    output, errors = apply (folder, '-o', FOLDER / 'broken-out', status=1)
    check (files (FOLDER / 'broken-out') == ['B.PNG', 'a.png', 'c.png', 'd.jpg'],
           files (FOLDER / 'broken-out'))
    lines = errors.splitlines ()
    check (len (lines) == 3 and all (name in line for name, line
                                     in zip (('ab.png', 'gone.png', 'zz.jpg'), lines)), errors)
    check (output == '4 of 7 pictures done\n', output)


def test_mixed ():
    """pictures and folders together go into an existing folder"""
    folder, out = make_pictures ('mixed'), new_folder ('mixed-out')
    output, _ = apply (FOLDER / 'b.png', folder, '-o', out)
    check (files (out) == ['B.PNG', 'a.png', 'b.png', 'c.png', 'd.jpg'], files (out))
    check (output == '5 of 5 pictures done\n', output)


def test_one_into_new_folder ():
    """an output that ends in a slash is a folder, also for one picture"""
    apply (FOLDER / 'a.png', '-o', f'{FOLDER}/fresh/')
    check (files (FOLDER / 'fresh') == ['a.png'], files (FOLDER / 'fresh'))


def test_no_pictures ():
    """a folder without pictures: status 2, the message names it, and no folder is made"""
    folder = new_folder ('empty')
    (folder / 'notes.txt').write_text ('no picture')
    _, errors = apply (folder, '-o', FOLDER / 'empty-out', status=2)
    check ('no picture in the folder' in errors and str (folder) in errors, errors)
    check (not (FOLDER / 'empty-out').exists (), 'a folder was made')


def test_pipe_in_folder ():
    """a pipe that is named like a picture is left out of a folder, and does not block"""
    folder, out = make_pictures ('pipe'), FOLDER / 'pipe-out'
    os.mkfifo (folder / 'b.png')
    apply (folder, '-o', out)
    check (files (out) == ['B.PNG', 'a.png', 'c.png', 'd.jpg'], files (out))


def test_folder_onto_itself ():
    """results never replace the pictures of the input folder: status 2, and nothing is done"""
    folder = make_pictures ('self')
    before = {name: (folder / name).read_bytes () for name in files (folder)
              if (folder / name).is_file ()}
    for out in folder, folder / '..' / 'self':
        _, errors = apply (folder, '-o', out, status=2)
        check ('would overwrite a picture' in errors, errors)
    check (all ((folder / name).read_bytes () == data for name, data in before.items ()),
           'a picture has changed')
    check (len (files (folder)) == len (before) + 1, files (folder))


def test_no_place_for_folder ():
    """no folder for the results: status 2 with advice; with an unknown model no folder is made"""
    folder = make_pictures ('nowhere')
    for out, text in (FOLDER / 'x' / 'y', 'make it first'), (FOLDER / 'a.png', 'is a file'):
        _, errors = apply (folder, '-o', out, status=2)
        check (text in errors, errors)
    run ('apply', '--model', 'unknown', folder, '-o', FOLDER / 'unmade', status=1)
    check (not (FOLDER / 'unmade').exists (), 'a folder was made')


def test_name_of_one_picture ():
    """several pictures or a folder, with a picture's name as output: status 2, no folder is made"""
    folder = make_pictures ('one-name')
    for inputs in ((FOLDER / 'a.png', FOLDER / 'b.png'), (folder,)):
        for out in FOLDER / 'one.png', FOLDER / 'one.webp':
            _, errors = apply (*inputs, '-o', out, status=2)
            check ('name a folder' in errors and f'{out}/' in errors, errors)
            check (not out.exists (), 'a folder was made')
    apply (FOLDER / 'a.png', FOLDER / 'b.png', '-o', f'{FOLDER}/one.png/')
    check (files (FOLDER / 'one.png') == ['a.png', 'b.png'], files (FOLDER / 'one.png'))


def test_missing_inputs ():
    """a missing input folder or picture: status 2, the message names it, and nothing is done"""
    for missing in FOLDER / 'no-photos', FOLDER / 'nothing.png':
        for inputs in ((missing,), (FOLDER / 'a.png', missing)):
            _, errors = apply (*inputs, '-o', FOLDER / 'unmade', status=2)
            check (f'no file or folder “{missing}”' in errors, errors)
            check (not (FOLDER / 'unmade').exists (), 'a folder was made')


def test_overwriting ():
    """a result that exists: status 2 before anything is done; --force overwrites it"""
    out = new_folder ('there')
    (out / 'b.png').write_bytes (b'old')
    for inputs, target in (((FOLDER / 'b.png',), out / 'b.png'),
                           ((FOLDER / 'a.png', FOLDER / 'b.png'), out)):
        _, errors = apply (*inputs, '-o', target, status=2)
        check (f'“{out}/b.png” exists already' in errors and '--force' in errors, errors)
        check (files (out) == ['b.png'], files (out))
        check ((out / 'b.png').read_bytes () == b'old', 'the old file has changed')
    apply ('--force', FOLDER / 'a.png', FOLDER / 'b.png', '-o', out)
    check (read_samples (out / 'b.png')[:2] == (33, 5), 'it is still the old file')


def test_force_onto_input ():
    """even with --force no result replaces an input picture"""
    before = (FOLDER / 'a.png').read_bytes ()
    _, errors = apply ('--force', FOLDER / 'a.png', '-o', FOLDER / 'a.png', status=2)
    check ('would overwrite a picture' in errors, errors)
    check ((FOLDER / 'a.png').read_bytes () == before, 'the input has changed')


def make_tree (name):
    folder = new_folder (name)
    for place in '', 'x', 'x/y', '.hidden', 'empty', 'out':
        (folder / place).mkdir (exist_ok=True)
        if place != 'empty':
            shutil.copy (FOLDER / 'b.png', folder / place / 'p.png')
    (folder / 'x/circle').symlink_to ('..')
    return folder


def tree (folder):
    return sorted (str (path.relative_to (folder)) for path in folder.rglob ('*')
                   if path.is_file ())


def test_recursive ():
    """--recursive also takes subfolders except hidden ones and links, and keeps their names"""
    folder = make_tree ('tree')
    apply ('--recursive', folder, '-o', FOLDER / 'tree-out')
    check (tree (FOLDER / 'tree-out') == ['out/p.png', 'p.png', 'x/p.png', 'x/y/p.png'],
           tree (FOLDER / 'tree-out'))
    check (not (FOLDER / 'tree-out/empty').exists (), 'an empty folder was made')
    apply (folder, '-o', FOLDER / 'flat-out')
    check (tree (FOLDER / 'flat-out') == ['p.png'], tree (FOLDER / 'flat-out'))


def test_recursive_into_itself ():
    """the output folder may be inside the input folder; pictures in it are not inputs"""
    folder = make_tree ('inside')
    for _ in range (2):
        apply ('--recursive', '--force', folder, '-o', folder / 'out')
    check (tree (folder / 'out') == ['p.png', 'x/p.png', 'x/y/p.png'], tree (folder / 'out'))


def test_only_subfolders ():
    """pictures in subfolders only: status 2, the message names --recursive, which does them"""
    folder = make_tree ('deep-only')
    (folder / 'p.png').unlink ()
    _, errors = apply (folder, '-o', FOLDER / 'deep-out', status=2)
    check ('--recursive' in errors and str (folder) in errors, errors)
    apply ('--recursive', folder, '-o', FOLDER / 'deep-out')
    check ('x/y/p.png' in tree (FOLDER / 'deep-out'), tree (FOLDER / 'deep-out'))


# ---- Pipes --------------------------------------------------------------------------------

def piped (*arguments, data=b'', status=0):
    """Runs with data as standard input.  Returns what it wrote to standard output and standard
    error."""
    output, errors = apply (*arguments, input=data, text=False, status=status)
    return output, errors.decode ()


def test_pipe ():
    """- reads the picture from standard input; -o - writes a PNG to standard output"""
    apply (FOLDER / 'a.png', '-o', FOLDER / 'by-name.png')
    expected, picture = ((FOLDER / name).read_bytes () for name in ('by-name.png', 'a.png'))
    check (piped ('-', '-o', '-', data=picture) == (expected, ''), 'both')
    check (piped (FOLDER / 'a.png', '-o', '-') == (expected, ''), 'standard output')
    check (piped ('-', '-o', FOLDER / 'piped.png', data=picture) == (b'', ''), 'it said something')
    check ((FOLDER / 'piped.png').read_bytes () == expected, 'standard input')


def test_large_pipe ():
    """a picture larger than a pipe's buffer arrives complete"""
    samples = write_16_bits (FOLDER / 'padded.png', [(b'teXt', b'a\0' + b'b' * 3000000)])
    apply_to = '--strength', 0, '-', '-o', FOLDER / 'large-piped.png'
    piped (*apply_to, data=(FOLDER / 'padded.png').read_bytes ())
    check (read_samples (FOLDER / 'large-piped.png')[4] == samples, 'the samples differ')


def test_no_picture_in_pipe ():
    """standard input without a picture, or empty: status 1, the message names standard input"""
    for data in b'', b'text', (FOLDER / 'a.png').read_bytes ()[:100]:
        output, errors = piped ('-', '-o', '-', data=data, status=1)
        check (output == b'' and 'standard input' in errors, errors)


def test_pipe_of_several ():
    """- with other pictures or with a folder, -o - for several: status 2 with advice"""
    for arguments, text in ((('-', FOLDER / 'a.png', '-o', FOLDER / 'new'), 'no others'),
                            (('-', '-o', FOLDER), 'name a file'),
                            ((FOLDER / 'a.png', FOLDER / 'b.png', '-o', '-'), 'name a folder'),
                            ((make_pictures ('piped-folder'), '-o', '-'), 'name a folder')):
        _, errors = piped (*arguments, status=2)
        check (text in errors, errors)


def test_full_pipe ():
    """standard output cannot be written: status 1 with a message"""
    with open ('/dev/full', 'wb') as full:
        _, errors = apply (FOLDER / 'a.png', '-o', '-', status=1, capture_output=False,
                           stdout=full, stderr=subprocess.PIPE)
    check ('Standard output cannot be written' in errors and os.strerror (28) in errors, errors)


# ---- Options ------------------------------------------------------------------------------

def test_memory_and_tiles ():
    """--memory, --tile, --overlap and --colorfulness, formerly --chroma, accept sensible values"""
    for number, more in enumerate ((('--colorfulness', '150%'), ('--chroma', 1.5))):
        apply ('--memory', 4000, '--tile', 128, '--overlap', 32, *more, FOLDER / 'a.png',
               '-o', FOLDER / f'tiles-{number}.png')
        check ((FOLDER / f'tiles-{number}.png').exists (), 'there is no result')


def test_overlap_of_tiles ():
    """an overlap as large as the tiles: status 2, the message names both"""
    _, errors = apply ('--tile', 64, '--overlap', 64, FOLDER / 'a.png', '-o',
                       FOLDER / 'never.png', status=2)
    check ('--overlap' in errors and '“64”' in errors, errors)


# ---- Places that cannot be written --------------------------------------------------------

def limit_files ():
    """Writing fails after some bytes, as on a full disk."""
    signal.signal (signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit (resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))


def test_full_disk ():
    """full disk: status 1 and the file's name; it is not changed, and the next one is done"""
    folder = new_folder ('full')
    (folder / 'a.png').write_bytes (b'old')
    output, errors = apply ('--force', FOLDER / 'a.png', FOLDER / 'b.png', '-o', folder, status=1,
                            preexec_fn=limit_files, restore_signals=False)
    # A program that tests/run --coverage has built also fails to say which of its lines have run.
    lines = [line for line in errors.splitlines () if '.gcda' not in line]
    check (len (lines) == 1 and 'a.png' in lines[0] and os.strerror (27) in lines[0], errors)
    check (files (folder) == ['a.png', 'b.png'], files (folder))
    check ((folder / 'a.png').read_bytes () == b'old', 'the old file has changed')
    check (output == '1 of 2 pictures done\n', output)


def test_no_permission ():
    """a folder that is not writable: status 1 with a message; no result and no folder is made"""
    if os.geteuid () != 0:
        user, program = None, PROGRAM
    else:       # root may write everywhere, so become nobody
        user, program = 65534, FOLDER / 'pix2pix'
        shutil.copy (PROGRAM, program)
        os.chmod (FOLDER, 0o755)
    folder = new_folder ('closed')
    folder.chmod (0o555)
    for out in folder / 'out.png', folder / 'made':
        pictures = (FOLDER / 'a.png',) if out.suffix else (FOLDER / 'a.png', FOLDER / 'b.png')
        _, errors = apply (*pictures, '-o', out, status=1, executable=program, user=user,
                           env=dict (ENVIRONMENT, HOME=str (FOLDER)))
        check (out.name in errors and os.strerror (13) in errors, errors)
        check (files (folder) == [], files (folder))


def make_files ():
    MODELS.mkdir (parents=True)
    write_model (MODELS / 'small.safetensors')
    generator = random.Random (2)
    for name, width, height in ('a.png', 100, 70), ('b.png', 33, 5):
        write_png (FOLDER / name, width, height,
                   lambda x, y: (2 * x, 3 * y, generator.randrange (256)))


make_files ()
run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: opening a model takes no more memory than the size of its file and 24 MB, in addition to
what the program takes anyway.  test-memory.py PROGRAM

The measured command is `pix2pix info`, which prepares no weights.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from handmade import (LEGACY_HEAD, unet_shapes, volume, write_legacy, write_torch)

PROGRAM = os.path.abspath (sys.argv[1])
ROOM = 24 << 20
U_NET = unet_shapes (8, 64)          # 218 MB of floats
NARROW = unet_shapes (8, 45)         # 215 MB of doubles
MEASURED = {
    'zip': lambda path: write_torch (path, U_NET),
    'zip, strided': lambda path: write_torch (path, U_NET, channels_last=True),
    'zip, doubles': lambda path: write_torch (path, NARROW, 'Double', 8),
    'legacy': lambda path: write_legacy (path, U_NET),
    'legacy, strided': lambda path: write_legacy (path, U_NET, channels_last=True),
    'legacy, strided doubles': lambda path: write_legacy (path, NARROW, 'Double', 8, True),
    'safetensors': lambda path: write_safetensors (path, U_NET),
    'a header of too many entries': lambda path: write_header (path, 100 * 1000),
    'a pickle of too many values': lambda path: path.write_bytes (
        LEGACY_HEAD + b'\x80\x02]' + b']' * 200 * 1000),
}


def write_safetensors (path, shapes):
    header, end = {}, 0
    for name, shape in shapes.items ():
        begin, end = end, end + 4 * volume (shape)
        header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [begin, end]}
    header = json.dumps (header).encode ()
    with open (path, 'wb') as file:
        file.write (struct.pack ('<Q', len (header)) + header)
        file.truncate (8 + len (header) + end)


def write_header (path, n):
    header = b'{"__metadata__":{' + b','.join (b'"%d":""' % i for i in range (n // 2 - 4)) + b'}}'
    path.write_bytes (struct.pack ('<Q', len (header)) + header)


def peak (*arguments):
    """The program's peak memory in bytes, and whether it succeeded."""
    process = subprocess.Popen ([PROGRAM, *arguments], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4 (process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode (status)
    return usage.ru_maxrss * 1024, process.returncode == 0


def main ():
    print (f'1..{len (MEASURED)}')
    itself = peak ('--version')[0]
    with tempfile.TemporaryDirectory (prefix='pix2pix-memory-') as folder:
        for number, (what, write) in enumerate (MEASURED.items (), 1):
            path = pathlib.Path (folder) / 'model'
            write (path)
            size = path.stat ().st_size
            bytes_taken, opened = peak ('info', path)
            bytes_taken -= itself
            path.unlink ()
            good = bytes_taken <= size + ROOM and opened != what.startswith ('a ')
            print ('ok' if good else 'not ok', number, '-', what)
            print (f'# {bytes_taken >> 20} MiB for a file of {size >> 20} MiB'
                   + ('' if opened else ', refused'))


main ()

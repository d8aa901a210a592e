#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the mean of two models of the same network, in single precision: mean.py A B SHARE RESULT.

SHARE (0 to 1) is that of A, whose card the result gets.  The mean of two trainings that began with
the same weights often keeps what both have, and loses what only one of them has.
"""

import array
import json
import struct
import sys


def read (path):
    """A file's header, and the bytes of its tensors."""
    with open (path, 'rb') as file:
        length, = struct.unpack ('<Q', file.read (8))
        return json.loads (file.read (length)), file.read ()


def shapes (header):
    return {name: tensor['shape'] for name, tensor in header.items () if name != '__metadata__'}


def values (header, tensors, name):
    if header[name]['dtype'] != 'F32':
        sys.exit (f'{name} is not in single precision')
    start, end = header[name]['data_offsets']
    return array.array ('f', tensors[start:end])


def main ():
    first, second, share, result = sys.argv[1:]
    (header, tensors), (other, others) = read (first), read (second)
    share, mixed = float (share), bytearray (tensors)
    if shapes (header) != shapes (other):
        sys.exit (f'{first} and {second} are not of the same network')
    for name in header:
        if name != '__metadata__':
            start, end = header[name]['data_offsets']
            mixed[start:end] = array.array ('f', (
                share * a + (1 - share) * b for a, b in zip (
                    values (header, tensors, name), values (other, others, name),
                    strict=True))).tobytes ()
    text = json.dumps (header, ensure_ascii=False).encode ()
    text += b' ' * (-len (text) % 8)
    with open (result, 'wb') as file:
        file.write (struct.pack ('<Q', len (text)) + text + mixed)


if __name__ == '__main__':
    main ()

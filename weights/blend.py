#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blends two models of one network, weight by weight (Wang et al., Deep Network Interpolation, CVPR
2019): one trained for nearness, and what adversarial training made of it.

    weights/blend.py A B SHARE OUT

OUT is (1 − SHARE) · A + SHARE · B, with the card of B, whose options tell both trainings, and which
has no metrics yet.  A and B hold F32.
"""

import json
import os
import pathlib
import struct
import sys

import numpy as np


def read (path):
    blob = pathlib.Path (path).read_bytes ()
    size, = struct.unpack ('<Q', blob[:8])
    header = json.loads (blob[8:8 + size])
    card = header.pop ('__metadata__')
    if any (tensor['dtype'] != 'F32' for tensor in header.values ()):
        sys.exit (f'{path}: not all weights are F32')
    return header, card, np.frombuffer (blob[8 + size:], '<f4')


def main ():
    first, second, share, out = sys.argv[1:]
    (header, before, a), (other, card, b) = read (first), read (second)
    if header != other:
        sys.exit (f'{first} and {second} are not of one network')
    card.pop ('p2p.metrics', None)
    card['p2p.options'] = (f"{before['p2p.options']}; then {card['p2p.options']}; then {share} of "
                           f'this and {1 - float (share):g} of that')
    text = json.dumps ({'__metadata__': card, **header}).encode ()
    text += b' ' * (-len (text) % 8)
    values = (1 - float (share)) * a + float (share) * b
    part = pathlib.Path (f'{out}.part')
    part.write_bytes (struct.pack ('<Q', len (text)) + text + values.astype ('<f4').tobytes ())
    os.replace (part, out)


if __name__ == '__main__':
    main ()

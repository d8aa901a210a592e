#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/steps.safetensors: the results of ten training steps in PyTorch in double
precision (steps.py).  For each case the file holds the options as metadata, all losses, and random
projections of both networks' weights.  A projection is the sum of all values times uniform numbers
in [−1, 1)."""

import json
import pathlib

import numpy as np
import torch

import steps
from reference import stream, uniform

PROJECTIONS = 4


def projections (net):
    sums = np.zeros (PROJECTIONS)
    for name, values in net.state_dict ().items ():
        if name.endswith ('num_batches_tracked'):
            continue
        values = values.numpy ().ravel ()
        for i in range (PROJECTIONS):
            sums[i] += values @ (2 * uniform (i, stream (name), np.arange (values.size)) - 1)
    return sums


def main ():
    torch.set_num_threads (2)
    header, blobs, at = {'__metadata__': {case: steps.line (case) for case in steps.CASES}}, [], 0
    for case in steps.CASES:
        losses, nets = steps.run (case)
        for what, values in [('losses', losses)] + [(name, projections (net))
                                                    for name, net in nets.items ()]:
            high = values.astype ('<f4')
            for part, numbers in (('', high), ('.rest', (values - high).astype ('<f4'))):
                blob = numbers.tobytes ()
                header[f'{case}.{what}{part}'] = dict (dtype='F32', shape=list (values.shape),
                                                       data_offsets=[at, at + len (blob)])
                blobs.append (blob)
                at += len (blob)
    text = json.dumps (header).encode ()
    text += b' ' * (-len (text) % 8)
    path = pathlib.Path (__file__).parent / 'data/steps.safetensors'
    path.write_bytes (len (text).to_bytes (8, 'little') + text + b''.join (blobs))


main ()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/steps.safetensors and cyclegan.safetensors: the results of ten training steps
in PyTorch in double precision (steps.py, cyclegan.py).  For each case a file holds the options as
metadata, all losses, and random projections of the networks' weights.  A projection is the sum of
all values times uniform numbers in [−1, 1)."""

import json
import pathlib

import numpy as np
import torch

import cyclegan
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


def write (recipe, name):
    header, blobs, at = {'__metadata__': {case: recipe.line (case) for case in recipe.CASES}}, [], 0
    for case in recipe.CASES:
        losses, nets = recipe.run (case)
        for what, values in [('losses', losses)] + [(net, projections (nets[net]))
                                                    for net in nets]:
            high = values.astype ('<f4')
            for part, numbers in (('', high), ('.rest', (values - high).astype ('<f4'))):
                blob = numbers.tobytes ()
                header[f'{case}.{what}{part}'] = dict (dtype='F32', shape=list (values.shape),
                                                       data_offsets=[at, at + len (blob)])
                blobs.append (blob)
                at += len (blob)
    text = json.dumps (header).encode ()
    text += b' ' * (-len (text) % 8)
    path = pathlib.Path (__file__).parent / 'data' / name
    path.write_bytes (len (text).to_bytes (8, 'little') + text + b''.join (blobs))


torch.set_num_threads (1)
write (steps, 'steps.safetensors')
write (cyclegan, 'cyclegan.safetensors')

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/nets.safetensors: what PyTorch's networks of reference.py give in double
precision.  Weights and inputs are those of core/random.h, so only results are stored, each as a
float32 and what that leaves over."""

import json
import pathlib

import numpy as np
import torch

from reference import Unet, random_input, random_weights, use_statistics

# Name: the network's options, running statistics, the input's n, c, h, w.  The names and options
# stand in test-nets.c too.
CASES = {
    'unet-batch': (dict (num_downs=5, ngf=3), False, (1, 3, 64, 32)),
    'unet-batch-running': (dict (num_downs=5, ngf=3), True, (1, 3, 32, 32)),
    'unet-batch-of-two': (dict (num_downs=5, ngf=2), False, (2, 3, 32, 32)),
    'unet-instance': (dict (num_downs=5, ngf=2, norm='instance', output_nc=1), False,
                      (1, 3, 64, 64)),
    'unet-none': (dict (num_downs=6, ngf=2, norm='none'), False, (1, 3, 64, 64)),
    'unet-encoder-decoder': (dict (num_downs=5, ngf=3, skip=False), False, (1, 3, 64, 32)),
    'unet-deep': (dict (num_downs=9, ngf=1, input_nc=1), True, (1, 1, 512, 512)),
}
SEED = 5


def main ():
    header, blobs, at = {}, [], 0
    for name, (options, running, shape) in CASES.items ():
        net = use_statistics (random_weights (Unet (**options).double (), SEED), running)
        with torch.no_grad ():
            y = net (random_input (SEED, shape)).permute (0, 2, 3, 1).numpy ()
        y = y[:, :64, :32]      # of a large result, a corner
        high = y.astype ('<f4')
        for part, values in (('', high), ('.rest', (y - high).astype ('<f4'))):
            blob = np.ascontiguousarray (values).tobytes ()
            header[name + part] = dict (dtype='F32', shape=list (y.shape),
                                        data_offsets=[at, at + len (blob)])
            blobs.append (blob)
            at += len (blob)
    text = json.dumps (header).encode ()
    text += b' ' * (-len (text) % 8)
    path = pathlib.Path (__file__).parent / 'data/nets.safetensors'
    path.write_bytes (len (text).to_bytes (8, 'little') + text + b''.join (blobs))


main ()

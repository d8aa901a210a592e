#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/nets.safetensors: the results of PyTorch's networks of reference.py in double
precision.  Weights and inputs are made by core/base/random.h, so only results are stored, each as a
float32 and the remainder."""

import json
import pathlib

import numpy as np
import torch

from reference import Resnet, Unet, random_input, random_weights, use_noise, use_statistics

# Name → (the network, its options, whether it uses running statistics, whether it uses noise, the
# input's n, c, h, w).  test-nets.c has the same table.
CASES = {
    'unet-batch': (Unet, dict (num_downs=5, ngf=3), False, False, (1, 3, 64, 32)),
    'unet-batch-running': (Unet, dict (num_downs=5, ngf=3), True, False, (1, 3, 32, 32)),
    'unet-batch-of-two': (Unet, dict (num_downs=5, ngf=2), False, False, (2, 3, 32, 32)),
    'unet-instance': (Unet, dict (num_downs=5, ngf=2, norm='instance', output_nc=1), False, False,
                      (1, 3, 64, 64)),
    'unet-none': (Unet, dict (num_downs=6, ngf=2, norm='none'), False, False, (1, 3, 64, 64)),
    'unet-encoder-decoder': (Unet, dict (num_downs=5, ngf=3, skip=False), False, False,
                             (1, 3, 64, 32)),
    'unet-deep': (Unet, dict (num_downs=9, ngf=1, input_nc=1), True, False, (1, 1, 512, 512)),
    'unet-noise': (Unet, dict (num_downs=7, ngf=2, output_nc=1, dropout=True), True, True,
                   (1, 3, 128, 128)),
    'resnet-batch': (Resnet, dict (n_blocks=9, ngf=3), False, False, (1, 3, 20, 24)),
    'resnet-batch-running': (Resnet, dict (n_blocks=6, ngf=4), True, False, (1, 3, 16, 8)),
    'resnet-batch-dropout': (Resnet, dict (n_blocks=6, ngf=3, dropout=True), False, False,
                             (1, 3, 24, 16)),
    'resnet-instance': (Resnet, dict (n_blocks=6, ngf=4, norm='instance', output_nc=1), False,
                        False, (1, 3, 32, 28)),
    'resnet-instance-of-two': (Resnet, dict (n_blocks=9, ngf=2, norm='instance', input_nc=1),
                               False, False, (2, 1, 12, 16)),
    'resnet-none': (Resnet, dict (n_blocks=2, ngf=5, norm='none'), False, False, (1, 3, 12, 20)),
    'resnet-noise': (Resnet, dict (n_blocks=3, ngf=4, norm='instance', dropout=True), False, True,
                     (1, 3, 16, 20)),
}
SEED = 5
NOISE = 11


def main ():
    header, blobs, at = {}, [], 0
    for name, (kind, options, running, noise, shape) in CASES.items ():
        net = use_statistics (random_weights (kind (**options).double (), SEED), running)
        if noise:
            net = use_noise (net, NOISE)
        with torch.no_grad ():
            y = net (random_input (SEED, shape)).permute (0, 2, 3, 1).numpy ()
        y = y[:, :32, :32]      # only a corner of a large result
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

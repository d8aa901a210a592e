#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains in PyTorch for tests/train-peers: train-peer.py FOLDER EPOCHS NGF THREADS OUT.pth

The pairs are aligned in one picture, with the direction BtoA.  ndf is NGF; all else has the
defaults of `pix2pix train`: half the epochs at the full learning rate, the other half while it
falls to zero.  Order, crops and dropout are PyTorch's own.  About every minute a line with the step
and the losses is printed.
"""

import pathlib
import random
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn

from reference import PatchGan, Unet
from steps import DEFAULTS, RATE, Pix2pix

LOAD, CROP = 286, 256


def view (pair):
    """A random part of A and B, mirrored or not: [1,3,CROP,CROP] in [−1, 1]."""
    x, y = (random.randint (0, LOAD - CROP) for _ in range (2))
    flip, sides = random.random () < 0.5, []
    half = pair.width // 2
    for left in (0, half):
        side = pair.crop ((left, 0, left + half, pair.height))
        side = side.resize ((LOAD, LOAD), Image.BICUBIC).crop ((x, y, x + CROP, y + CROP))
        values = np.asarray (side.convert ('RGB'), np.float32) / 127.5 - 1
        values = values[:, ::-1] if flip else values
        sides.append (torch.from_numpy (values.transpose (2, 0, 1)[None].copy ()))
    return sides


def initialise (net):
    for module in net.modules ():
        if isinstance (module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_ (module.weight, 0, 0.02)
            if module.bias is not None:
                nn.init.zeros_ (module.bias)
        elif isinstance (module, nn.BatchNorm2d):
            nn.init.normal_ (module.weight, 1, 0.02)


def main (folder, epochs, ngf, threads, out):
    torch.set_num_threads (int (threads))
    torch.manual_seed (1)
    random.seed (1)
    epochs, ngf = int (epochs), int (ngf)
    paths = sorted (pathlib.Path (folder).iterdir ())
    g, d = Unet (ngf=ngf, dropout=True), PatchGan (ndf=ngf)
    for net in (g, d):
        initialise (net)
    model = Pix2pix (DEFAULTS, g, d, fused=True)
    constant, falling = epochs - epochs // 2, epochs // 2
    step, told = 0, time.monotonic ()

    for epoch in range (epochs):
        rate = RATE * (1 - max (0, epoch + 1 - constant) / (falling + 1))
        for optimizer in model.optimizers:
            optimizer.param_groups[0]['lr'] = rate
        for path in random.sample (paths, len (paths)):
            photo, labels = view (Image.open (path))
            losses = model.step (labels, photo)
            step += 1
            if time.monotonic () - told >= 60:
                told = time.monotonic ()
                print (f'epoch {epoch + 1}/{epochs}  step {step}',
                       *(f'{loss:.3f}' for loss in losses), flush=True)
    torch.save (g.state_dict (), out)


main (*sys.argv[1:])

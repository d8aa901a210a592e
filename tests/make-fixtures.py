#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small PyTorch files in tests/data that test-torch-file.c reads.

    tests/make-fixtures.py [FOLDER]

The files are committed, so that the test does not need PyTorch.  The test can compute the values:
number i of a tensor's storage is a simple function of i.
"""

import argparse
import collections
import pathlib
import sys
import zipfile

import numpy
import torch

folder = pathlib.Path (sys.argv[1] if len (sys.argv) > 1
                       else pathlib.Path (__file__).parent / 'data')


def quarters (n):
    return torch.arange (n, dtype=torch.float32) / 4 - 2


# A state dict as a module returns it, with its _metadata and a batch norm's counter.
module = torch.nn.Sequential (collections.OrderedDict (conv=torch.nn.Conv2d (1, 2, 3),
                                                       norm=torch.nn.BatchNorm2d (2)))
state = module.state_dict ()
for name in state:
    n = state[name].numel ()
    state[name].copy_ (quarters (n).reshape (state[name].shape) if n > 1 else torch.tensor (7))
torch.save (state, folder / 'torch-state.pth')

# Every way in which a tensor may lie in its storage, as torch.nn.DataParallel and a trainer save
# it.
base = quarters (24).reshape (4, 6)
views = collections.OrderedDict ({
    'module.whole': base,
    'module.transposed': base.t (),
    'module.row': base[2],
    'module.columns': base[:, 1::2],
    'module.half': quarters (6).half ().reshape (2, 3),
    'module.bfloat16': quarters (6).bfloat16 ().reshape (3, 2).t (),
    'module.double': quarters (6).double (),
    'module.parameter': torch.nn.Parameter (quarters (4)),
    'module.scalar': torch.tensor (7.5),
    'module.empty': torch.zeros (0, 3),
})
wrapped = {'epoch': 3, 'rate': 0.1, 'best': None, 'done': True, 'sizes': [1, 2, 1 << 40],
           'state_dict': views}
torch.save (wrapped, folder / 'torch-views.pth', pickle_protocol=4)

# The same numbers as in torch-state, compressed, in a folder with another name.
with zipfile.ZipFile (folder / 'torch-state.pth') as source, \
     zipfile.ZipFile (folder / 'torch-packed.pth', 'w', zipfile.ZIP_DEFLATED) as target:
    for info in source.infolist ():
        parts = pathlib.PurePosixPath (info.filename).parts
        path = pathlib.PurePosixPath ('fassade-größer', *parts[1:])
        target.writestr (zipfile.ZipInfo (str (path)), source.read (info), zipfile.ZIP_DEFLATED)

# What a trainer saves: two networks, an optimizer and other things.
optimizer = torch.optim.Adam (module.parameters ())
module (torch.ones (1, 1, 4, 4)).sum ().backward ()
optimizer.step ()
checkpoint = {
    'epoch': 3,
    'opt': argparse.Namespace (name='facades', gpu_ids=[0], folder=pathlib.PurePosixPath ('/a')),
    'netD': {'model.0.weight': torch.zeros (1, 1, 2, 2)},
    'netG': state,
    'optimizer_G': optimizer.state_dict (),
    'optimizer': optimizer,
    'losses': collections.defaultdict (list, L1=[0.5, 0.25]),
    'best': numpy.float64 (0.5),
    'seen': {1, 2},
    'seed': 1 << 100,
    'raw': bytes (range (256)),
    'rng_state': torch.arange (5, dtype=torch.uint8),
    'where': (torch.device ('cpu'), torch.float16, torch.Size ([1, 2])),
}
# The optimizer's step has changed the weights, which the state dict shares.  Restore them.
for name in state:
    n = state[name].numel ()
    state[name].copy_ (quarters (n).reshape (state[name].shape) if n > 1 else torch.tensor (7))
torch.save (checkpoint, folder / 'torch-checkpoint.pth')

# A network as a Python object, which can only be read by running Python.
torch.save (module, folder / 'torch-module.pth')

# The format before PyTorch 1.6.  Protocol 4 puts frames around its pickles.
for name, saved, protocol in (('torch-legacy', state, 2), ('torch-legacy-views', wrapped, 4),
                              ('torch-legacy-checkpoint', checkpoint, 2),
                              ('torch-legacy-module', module.conv, 2)):
    torch.save (saved, folder / f'{name}.pth', pickle_protocol=protocol,
                _use_new_zipfile_serialization=False)

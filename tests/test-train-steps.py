#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix train` with averaged weights, accumulated batches, a cosine schedule, and
DiffAugment.  test-train-steps.py PROGRAM

test-steps.py compares single steps with PyTorch.  This test looks at whole trainings.
"""

import json
import math
import signal
import struct
import subprocess

from program import FOLDER, Skip, check, run, run_tests
from training import COMMON, USUAL, begin, metadata, read_log, train

ALL = (*USUAL, '--ema', 0.9, '--accumulate', 2, '--diffaugment', '--lr-policy', 'cosine')


def tensor (path, name):
    """The values of a tensor of 32-bit floats."""
    data = path.read_bytes ()
    start = 8 + int.from_bytes (data[:8], 'little')
    header = json.loads (data[8:start])
    first, end = header[name]['data_offsets']
    return struct.unpack (f'<{(end - first) // 4}f', data[start + first:start + end])


def test_resume ():
    """stopped in the middle and resumed, a training with all these options gives the same bits"""
    train ('whole', *ALL)
    process = begin ('stopped', *ALL)
    for _ in range (3):
        process.stdout.readline ()
    process.send_signal (signal.SIGTERM)
    process.communicate (timeout=60)
    step = int (metadata (FOLDER / 'stopped/checkpoint.safetensors')['state.step'])
    check (0 < step < 30, step)
    run ('train', '--resume', FOLDER / 'stopped')
    for file in 'model.safetensors', 'best.safetensors', 'log.csv', 'samples/epoch-0010.png':
        check ((FOLDER / 'whole' / file).read_bytes () == (FOLDER / 'stopped' / file).read_bytes (),
               file)


def test_steps ():
    """an epoch of seven pictures, in batches of one with two accumulated, has three steps"""
    check (metadata (FOLDER / 'whole/checkpoint.safetensors')['state.step'] == '30', 'steps')


def test_model ():
    """the model has the average of the weights and of the running statistics"""
    checkpoint, model = FOLDER / 'whole/checkpoint.safetensors', FOLDER / 'whole/model.safetensors'
    for name in 'model.model.0.weight', 'model.model.1.model.3.model.2.running_mean':
        ours, kept = tensor (model, name), tensor (checkpoint, f'average.value.{name}')
        check (ours == kept, f'{name} is not the average')
        check (ours != tensor (checkpoint, f'G.value.{name}'), f'{name} is the last one')


def test_average_of_start ():
    """a training that starts from a model and learns nothing keeps it, averaged or not"""
    start = FOLDER / 'whole/model.safetensors'
    train ('kept', *COMMON, '--start-from', start, '--ema', 0.9, '--lr', 0, '--n-epochs', 2,
           '--n-epochs-decay', 0)
    name = 'model.model.0.weight'
    apart = max (abs (a - b) for a, b in zip (tensor (start, name),
                                              tensor (FOLDER / 'kept/model.safetensors', name)))
    check (apart < 1e-7, apart)


def test_cosine ():
    """the learning rate follows half a cosine over all epochs"""
    rates = [float (row['rate']) for row in read_log ('whole') if int (row['step']) % 3 == 0]
    expected = [2e-4 * 0.5 * (1 + math.cos (math.pi * epoch / 10)) for epoch in range (10)]
    check (all (abs (a - b) < 1e-12 for a, b in zip (rates, expected, strict=True)), rates)


def test_pytorch_cosine ():
    """the rates are the same as those of PyTorch's CosineAnnealingLR"""
    code = ('import torch\n'
            'o = torch.optim.Adam ([torch.zeros (1, requires_grad=True)], lr=2e-4)\n'
            's = torch.optim.lr_scheduler.CosineAnnealingLR (o, 10)\n'
            'for _ in range (10): print (o.param_groups[0]["lr"]); o.step (); s.step ()')
    done = subprocess.run (['python3', '-W', 'ignore', '-c', code], text=True, capture_output=True)
    if done.returncode:
        raise Skip ('python3-torch is needed')
    theirs = [float (line) for line in done.stdout.split ()]
    ours = [float (row['rate']) for row in read_log ('whole') if int (row['step']) % 3 == 0]
    check (all (abs (a - b) < 1e-12 for a, b in zip (ours, theirs, strict=True)), theirs)


run_tests (globals ())

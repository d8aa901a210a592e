#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: ten steps of training compared with PyTorch in double precision, from the same weights and
batches: losses, all weights and running statistics, and with a teacher the projections.

    test-steps.py STEPS STEPS-DOUBLE
"""

import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

try:
    import numpy as np
    import torch
    import distilled
    import steps
except ImportError as missing:
    print (f'1..0 # SKIP {missing}: python3-torch and python3-numpy are needed')
    sys.exit ()

PROGRAMS = dict (zip (('float', 'double'), sys.argv[1:3]))
# The largest allowed relative difference of a loss and of a tensor as a whole.  Float drifts, so
# only its losses are checked.  Instance norm subtracts the bias before it, so the gradient of such
# a bias is only rounding, which Adam enlarges; its limit is IDLE.
LIMITS = {'float': (1e-3, None), 'double': (1e-9, 1e-8)}
IDLE = 1e-6

count = 0


def report (good, claim, why=''):
    global count
    count += 1
    print ('ok' if good else 'not ok', count, '-', claim)
    if not good:
        print (f'# {why}')


def ours (program, line, networks, folder):
    """Losses [step, loss], and name → values of each network."""
    text = subprocess.run ([program, line, folder], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    losses = np.array ([line.split () for line in text.splitlines ()], np.float64)
    values = {}
    for network in networks:
        names = (folder / f'{network}.names').read_text ().split ()
        values[network] = names, np.fromfile (folder / network, np.float64)
    return losses, values


def largest_difference (names, values, net, idle):
    """The largest difference over all tensors, relative to the tensor's length and its limit."""
    state, at, worst = net.state_dict (), 0, (0.0, '')
    for name in names:
        theirs = state.pop (name).numpy ().ravel ()
        mine = values[at:at + theirs.size]
        at += theirs.size
        limit = IDLE if idle and name.endswith ('bias') else LIMITS['double'][1]
        apart = np.linalg.norm (mine - theirs) / np.linalg.norm (theirs)
        worst = max (worst, (apart / limit, name))
    left = [name for name in state if not name.endswith ('num_batches_tracked')]
    assert at == values.size and not left, left
    return worst


def compare (case, line, precision, folder, expected, nets):
    losses, values = ours (PROGRAMS[precision], line, nets, folder)
    loss_limit, weight_limit = LIMITS[precision]
    worst = (np.abs (losses - expected) / np.maximum (np.abs (expected), 1e-30)).max ()
    report (losses.shape == expected.shape and worst <= loss_limit,
            f'{case}, {precision}: losses, {worst:.1e}', f'up to {worst:g} apart')
    for network, net in nets.items ():
        idle = 'norm=instance' in line
        worst, name = largest_difference (*values[network], net, idle)
        if weight_limit:
            report (worst <= 1,
                    f'{case}, {precision}: weights of {network}, {worst:.1e} of the limit',
                    f'{name} is {worst:g} times the limit apart')


def main ():
    torch.set_num_threads (1)
    with tempfile.TemporaryDirectory () as temporary:
        folder = pathlib.Path (temporary)
        for case in steps.CASES:
            expected, nets = steps.run (case)
            for precision in PROGRAMS:
                compare (case, steps.line (case), precision, folder, expected, nets)
        for case in distilled.CASES:
            teacher = folder / 'teacher.safetensors'
            expected, nets = distilled.run (case, teacher)
            for precision in PROGRAMS:
                compare (case, distilled.line (case, teacher), precision, folder, expected, nets)
    print (f'1..{count}')


main ()

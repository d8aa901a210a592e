#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares our training step with PyTorch's: bench_step.py BUILD NGF BATCH THREADS [OPTION…]

Trains pix2pix with unet_256 and PatchGAN at 256² pixels, G and D with NGF channels, with dropout,
from random weights.  Every contender is a process of its own, so that its memory can be measured
separately.  They take turns on the same cores, one step each, and only figures of one run are
compared.  With options of `pix2pix train`, our step is measured twice, without them and with them.

    bench_step.py serve NGF BATCH THREADS nchw|channels-last

is the process that runs PyTorch.  For each number that it reads, it runs that many steps and prints
their milliseconds.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

SIZE, ROUNDS = 256, 15
PAUSE = 0.1     # seconds, long enough for a contender's threads to stop spinning


def serve (ngf, batch, threads, layout):
    import torch
    from reference import PatchGan, Unet
    from steps import DEFAULTS, Pix2pix

    torch.set_num_threads (threads)
    torch.manual_seed (1)
    memory_format = torch.channels_last if layout == 'channels-last' else torch.contiguous_format
    g, d = Unet (ngf=ngf, dropout=True), PatchGan (ndf=ngf)
    for net in (g, d):
        for module in net.modules ():
            if isinstance (module, (torch.nn.Conv2d, torch.nn.ConvTranspose2d)):
                torch.nn.init.normal_ (module.weight, 0, 0.02)
        net.to (memory_format=memory_format)
    model = Pix2pix (DEFAULTS, g, d, fused=True)
    a, b = ((torch.rand (batch, 3, SIZE, SIZE) * 2 - 1).contiguous (memory_format=memory_format)
            for _ in range (2))

    def step ():
        start = time.perf_counter ()
        model.step (a, b)
        return 1000 * (time.perf_counter () - start)

    step ()
    print (f'ready {torch.__version__}', flush=True)
    for line in sys.stdin:
        print (*(f'{step ():.3f}' for _ in range (int (line))), flush=True)


class Contender:
    def __init__ (self, name, command):
        self.process = subprocess.Popen (command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True)
        ready = self.process.stdout.readline ().split ()
        if not ready:
            sys.exit (f'{name} did not start')
        self.name, self.times = ' '.join ([name, *ready[1:]]), []

    def run (self):
        self.process.stdin.write ('1\n')
        self.process.stdin.flush ()
        self.times += map (float, self.process.stdout.readline ().split ())

    def end (self):
        self.process.stdin.close ()
        self.process.wait ()

    def peak (self):
        """The peak of the process's memory, in bytes."""
        for line in open (f'/proc/{self.process.pid}/status'):
            if line.startswith ('VmHWM:'):
                return 1024 * int (line.split ()[1])


def contenders (build, ngf, batch, threads, *options):
    """Our program, our program with the options if there are any, and PyTorch with both memory
    layouts."""
    os.sched_setaffinity (0, sorted (os.sched_getaffinity (0))[:int (threads)])
    numbers = [str (number) for number in (ngf, batch, threads)]
    peer = [sys.executable, pathlib.Path (__file__), 'serve', *numbers]
    ours = [pathlib.Path (build) / 'tests/bench', 'step', *numbers]
    told = [Contender ('pix2pix ' + ' '.join (options), [*ours, *options])] if options else []
    return [Contender ('pix2pix', ours), *told,
            Contender ('PyTorch', [*peer, 'nchw']),
            Contender ('PyTorch, channels last', [*peer, 'channels-last'])]


def take_turns (contenders, rounds=ROUNDS):
    for _ in range (rounds):
        for contender in contenders:
            time.sleep (PAUSE)
            contender.run ()


def main (build, ngf, batch, threads, *options):
    running = contenders (build, ngf, batch, threads, *options)
    take_turns (running)

    print (f'pix2pix step, unet_256, ngf and ndf {ngf}, batch {batch}, {SIZE}², {threads} threads')
    print (f"{'':36} {'median ms':>10} {'best ms':>9} {'ours / it':>10} {'peak MB':>9}")
    mine = statistics.median (running[0].times)
    for contender in running:
        middle = statistics.median (contender.times)
        print (f'{contender.name:36} {middle:10.1f} {min (contender.times):9.1f} '
               f'{mine / middle:10.2f} {contender.peak () / 1e6:9.0f}')
        contender.end ()


if __name__ == '__main__':
    if sys.argv[1] == 'serve':
        serve (*map (int, sys.argv[2:5]), sys.argv[5])
    else:
        main (*sys.argv[1:])

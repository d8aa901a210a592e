#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares our training step with PyTorch's: bench_step.py BUILD RECIPE NGF BATCH THREADS [OPTION…]

Trains a recipe's networks (RECIPES), with NGF channels, from random weights.  Every contender is a
process of its own, so that its memory can be measured separately.  They take turns on the same
cores, one step each, and only figures of one run are compared.  With options of `pix2pix train`,
our step is measured twice, without them and with them.

    bench_step.py serve RECIPE NGF BATCH THREADS nchw|channels-last

is the process that runs PyTorch.  For each number that it reads, it runs that many steps and prints
their milliseconds.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

ROUNDS = 15
PAUSE = 0.1     # seconds, long enough for a contender's threads to stop spinning


class Recipe:
    """The networks to measure: their name, the pictures' side, our program's options, and the same
    in PyTorch."""

    def __init__ (self, name, ngf):
        self.ngf, self.unpaired = ngf, name == 'cyclegan'
        self.blocks = 6 if ngf <= 32 else 9
        self.side = 128 if self.unpaired and ngf <= 32 else 256
        self.net = f'resnet_{self.blocks}' if self.unpaired else 'unet_256'
        self.options = ('--recipe', 'cyclegan', '--netG', f'{self.net}blocks', '--crop-size',
                        str (self.side), '--load-size', str (self.side)) if self.unpaired else ()

    def networks (self):
        """The generators and the discriminators."""
        from reference import PatchGan, Resnet, Unet
        if not self.unpaired:
            return [Unet (ngf=self.ngf, dropout=True)], [PatchGan (ndf=self.ngf)]
        return ([Resnet (self.blocks, self.ngf, norm='instance') for _ in range (2)],
                [PatchGan (3, self.ngf, norm='instance') for _ in range (2)])

    def model (self, generators, discriminators):
        import cyclegan
        import steps
        if not self.unpaired:
            return steps.Pix2pix (steps.DEFAULTS, *generators, *discriminators, fused=True)
        options = dict (cyclegan.DEFAULTS, size=self.side, pool=50)
        return cyclegan.CycleGan (options, generators, discriminators, fused=True)


def serve (recipe, batch, threads, layout):
    import torch

    torch.set_num_threads (threads)
    torch.manual_seed (1)
    memory_format = torch.channels_last if layout == 'channels-last' else torch.contiguous_format
    networks = recipe.networks ()
    for net in networks[0] + networks[1]:
        for module in net.modules ():
            if isinstance (module, (torch.nn.Conv2d, torch.nn.ConvTranspose2d)):
                torch.nn.init.normal_ (module.weight, 0, 0.02)
        net.to (memory_format=memory_format)
    model = recipe.model (*networks)
    a, b = ((torch.rand (batch, 3, recipe.side, recipe.side) * 2 - 1)
            .contiguous (memory_format=memory_format) for _ in range (2))

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


def contenders (build, recipe, ngf, batch, threads, *options):
    """Our program, our program with the options if there are any, and PyTorch with both memory
    layouts."""
    os.sched_setaffinity (0, sorted (os.sched_getaffinity (0))[:int (threads)])
    numbers = [str (number) for number in (ngf, batch, threads)]
    peer = [sys.executable, pathlib.Path (__file__), 'serve', recipe, *numbers]
    ours = [pathlib.Path (build) / 'tests/bench', 'step', *numbers,
            *Recipe (recipe, int (ngf)).options]
    told = [Contender ('pix2pix ' + ' '.join (options), [*ours, *options])] if options else []
    return [Contender ('pix2pix', ours), *told,
            Contender ('PyTorch', [*peer, 'nchw']),
            Contender ('PyTorch, channels last', [*peer, 'channels-last'])]


def take_turns (contenders, rounds=ROUNDS):
    for _ in range (rounds):
        for contender in contenders:
            time.sleep (PAUSE)
            contender.run ()


def main (build, name, ngf, batch, threads, *options):
    recipe = Recipe (name, int (ngf))
    running = contenders (build, name, ngf, batch, threads, *options)
    take_turns (running)

    print (f'{name} step, {recipe.net}, ngf and ndf {ngf}, batch {batch}, {recipe.side}², '
           f'{threads} threads')
    print (f"{'':36} {'median ms':>10} {'best ms':>9} {'ours / it':>10} {'peak MB':>9}")
    mine = statistics.median (running[0].times)
    for contender in running:
        middle = statistics.median (contender.times)
        print (f'{contender.name:36} {middle:10.1f} {min (contender.times):9.1f} '
               f'{mine / middle:10.2f} {contender.peak () / 1e6:9.0f}')
        contender.end ()


if __name__ == '__main__':
    if sys.argv[1] == 'serve':
        serve (Recipe (sys.argv[2], int (sys.argv[3])), *map (int, sys.argv[4:6]), sys.argv[6])
    else:
        main (*sys.argv[1:])

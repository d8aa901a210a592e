#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the race of tests/train-race: train-race.py BUILD DATA FOLDER THREADS OPTION…

Our program trains labels → facade with the options, and its best model is evaluated on the
validation folder.  PyTorch's time is its time per step on this machine times the number of steps of
the reference training.  Its step is measured alternately with ours, before and after our training.
PyTorch's quality is that of the reference training: the public recipe with PyTorch 2.6, unet_256,
ngf 32, 60 epochs on the same pictures.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import bench_step

STEPS, NGF = 23827, 32
REFERENCE = {'l1': 0.3548, 'ssim': 0.2379, 'sharpness': 0.969, 'grid_energy': 2.54}
# Limits that our model must reach.  1 means that larger is better, −1 that smaller is better.
GOALS = {'l1': (-1, 0.3548), 'ssim': (1, 0.2379), 'sharpness': (1, 0.95), 'grid_energy': (-1, 1.5)}
MOST_TIME = 0.30
PAIRS = ('--mode', 'aligned', '--direction', 'BtoA')


def step_times (build, threads, options):
    """Milliseconds of our steps and of PyTorch's for each contender: ours, ours with options, and
    PyTorch's two layouts."""
    running = bench_step.contenders (build, 'pix2pix', NGF, 1, threads, *options)
    bench_step.take_turns (running)
    for contender in running:
        contender.end ()
    return [contender.times for contender in running]


def train (program, data, folder, threads, options):
    """Seconds of a whole training."""
    start = time.monotonic ()
    subprocess.run ([program, 'train', '--data', data / 'train', '--val', data / 'val', *PAIRS,
                     '--threads', threads, *options, '-o', folder], check=True)
    return time.monotonic () - start


def judge (program, model, data):
    done = subprocess.run ([program, 'eval', '--model', model, '--data', data / 'val', *PAIRS,
                            '--json'], check=True, text=True, stdout=subprocess.PIPE)
    return json.loads (done.stdout)


def tell (name, figures, ms, seconds, part):
    print (f"{name:10} {figures['l1']:7.4f} {figures['ssim']:7.4f} {figures['sharpness']:10.3f} "
           f"{figures['grid_energy']:12.2f} {ms:9.1f} {seconds:9.0f} {part:8.2f}")


def main (build, data, folder, threads, *options):
    program, data = pathlib.Path (build) / 'core/pix2pix', pathlib.Path (data)
    before = step_times (build, threads, options)
    seconds = train (program, data, folder, threads, options)
    after = step_times (build, threads, options)
    _, ours, *theirs = [statistics.median (a + b) for a, b in zip (before, after)]
    theirs = min (theirs)
    found = judge (program, pathlib.Path (folder) / 'best.safetensors', data)

    print (f"{'':10} {'L1':>7} {'SSIM':>7} {'sharpness':>10} {'grid energy':>12} {'ms a step':>9} "
           f"{'seconds':>9} {'of it':>8}")
    whole = STEPS * theirs / 1000
    tell ('PyTorch', REFERENCE, theirs, whole, 1)
    tell ('ours', found, ours, seconds, seconds / whole)
    behind = [name for name, (sign, goal) in GOALS.items () if sign * found[name] < sign * goal]
    if seconds > MOST_TIME * whole:
        behind.append ('time')
    print ('Won' if not behind else f"Not won: {', '.join (behind)}")


main (*sys.argv[1:])

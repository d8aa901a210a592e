#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: a training that is stopped, killed and out of disk space again and again ends bit for bit
where the straight one ends.  test-train-soak.py PROGRAM LIBRARY

LIBRARY is failing-writes.c.  Everything is counted, not timed: SIGTERM comes after a number of
lines, SIGKILL and the full disk come at a number of calls that change files.  SEED chooses the
numbers.  With SOAK=long the training has ten thousand steps.  Needs nothing but Python.
"""

import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True

from program import ENVIRONMENT, FOLDER, PROGRAM, check, run_tests
from training import COMMON, VAL, check_same_files, metadata, train

LIBRARY = os.path.abspath (sys.argv[2])
SEED = os.environ.get ('SEED', '1')
# 7 steps in an epoch.
EPOCHS, EVENTS = (1430, 100) if os.environ.get ('SOAK') == 'long' else (12, 9)
RESULTS = 'model.safetensors', 'best.safetensors', 'log.csv', f'samples/epoch-{EPOCHS:04}.png'
CALLS = 150     # a start takes about 15 calls and each save about 20


def options ():
    return (*COMMON, '--val', VAL, '--n-epochs', EPOCHS, '--n-epochs-decay', 0, '--print-freq', 3,
            '--save-epoch-freq', 2, '--val-epoch-freq', max (EPOCHS // 5, 1), '--threads', 1)


def begin (name, **settings):
    """Begins or resumes the training.  settings are those of the library."""
    folder = FOLDER / name
    there = (folder / 'checkpoint.safetensors').exists ()
    arguments = ('--resume', folder) if there else ('-o', folder, *options ())
    environment = dict (ENVIRONMENT, **{f'P2P_WRITES_{key.upper ()}': str (value)
                                        for key, value in settings.items ()})
    if settings:
        environment['LD_PRELOAD'] = LIBRARY
    return subprocess.Popen ([PROGRAM, 'train', *map (str, arguments)], env=environment,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end (process, statuses):
    output, errors = process.communicate (timeout=600)
    check (process.returncode in statuses, f'status {process.returncode}: {errors}')
    return output


def interrupt (name, event, chance):
    """Runs the training until the event."""
    if event == 'stop':
        process = begin (name)
        for _ in range (chance.randrange (1, 12)):
            process.stdout.readline ()
        process.terminate ()
        end (process, (0,))
    else:
        end (begin (name, at=chance.randrange (1, CALLS), how=event),
             (0, -9) if event == 'kill' else (0, 1))


def test_soak ():
    """the models, the log and the samples are the same, and nothing is left over"""
    chance, steps = random.Random (SEED), []
    train ('straight', *options ())
    for i in range (EVENTS):
        event = ('stop', 'kill', 'full')[i % 3]
        interrupt ('soak', event, chance)
        checkpoint = FOLDER / 'soak/checkpoint.safetensors'
        steps.append ((event, int (metadata (checkpoint)['state.step'])
                       if checkpoint.exists () else 0))
    check (any (0 < step < 7 * EPOCHS for _, step in steps), f'no event came in between: {steps}')
    end (begin ('soak'), (0,))
    print (f'# went on from {steps}')
    check_same_files ('soak', 'straight', RESULTS)
    left = [{path.relative_to (FOLDER / name) for path in (FOLDER / name).rglob ('*')}
            for name in ('soak', 'straight')]
    check (left[0] == left[1], left[0] ^ left[1])


run_tests (globals ())

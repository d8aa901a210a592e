#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the number of instructions that the program's work takes.  test-instructions.py PROGRAM
BENCH

Time varies too much for a test, instructions do not.  Callgrind counts them on one thread, with the
kernels for AVX2.  The expected figures hold for the compiler and the OpenBLAS of Debian 13.  After
an intended change, put the new figure into EXPECTED.
"""

import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True

from program import FOLDER, PROGRAM, Skip, check, run_tests

BENCH = os.path.abspath (sys.argv[2])
TOP = pathlib.Path (__file__).resolve ().parent.parent
SYSTEM, TOLERANCE = 'VERSION_ID="13"', 0.03
EXPECTED = {'apply': 688, 'step': 699}     # millions


def count (command, text=None):
    """Millions of instructions that a process takes."""
    if SYSTEM not in pathlib.Path ('/etc/os-release').read_text ():
        raise Skip ('the figures are those of Debian 13')
    if 'avx2' not in pathlib.Path ('/proc/cpuinfo').read_text ():
        raise Skip ('the figures are those of AVX2, which this processor does not have')
    run = subprocess.run (['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null',
                           *map (str, command)],
                          # Threads of OpenBLAS, which are not used, would spin.  tests/run sets
                          # options for memcheck.
                          env=dict (os.environ, P2P_ISA='avx2', OPENBLAS_CORETYPE='Haswell',
                                    OPENBLAS_NUM_THREADS='1', VALGRIND_OPTS=''),
                          input=text, text=True, capture_output=True)
    check (run.returncode == 0, run.stderr)
    return int (re.search (r'Collected : (\d+)', run.stderr)[1]) / 1e6


def compare (name, millions):
    ratio = millions / EXPECTED[name]
    check (abs (ratio - 1) < TOLERANCE,
           f'{millions:.0f} million instructions, {ratio:.3f} times the expected {EXPECTED[name]}')


def test_apply ():
    """applying a model to a picture of 256 × 256, from file to file, takes the expected number"""
    compare ('apply', count ([PROGRAM, 'apply', '-q', '--threads', 1, '--model',
                              TOP / 'weights/facade.safetensors',
                              TOP / 'tests/data/facade-labels.png', '-o', FOLDER / 'out.png']))


def test_step ():
    """a training step with ngf 16 takes the expected number of instructions"""
    one, three = (count ([BENCH, 'step', 16, 1, 1], f'{n}\n') for n in (1, 3))
    compare ('step', (three - one) / 2)


run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the result of a training does not depend on which of Debian's builds of OpenBLAS a system
has.

    test-blas-builds.py PROGRAM FOLDER

FOLDER/openblas-BUILD has the library of each build.
"""

import pathlib
import sys

from handmade import write_png
from program import ENVIRONMENT, FOLDER, Skip, check, new_folder, run, run_tests

LIBRARIES = pathlib.Path (sys.argv[2])


def trained (build):
    """Trains a model.  OpenBLAS computes all of its products, which are large enough for several
    threads."""
    if not (LIBRARIES / f'openblas-{build}').is_dir ():
        raise Skip (f'OpenBLAS’s {build} build is not installed')
    run ('train', '--data', FOLDER / 'pairs', '-o', FOLDER / build, '--mode', 'aligned', '--netG',
         'unet_128', '--load-size', 128, '--crop-size', 128, '--n-epochs', 1, '--n-epochs-decay', 0,
         '--threads', 2, env=dict (ENVIRONMENT, P2P_ISA='blas',
                                   LD_LIBRARY_PATH=str (LIBRARIES / f'openblas-{build}')))
    return (FOLDER / build / 'model.safetensors').read_bytes ()


def test_bits ():
    """a training gives the same weights, bit for bit, with each build of OpenBLAS"""
    folder = new_folder ('pairs')
    for i in range (3):
        write_png (folder / f'{i}.png', 256, 128,
                   lambda x, y, i=i: bytes ((x * (i + 1) % 256, 2 * y, (x + y) % 256)))
    serial, *others = map (trained, ('serial', 'pthread', 'openmp'))
    check (all (other == serial for other in others), 'other weights')


run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the benchmark's figures that are not times.  test-bench.py PROGRAM BENCH"""

import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True

from program import check, run_tests

BENCH = os.path.abspath (sys.argv[2])
MOST = 1e-10    # normalized squared error of a convolution


def not_a_number (word):
    check (False, f'{word} is not of JSON')


def test_layers ():
    """layers as JSON: every convolution of unet_256 is close enough to its definition"""
    run = subprocess.run ([BENCH, 'layers', 'unet', '256', '2', 'json'], capture_output=True,
                          text=True)
    layers = json.loads (run.stdout, parse_constant=not_a_number)
    convolutions = [layer for layer in layers['layers'] if layer['algorithm']]
    check (len (convolutions) == 16, f'{len (convolutions)} convolutions')
    far = [layer for layer in convolutions if not 0 < layer['error'] <= MOST]
    check (not far, far)


run_tests (globals ())

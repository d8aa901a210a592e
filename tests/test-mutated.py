#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: readers give a result or an error for files that were changed at random, a fixed number of
them.  test-mutated.py MAKE-SEEDS MUTATE-TARGET…

tests/fuzz looks for such files for longer.  SEED chooses the changes, TIMES their number for each
file.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

SEED, TIMES = os.environ.get ('SEED', '1'), os.environ.get ('TIMES', '100')


def main (make_seeds, programs):
    print (f'1..{len (programs)}')
    with tempfile.TemporaryDirectory (prefix='pix2pix-seeds-') as folder:
        subprocess.run ([sys.executable, make_seeds, folder], check=True)
        for number, program in enumerate (programs, 1):
            target = pathlib.Path (program).name.removeprefix ('mutate-')
            done = subprocess.run ([program, TIMES, SEED, f'{folder}/{target}'],
                                   capture_output=True, text=True, errors='replace')
            print (f'{"not ok" if done.returncode else "ok"} {number} {target}')
            for line in done.stderr.splitlines ()[-60:] if done.returncode else ():
                print (f'# {line}')


main (sys.argv[1], sys.argv[2:])

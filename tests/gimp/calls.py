# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: prints the milliseconds of some calls of the procedure with a small model.  GIMP
starts a process of the plug-in for each."""

import time

from helpers import opened, run
from samples import picture

with opened (picture (3)) as (image, layer):
    for turn in range (20):
        start = time.monotonic ()
        run (image, layer)
        print (f'call: {(time.monotonic () - start) * 1000}', flush=True)

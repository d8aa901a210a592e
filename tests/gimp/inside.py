# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the checks inside GIMP (python-fu-eval) and writes the results to $P2P_TEST/checks.json,
which test-gimp.py reads: the claim, whether it holds, and why it failed or was skipped."""

import json
import traceback

import arguments
import errors
import layers
import pixels
import places
import seen
from helpers import FOLDER

results = []
for module in (pixels, places, arguments, layers, seen, errors):
    for name, check in list (vars (module).items ()):
        if name.startswith ('check_'):
            try:
                results.append ((check.__doc__, True, check ()))
            except AssertionError as error:
                results.append ((check.__doc__, False, str (error)))
            except Exception:
                results.append ((check.__doc__, False, traceback.format_exc ()))

(FOLDER / 'checks.json').write_text (json.dumps (results))

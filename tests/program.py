# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the tests of the pix2pix program: runs the program that is named on the command line in
a folder of its own, and reports as TAP."""

import atexit
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.path.abspath (sys.argv[1])
FOLDER = pathlib.Path (tempfile.mkdtemp (prefix='pix2pix-cli-'))
atexit.register (shutil.rmtree, FOLDER)
MODELS = FOLDER / 'data' / 'pix2pix' / 'models'
ENVIRONMENT = dict (os.environ, XDG_DATA_HOME=str (FOLDER / 'data'),
                    XDG_CACHE_HOME=str (FOLDER / 'cache'), LC_ALL='C.UTF-8', LANGUAGE='')


class Skip (Exception):
    pass


def check (condition, message):
    if not condition:
        raise AssertionError (message)


def run (*arguments, status=0, **options):
    """Runs the program and returns what it wrote to standard output and standard error."""
    options = dict (dict (env=ENVIRONMENT, timeout=120, capture_output=True, text=True), **options)
    done = subprocess.run ([PROGRAM, *map (str, arguments)], **options)
    check (done.returncode == status,
           f'exit status {done.returncode}, not {status}, of pix2pix {arguments}: {done.stderr}')
    return done.stdout, done.stderr


def on_terminal (*arguments):
    """Runs the program with a terminal as its standard error and returns what it wrote there."""
    ours, its = pty.openpty ()
    process = subprocess.Popen ([PROGRAM, *map (str, arguments)], env=ENVIRONMENT,
                                stdout=subprocess.DEVNULL, stderr=its)
    os.close (its)
    shown = b''
    try:
        while part := os.read (ours, 4096):
            shown += part
    except OSError:     # Linux reports the end of a terminal like this
        pass
    os.close (ours)
    check (process.wait () == 0, f'exit status {process.returncode}')
    return shown.decode ()


def new_folder (name):
    folder = FOLDER / name
    folder.mkdir ()
    return folder


# ---- Running the tests --------------------------------------------------------------------

def report (number, test):
    try:
        test ()
        print (f'ok {number} {test.__doc__}', flush=True)
    except Skip as reason:
        print (f'ok {number} {test.__doc__} # SKIP {reason}', flush=True)
    except Exception:       # whatever it was, run the next tests
        print (f'not ok {number} {test.__doc__}')
        for line in traceback.format_exc ().splitlines ():
            print (f'# {line}', flush=True)


def run_tests (names):
    """Runs the test_ functions of a module in the order in which they are defined."""
    tests = [value for name, value in list (names.items ()) if name.startswith ('test_')]
    print (f'1..{len (tests)}')
    for number, test in enumerate (tests, 1):
        report (number, test)

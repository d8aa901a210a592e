# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a separate GIMP profile with the plug-in in a folder, and starts GIMP with it."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path (__file__).resolve ().parent
CONSOLE = ['gimp-console-3', '-id', '--quit', '--batch-interpreter']
GIMP = ['gimp-3', '-ds', '--quit', '--batch-interpreter', 'python-fu-eval', '-b']


def make (folder, plug_in):
    """Makes the profile and returns the plug-in's folder, which has no models yet."""
    place = folder / 'profile/plug-ins/pix2pix'
    for path in place / 'models', place / 'locale', folder / 'data', folder / 'config':
        path.mkdir (parents=True)
    shutil.copy (plug_in, place / 'pix2pix')
    return place


def environment (folder, **more):
    # GIMP's own leaks are not reported.
    return {**os.environ, 'P2P_TEST': str (folder), 'GIMP3_DIRECTORY': str (folder / 'profile'),
            'XDG_DATA_HOME': str (folder / 'data'), 'XDG_CONFIG_HOME': str (folder / 'config'),
            'PYTHONDONTWRITEBYTECODE': '1', 'LANGUAGE': 'C', 'LC_ALL': 'C.UTF-8',
            'ASAN_OPTIONS': 'detect_leaks=0', 'DISPLAY': '', 'WAYLAND_DISPLAY': '', **more}


def python_batch (script):
    """A batch command for the Python interpreter that runs one of the scripts in this folder."""
    return f'import sys; sys.path.insert (0, {str (HERE)!r}); import {script}'


def run (command, env):
    """Runs a command with its standard output and error merged.  Scripts that wait in vain end long
    before the timeout."""
    return subprocess.run (command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, errors='replace', timeout=1000,
                           check=False)


def launch (folder, interpreter, script, **more):
    """Runs GIMP without a display."""
    return run ([*CONSOLE, interpreter, '-b', script], environment (folder, **more))


def on_display (folder, *command, height=900, **more):
    """Runs a command on a virtual display.  Its number is chosen by process, since other tests may
    start displays at the same time."""
    return run (['xvfb-run', '-a', '-n', str (100 + os.getpid () % 10000), '-s',
                 f'-screen 0 1280x{height}x24', 'dbus-run-session', '--', *command],
                environment (folder, GTK_A11Y='atspi', GDK_BACKEND='x11', **more))

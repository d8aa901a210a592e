# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a separate GIMP profile with the plug-in in a folder, and starts GIMP with it."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path (__file__).resolve ().parent
CONSOLE = ['gimp-console-3', '-id', '--quit', '--batch-interpreter']
# Those of GIMP's own plug-ins that tests use.  To ask all of them at its first start takes GIMP
# twice as long.
KEPT = 'file-glob', 'file-jpeg', 'file-png', 'help', 'python-eval', 'script-fu', 'web-browser'
GIMP = ['gimp-3', '-ds', '--quit', '--batch-interpreter', 'python-fu-eval', '-b']


def make (folder, plug_in):
    """Makes the profile and returns the plug-in's folder, which has no models yet."""
    place = folder / 'profile/plug-ins/pix2pix'
    for path in place / 'models', place / 'locale', folder / 'data', folder / 'config':
        path.mkdir (parents=True)
    shutil.copy (plug_in, place / 'pix2pix')
    keep_plug_ins (folder)
    return place


def keep_plug_ins (folder):
    """Makes a copy of the system's settings of GIMP, and lets it find only those of GIMP's plug-ins
    that are in KEPT."""
    library, settings = (pathlib.Path (subprocess.run (
        ['pkg-config', f'--variable={name}', 'gimp-3.0'], stdout=subprocess.PIPE, text=True,
        check=True).stdout.strip ()) for name in ('gimplibdir', 'gimpsysconfdir'))
    shutil.copytree (settings, folder / 'system')
    (folder / 'plug-ins').mkdir ()
    for name in KEPT:
        (folder / 'plug-ins' / name).symlink_to (library / 'plug-ins' / name)
    with (folder / 'system/gimprc').open ('a') as file:
        file.write (f'(plug-in-path "{folder}/plug-ins:${{gimp_dir}}/plug-ins")\n')


def environment (folder, **more):
    # GIMP's own leaks are not reported.  Meson lets malloc () fill all memory (MALLOC_PERTURB_),
    # which makes GIMP and its plug-ins take longer.
    return {**os.environ, 'P2P_TEST': str (folder), 'GIMP3_DIRECTORY': str (folder / 'profile'),
            'GIMP3_SYSCONFDIR': str (folder / 'system'), 'XDG_DATA_HOME': str (folder / 'data'),
            'XDG_CONFIG_HOME': str (folder / 'config'), 'PYTHONDONTWRITEBYTECODE': '1',
            'LANGUAGE': 'C', 'LC_ALL': 'C.UTF-8', 'ASAN_OPTIONS': 'detect_leaks=0',
            'MALLOC_PERTURB_': '0', 'DISPLAY': '', 'WAYLAND_DISPLAY': '', **more}


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

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: A hundred calls and dialogs in one process of the plug-in leave nothing behind: no memory,
widget, thread, open file or temporary file

    test-gimp-soak.py SOAK

SOAK is the plug-in that soak.c makes.
"""

import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path (__file__).resolve ().parent
sys.path.insert (0, str (HERE / 'gimp'))
sys.dont_write_bytecode = True

try:
    import launcher
    import samples
except ImportError as error:
    print (f'1..0 # SKIP {error.name} for Python is not installed')
    sys.exit ()

TURNS, WARM = 100, 10
COLUMNS = 'heap', 'buffers', 'widgets', 'threads', 'descriptors', 'files'

# Switches off what comes and goes: the symbols that GTK keeps in each color that they have while
# they fade (findings/gtk-symbols-that-fade.sh), GEGL's pools of tiles and babl's tables, of up to
# 64 MB each, what malloc () keeps for each thread, and GTK's talk with assistive technology.
ALONE = {'GEGL_TILE_ALLOC': '0', 'BABL_LUT': '0', 'NO_AT_BRIDGE': '1',
         'GLIBC_TUNABLES': 'glibc.malloc.tcache_count=0'}
SETTINGS = '[Settings]\ngtk-enable-animations=false\n'

# The heap may grow by as many bytes a turn; with GIMP 3.0.4 it grows by less than 1000.  Each check
# button of gimp_prop_check_button_new () would add 2000 (findings/gimp-check-button-label.sh). A
# result of the middle size takes 250 kB.
MOST_GROWTH = 1500

passed = count = 0


def report (good, claim, why=''):
    global passed, count
    count += 1
    passed += bool (good)
    print (f'{"ok" if good else "not ok"} {count} - {claim}')
    if not good:
        print (''.join (f'# {line}\n' for line in str (why).splitlines ()), end='')


def install (folder):
    """Makes a profile with the plug-in that soaks, and models of each kind in the user's folder."""
    launcher.make (folder, sys.argv[1])
    plug_ins, models = folder / 'profile/plug-ins', folder / 'data/pix2pix/models'
    (plug_ins / 'pix2pix').rename (plug_ins / 'soak')
    (plug_ins / 'soak/pix2pix').rename (plug_ins / 'soak/soak')
    (folder / 'config/gtk-3.0').mkdir ()
    (folder / 'config/gtk-3.0/settings.ini').write_text (SETTINGS)
    (folder / 'tmp').mkdir ()
    models.mkdir (parents=True)
    for name, *arguments, more in (
            ('rgb', {}),
            ('gray', samples.unet, 1, 1, {}),
            ('labels', {'inputs': 'labels', 'palette': samples.PALETTE}),
            ('colors', samples.unet, 1, 2, {'inputs': 'lab-l', 'output': 'lab-ab'}),
            ('cutout', samples.unet, 4, 4, {'inputs': 'rgba', 'output': 'rgba'}),
            ('local', samples.resnet, {'use_dropout': 'false', 'norm_statistics': 'running'}),
            ('lines', samples.unet, 9, 3, {'inputs': samples.HINTS})):
        samples.write_model (models / f'{name}.safetensors', name, *arguments, gain=0.25, **more)
    samples.write_trained (models / 'trained.pth')


def check_work (texts):
    """The turns did what they are for: enough of each kind, by the seed."""
    for text, least in (('call', 50), ('dialog', 50), ('done', 40), ('closed', 5),
                        ('cancelled', 5)):
        found = sum (text in each for each in texts)
        report (found >= least, f'at least {least} turns: {text}', '\n'.join (texts))


def check_growth (heap):
    """Some 200 kB are kept now and then, so the least of ten turns is compared."""
    least = [min (heap[start:start + 10]) for start in range (WARM, TURNS, 10)]
    growth = (least[-1] - least[0]) / (TURNS - WARM - 10)
    print (f'# least heap of each ten turns: {", ".join (map (str, least))}')
    report (growth <= MOST_GROWTH, f'the heap grows by less than {MOST_GROWTH} bytes a turn',
            f'{growth:.0f}')


def main ():
    with tempfile.TemporaryDirectory () as name:
        folder = pathlib.Path (name)
        install (folder)
        done = launcher.on_display (folder, *launcher.GIMP, launcher.python_batch ('soak'),
                                    TMPDIR=str (folder / 'tmp'), **ALONE)
        log = folder / 'soak.log'
        seed, *lines = log.read_text ().splitlines () if log.exists () else ['no log']

    print (f'# {seed}')
    report (len (lines) == TURNS and '(soak:' not in done.stdout,
            f'{TURNS} turns in one process, without a warning', done.stdout + '\n'.join (lines))
    if len (lines) == TURNS:
        rows = [line.split (' ', len (COLUMNS)) for line in lines]
        values = {name: [int (row[i]) for row in rows] for i, name in enumerate (COLUMNS)}
        check_work ([row[-1] for row in rows])
        for name in 'buffers', 'widgets':
            report (not any (values[name]), f'no {name} are left after any turn', values[name])
        for name in 'threads', 'descriptors', 'files':
            report (max (values[name][WARM:]) <= max (values[name][:WARM]),
                    f'there are no more {name} than after the first {WARM} turns', values[name])
        check_growth (values['heap'])
    print (f'1..{count}')
    sys.exit (passed != count)


main ()

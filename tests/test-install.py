#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: an ordinary user installs the plug-in, uses it in GIMP, updates and removes it.

    test-install.py PROGRAM

plugin/install builds in a copy of the checkout and installs into a separate home folder.  If the
test runs as root, both belong to “nobody”.  The tests are the steps of one user, in order.
"""

import os
import pathlib
import shutil
import subprocess

from handmade import write_model
from program import FOLDER, Skip, check, run_tests

TOP = pathlib.Path (__file__).resolve ().parent.parent
CLONE, HOME = FOLDER / 'clone', FOLDER / 'home'
OURS = HOME / '.local/share/gimp-pix2pix'
GIMP = HOME / '.config/GIMP'
PROGRAM = HOME / '.local/bin/pix2pix'
LABELS = TOP / 'tests/data/facade-labels.png'
NOBODY = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups']


def as_user (*command, status=0, **more):
    """Runs a command as an ordinary user.  Returns what it wrote to standard output and standard
    error."""
    environment = {'HOME': str (HOME), 'PATH': f'{PROGRAM.parent}:{os.environ["PATH"]}',
                   'LC_ALL': 'C.UTF-8', **more}
    done = subprocess.run ([*(NOBODY if os.getuid () == 0 else []), *map (str, command)],
                           cwd=HOME, env=environment, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=900, check=False)
    check (done.returncode == status,
           f'exit status {done.returncode}, not {status}: {done.stdout}\n{done.stderr[-4000:]}')
    return done.stdout, done.stderr


def install (*options, **more):
    return as_user (CLONE / 'plugin/install', *options, **more)


def write (path, text):
    as_user ('sh', '-c', 'mkdir -p "$(dirname "$0")" && printf "%s" "$1" >"$0"', path, text)


def tree ():
    """What is in the home folder, with size and time, without GIMP's caches."""
    return {path.relative_to (HOME): path.is_file () and (path.stat ().st_size,
                                                         path.stat ().st_mtime_ns)
            for path in HOME.rglob ('*') if '.cache' not in path.parts}


def test_install ():
    """one command installs everything, also before GIMP has a folder, and says so in three lines"""
    FOLDER.chmod (0o755)
    shutil.copytree (TOP, CLONE, symlinks=True,
                     ignore=shutil.ignore_patterns ('build', '.git', '__pycache__'))
    HOME.mkdir ()
    # Only one model is used. The others are small, since they are copied again and again.
    for model in (CLONE / 'weights').glob ('*.safetensors'):
        if model.stem != 'facade':
            write_model (model, num_downs=5, ngf=1)
    # An older build with a file that the next one lacks.
    weights = CLONE / 'weights/meson.build'
    weights.write_text (weights.read_text () +
                        "install_data('README.md', rename: 'old.txt', install_dir: modeldir)\n")
    if os.getuid () == 0:
        subprocess.run (['chown', '-R', 'nobody:nogroup', CLONE, HOME], check=True)
    output, _ = install ()
    check (len (output.splitlines ()) == 3, output)
    check (PROGRAM.exists () and (OURS / 'models/old.txt').exists (), f'{tree ()}')
    check (len (list (GIMP.glob ('3.*/plug-ins/pix2pix/pix2pix'))) == 1, f'{tree ()}')
    check (len (list (GIMP.glob ('3.*/plug-ins/pix2pix/locale/de/LC_MESSAGES/pix2pix.mo'))) == 1,
           f'{tree ()}')
    check (len (list (GIMP.glob ('3.*/palettes/pix2pix-facade.gpl'))) == 1, f'{tree ()}')


def test_gimp ():
    """then the user's GIMP has the procedure, which gives the same as the user's program"""
    try:
        import numpy as np
        from PIL import Image
    except ImportError as error:
        raise Skip (f'{error.name} for Python is not installed') from error
    as_user ('gimp-console-3', '-idf', '--quit', '--batch-interpreter', 'plug-in-script-fu-eval',
             '-b', f'''
        (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{LABELS}")))
               (layers (car (gimp-image-get-selected-layers image))))
          (plug-in-pix2pix #:run-mode RUN-NONINTERACTIVE #:image image #:drawables layers
                           #:model "facade")
          (gimp-file-save RUN-NONINTERACTIVE image "{HOME}/gimp.png" -1)
          (gimp-image-delete image))''')
    as_user (PROGRAM, 'apply', '-q', '--model', 'facade', LABELS, '-o', HOME / 'program.png')
    made, expected = (np.asarray (Image.open (HOME / f'{name}.png').convert ('RGB')).astype (int)
                      for name in ('gimp', 'program'))
    check (np.abs (made - expected).max () <= 1, 'they differ')
    check (np.abs (made - np.asarray (Image.open (LABELS).convert ('RGB'))).mean () > 10,
           'nothing was changed')


def test_doctor ():
    """pix2pix doctor finds that plug-in and nothing wrong with it"""
    output, _ = as_user (PROGRAM, 'doctor')
    check (str (next (GIMP.glob ('3.*/plug-ins/pix2pix/pix2pix'))) in output, output)


def test_missing ():
    """it names an installed file that is missing, and plugin/install restores the file"""
    page = next (GIMP.glob ('3.*/plug-ins/pix2pix/help/en/index.html'))
    page.unlink ()
    output, _ = as_user (PROGRAM, 'doctor', status=1)
    check (f'WRONG  {page} was installed and is gone' in output, output)
    install ()
    check (page.exists (), 'it is still gone')


def test_update ():
    """a second run updates all of the user's GIMP 3 folders and removes obsolete files"""
    shutil.copy (TOP / 'weights/meson.build', CLONE / 'weights/meson.build')
    palette = next (GIMP.glob ('3.*/palettes/pix2pix-facade.gpl'))
    own = (OURS / 'models/mine.txt', HOME / '.local/share/pix2pix/models/mine.safetensors',
           palette.parent.parent / 'plug-ins/pix2pix/models/mine.txt')
    for path in own:
        write (path, 'mine')
    write (palette, 'edited')
    as_user ('mkdir', '-p', GIMP / '3.98', GIMP / '2.10')

    _, errors = install ()
    check (not (OURS / 'models/old.txt').exists (), 'old.txt is still there')
    check (all (path.read_text () == 'mine' for path in own), 'a file of the user’s is gone')
    check ((GIMP / '3.98/plug-ins/pix2pix/pix2pix').exists () and
           (GIMP / '3.98/palettes/pix2pix-facade.gpl').exists (), f'{tree ()}')
    check (not list ((GIMP / '2.10').iterdir ()), 'GIMP 2.10 got something')
    aside = palette.with_name (palette.name + '~')
    check (aside.read_text () == 'edited' and str (aside) in errors, errors)
    check (palette.read_text ().startswith ('GIMP Palette'), palette.read_text ())
    for path in (*own, aside):
        path.unlink ()


def test_remove ():
    """--remove removes exactly that, also what a newer GIMP has copied"""
    as_user ('cp', '-R', GIMP / '3.98', GIMP / '3.99')
    write (GIMP / '3.99/palettes/mine.gpl', 'mine')
    write (OURS / 'models/mine.txt', 'mine')
    install ('--remove')
    left = {path for path in tree () if 'pix2pix' in path.name}
    check (left <= {pathlib.Path (path) for path in (
        '.local/share/gimp-pix2pix', '.local/share/pix2pix')}, f'{left}')
    check ((OURS / 'models/mine.txt').read_text () == 'mine', 'a file of the user’s is gone')
    check ((GIMP / '3.99/palettes/mine.gpl').exists (), 'a file of the user’s is gone')
    for folder in OURS, HOME / '.local', GIMP / '3.98', GIMP / '3.99':
        shutil.rmtree (folder)


def test_find ():
    """after installing and removing, find shows exactly what was there before"""
    before = tree ()
    install ()
    install ('--remove')
    check (tree () == before, f'{set (tree ()) ^ set (before)}')
    output, _ = install ('--remove')
    check (tree () == before and 'nothing' in output, output)


def test_variables ():
    """the plug-in goes into GIMP's folder as GIMP3_DIRECTORY, or else XDG_CONFIG_HOME, names it"""
    for folder, variables in (('elsewhere', {'GIMP3_DIRECTORY': 'elsewhere'}),
                              ('config/GIMP/3.0', {'XDG_CONFIG_HOME': str (HOME / 'config')})):
        as_user ('mkdir', '-p', HOME / folder)
        before = tree ()
        install (**variables)
        check ({path.parent.parent.parent for path in HOME.rglob ('plug-ins/pix2pix/pix2pix')} ==
               {HOME / folder}, f'{tree ()}')
        install ('--remove')
        check (tree () == before, f'{set (tree ()) ^ set (before)}')


def test_in_the_way ():
    """another program with the same name stays, and nothing is installed"""
    write (PROGRAM, 'another')
    before = tree ()
    _, errors = install (status=1)
    check (str (PROGRAM) in errors and tree () == before, errors)
    PROGRAM.unlink ()


def test_half ():
    """if a folder is not writable, nothing is left half installed"""
    if os.getuid () == 0 and not shutil.which (NOBODY[0]):
        raise Skip ('there is no setpriv')
    as_user ('mkdir', '-p', HOME / '.local/share')
    (HOME / '.local/share').chmod (0o500)
    before = tree ()
    _, errors = install (status=1)
    (HOME / '.local/share').chmod (0o700)
    check (tree () == before and 'nothing was changed' in errors,
           f'{errors} {set (tree ()) ^ set (before)}')
    shutil.rmtree (HOME / '.local')


def test_meson ():
    """meson install into the user's folders, then ninja uninstall, leaves nothing behind"""
    before = tree ()
    as_user ('meson', 'install', '-C', CLONE / 'build/own', '--no-rebuild', '--quiet')
    check (PROGRAM.exists () and list (GIMP.glob ('3.*/plug-ins/pix2pix/pix2pix')), f'{tree ()}')
    as_user ('ninja', '-C', CLONE / 'build/own', 'uninstall')
    check (tree () == before, f'{set (tree ()) ^ set (before)}')


def test_usage ():
    """an unknown option: status 2 and the usage"""
    _, errors = install ('--upgrade', status=2)
    check (errors.startswith ('Usage: plugin/install'), errors)


run_tests (globals ())

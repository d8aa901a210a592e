#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: what `pix2pix doctor` finds wrong with an installation, and how it says to fix it.

    test-doctor.py PROGRAM

GIMP and the plug-in are scripts that answer --version, since that is all the doctor asks them.
"""

import os

from handmade import write_model
from program import ENVIRONMENT, FOLDER, MODELS, Skip, check, run, run_tests

BIN = FOLDER / 'bin'
PLUG_IN = FOLDER / 'config/GIMP/3.0/plug-ins/pix2pix/pix2pix'
ENVIRONMENT.update (XDG_CONFIG_HOME=str (FOLDER / 'config'), HOME=str (FOLDER),
                    PATH=f'{BIN}:{os.environ["PATH"]}')
for unset in 'GIMP3_DIRECTORY', 'P2P_ISA':
    ENVIRONMENT.pop (unset, None)


def write_script (path, commands):
    path.parent.mkdir (parents=True, exist_ok=True)
    path.write_text (f'#!/bin/sh\n{commands}\n')
    path.chmod (0o755)


def doctor (status, *lines, **more):
    """Checks the exit status, and that the output contains the lines.  Runs of blanks count as
    one."""
    output, _ = run ('doctor', status=status, env=dict (ENVIRONMENT, **more))
    words = ' '.join (output.split ())
    for line in lines:
        check (line in words, f'“{line}” is not in: {output}')
    return words


def test_nothing_wrong ():
    """with GIMP 3, the plug-in and a model, nothing is wrong: exit status 0"""
    doctor (0, f'ok GIMP 3.0.99: {BIN}/gimp-console-3', f'ok plug-in {VERSION}: {PLUG_IN}',
            f'ok {MODELS}/small.safetensors', 'kernels:', 'OpenBLAS', 'PNG, TIFF, JPEG', 'free of',
            'Nothing is wrong.')


def test_not_installed ():
    """GIMP 3 without the plug-in: exit status 1, and the command that installs it"""
    PLUG_IN.rename (FOLDER / 'aside')
    doctor (1, 'WRONG the plug-in is not installed in GIMP → run plugin/install',
            'Things that are wrong: 1')
    (FOLDER / 'aside').rename (PLUG_IN)


def test_not_executable ():
    """a plug-in that is not executable: the command that makes it executable"""
    PLUG_IN.chmod (0o644)
    doctor (1, f"is not executable → chmod +x '{PLUG_IN}'")
    PLUG_IN.chmod (0o755)


def test_does_not_run ():
    """a plug-in that lacks a library: the system's error message"""
    write_script (PLUG_IN, 'echo "libgimp-3.0.so.0: cannot open shared object file" >&2; exit 127')
    doctor (1, f'WRONG the plug-in {PLUG_IN} does not run: libgimp-3.0.so.0: cannot open shared '
            'object file → run plugin/install')


def test_another_version ():
    """the plug-in and the program have different versions: both versions, and the update command"""
    write_script (PLUG_IN, 'echo pix2pix 0.0.7')
    doctor (1, f'WRONG the plug-in {PLUG_IN} is version 0.0.7, this program is {VERSION} '
            '→ run plugin/install')
    write_script (PLUG_IN, f'echo pix2pix {VERSION}')


def test_folder_by_variable ():
    """if GIMP3_DIRECTORY names GIMP's folder, the plug-in is looked for only there"""
    words = doctor (1, f'no plug-in in {FOLDER}/other/plug-ins', 'not installed in GIMP',
                    GIMP3_DIRECTORY='other')
    check (str (PLUG_IN) not in words, words)


def test_broken_model ():
    """a model that cannot be opened: its file, the reason, and how to get rid of it"""
    broken = MODELS / 'broken.safetensors'
    broken.write_bytes (b'nonsense' * 100)
    _, errors = run ('bench', '--model', broken, status=1)
    reason = errors.removeprefix ('pix2pix: ').strip ()
    doctor (1, f"WRONG {reason} → get the file again, move it elsewhere, or delete it: "
            f"rm '{broken}'", f'ok {MODELS}/small.safetensors')
    broken.unlink ()


def test_unreadable_model ():
    """a model without read permission: the command that makes it readable"""
    if os.geteuid () == 0:
        raise Skip ('root may read everything')
    path = MODELS / 'small.safetensors'
    path.chmod (0)
    doctor (1, f"→ chmod u+r '{path}'")
    path.chmod (0o644)


def test_beside_plug_in ():
    """models beside the plug-in, which GIMP uses, are checked as well"""
    broken = PLUG_IN.parent / 'models/beside.safetensors'
    broken.parent.mkdir ()
    broken.write_bytes (b'')
    doctor (1, 'WRONG beside.safetensors: ', f"rm '{broken}'")
    broken.unlink ()


def test_loaders ():
    """picture formats that cannot be read: their names and the packages that read them"""
    doctor (1, 'WRONG no BMP →', 'libgdk-pixbuf-2.0-0', 'note no WebP →', 'webp-pixbuf-loader',
            GDK_PIXBUF_MODULE_FILE='/dev/null')


def test_limited ():
    """a variable limits the kernels: the chosen kernels, and the command that lifts the limit"""
    doctor (0, 'note the variable P2P_ISA=blas limits the kernels → unset P2P_ISA', 'kernels: blas',
            P2P_ISA='blas')


def test_flatpak ():
    """GIMP from Flatpak: the plug-in does not run there, and what to install instead"""
    (FOLDER / '.var/app/org.gimp.GIMP').mkdir (parents=True)
    doctor (0, 'note the GIMP from Flatpak has its own libraries',
            "→ install your system's own GIMP 3")


VERSION = run ('--version')[0].split ()[1]
MODELS.mkdir (parents=True)
write_model (MODELS / 'small.safetensors')
write_script (BIN / 'gimp-console-3', 'echo GNU Image Manipulation Program version 3.0.99')
write_script (PLUG_IN, f'echo pix2pix {VERSION}')
run_tests (globals ())

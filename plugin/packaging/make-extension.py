#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs a folder as an extension for GIMP: make-extension.py FOLDER ARCHIVE

The archive is a zip file whose entries all begin with the folder's name.  Its bytes depend on the
files' names and contents, on what is executable, and on SOURCE_DATE_EPOCH, and on nothing else.

GIMP reads the archive from its front to its end.  So each entry must begin with its size, which
zipfile writes there, and with its permissions, which zip files have only at their end.  libarchive,
which GIMP uses, reads permissions in front from an extra field of its own.
"""

import os
import pathlib
import stat
import struct
import sys
import time
import zipfile

UNIX = 3                # what "made by" means, and with it the permissions
VERSION = 20            # of the zip format
EXTERNAL = 0x6c78       # libarchive's extra field
HAS = 1 | 4             # which parts it has: the version made by, and the external attributes


def pack (archive, path, name, moment):
    executable = path.stat ().st_mode & stat.S_IXUSR
    mode = stat.S_IFREG | (0o755 if executable else 0o644)
    entry = zipfile.ZipInfo (name, moment)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = UNIX
    entry.external_attr = mode << 16
    entry.extra = struct.pack ('<HHBHL', EXTERNAL, 7, HAS, UNIX << 8 | VERSION, mode << 16)
    archive.writestr (entry, path.read_bytes ())


def main ():
    folder, target = map (pathlib.Path, sys.argv[1:])
    moment = time.gmtime (int (os.environ['SOURCE_DATE_EPOCH']))[:6]
    files = sorted (path for path in folder.rglob ('*') if path.is_file ())
    with zipfile.ZipFile (target, 'w') as archive:
        for path in files:
            pack (archive, path, path.relative_to (folder.parent).as_posix (), moment)


main ()

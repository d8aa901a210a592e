#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: what the sources promise about size, dependencies and layout."""

import pathlib
import re

TOP = pathlib.Path (__file__).resolve ().parent.parent
FILE_LINES, FUNCTION_LINES = 500, 60
# meson_options.txt is another name of meson.options, for Meson before 1.1.
TOP_LEVEL = {'meson.build', 'meson.options', 'meson_options.txt', 'plugin', 'core', 'ui',
             'weights', 'tests', 'po', 'build', 'README.md', 'COPYING'}

# Arrows only point down: what a folder may not include.
FORBIDDEN = {
    'core': re.compile (r'\b(ui|plugin)/|gtk|gdk/|gegl|babl|libgimp'),
    'ui': re.compile (r'\bplugin/'),
}
INCLUDE = re.compile (r'\s*#\s*include\s*[<"]([^>"]+)')


def sources (*folders):
    for folder in folders:
        for path in sorted ((TOP / folder).rglob ('*.[ch]')):
            yield path, path.relative_to (TOP).as_posix (), path.read_text ('utf-8').splitlines ()


def long_files ():
    for _, name, lines in sources ('core', 'ui', 'plugin', 'tests'):
        if len (lines) > FILE_LINES:
            yield f'{name}: {len (lines)} lines, at most {FILE_LINES}'


def long_functions ():
    """In this style a function's body is what stands between braces in the first column."""
    for _, name, lines in sources ('core', 'ui', 'plugin', 'tests'):
        begin = None
        for number, line in enumerate (lines, 1):
            if line.startswith ('{'):
                begin = number
            elif line.startswith ('}') and begin:
                # "} Name;" ends a type, "};" a table
                if line.rstrip () == '}' and number - begin - 1 > FUNCTION_LINES:
                    yield f'{name}:{begin}: {number - begin - 1} lines, at most {FUNCTION_LINES}'
                begin = None


def includes (*folders):
    for path, name, lines in sources (*folders):
        for number, line in enumerate (lines, 1):
            if include := INCLUDE.match (line):
                yield f'{name}:{number}', path, include[1]


def upward_includes ():
    for folder, forbidden in FORBIDDEN.items ():
        for where, _, header in includes (folder):
            if forbidden.search (header):
                yield f'{where}: {folder} may not include {header}'


def private_includes ():
    """The rest of the program sees the core through core/p2p.h alone."""
    private = {path.name for path, _, _ in sources ('core')} - {'p2p.h', 'intl.h'}
    for where, path, header in includes ('ui', 'plugin'):
        header = pathlib.PurePosixPath (header)
        if header.name in private and not (path.parent / header.name).exists ():
            yield f'{where}: {header} is private to core'


def cblas_includes ():
    for where, path, header in includes ('core', 'ui', 'plugin'):
        if header.endswith ('cblas.h') and path != TOP / 'core' / 'base' / 'blas.c':
            yield f'{where}: {header}'


def strangers ():
    for path in sorted (TOP.iterdir ()):
        if path.name not in TOP_LEVEL and not path.name.startswith ('.'):
            yield path.name


CHECKS = {
    f'no file has more than {FILE_LINES} lines': long_files,
    f'no function has more than {FUNCTION_LINES} lines': long_functions,
    'core includes nothing of ui, plugin, GTK or GIMP, and ui nothing of plugin': upward_includes,
    'ui and plugin include nothing private to core': private_includes,
    'only core/base/blas.c includes cblas.h': cblas_includes,
    'the top level holds what it should': strangers,
}

print (f'1..{len (CHECKS)}')
for number, (title, check) in enumerate (CHECKS.items (), 1):
    faults = list (check ())
    print (f"{'not ok' if faults else 'ok'} {number} {title}")
    for fault in faults:
        print (f'# {fault}')

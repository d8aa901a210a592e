#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the sources keep to the rules about size, dependencies and layout."""

import graphlib
import pathlib
import re

TOP = pathlib.Path (__file__).resolve ().parent.parent
FILE_LINES, FUNCTION_LINES, COLUMNS = 500, 60, 100
# tests/system.sh makes the link meson_options.txt for Meson before 1.1.  findings/ holds scripts
# that show surprising behavior of other software; people run them, CI does not.
TOP_LEVEL = {'meson.build', 'meson.options', 'meson_options.txt', 'plugin', 'core', 'ui',
             'weights', 'tests', 'po', 'findings', 'build', 'README.md', 'COPYING'}

# The rooms of core/, from the lowest floor to the highest.  A room may use itself and the rooms on
# the floors below it.  core/p2p.h is outside the rooms, because it declares functions that several
# rooms define.
FLOORS = (('base',), ('files',), ('graph', 'pictures'), ('ops',), ('nets',), ('models',),
          ('apply',), ('train',), ('cli',))
FLOOR = {room: floor for floor, rooms in enumerate (FLOORS) for room in rooms}

# Two files that use each other, because no small change avoids it: a table of algorithms, and a
# backward that runs another algorithm of that table.
PAIRS = {frozenset (('ops/conv', 'ops/conv-backward'))}

# What the files of a folder may not include.
FORBIDDEN = {
    'core': re.compile (r'\b(ui|plugin)/|gtk|gdk/|gegl|babl|libgimp'),
    'ui': re.compile (r'\bplugin/'),
}
INCLUDE = re.compile (r'\s*#\s*include\s*[<"]([^>"]+)')
COMMENT = re.compile (r'/\*.*?\*/', re.S)


def sources (*folders):
    for folder in folders:
        for path in sorted ((TOP / folder).rglob ('*.[ch]')):
            yield path, path.relative_to (TOP).as_posix (), path.read_text ('utf-8').splitlines ()


def long_files ():
    for _, name, lines in sources ('core', 'ui', 'plugin', 'tests'):
        if len (lines) > FILE_LINES:
            yield f'{name}: {len (lines)} lines, at most {FILE_LINES}'


def long_functions ():
    """In this style, braces in the first column enclose a function's body."""
    for _, name, lines in sources ('core', 'ui', 'plugin', 'tests'):
        begin = None
        for number, line in enumerate (lines, 1):
            if line.startswith ('{'):
                begin = number
            elif line.startswith ('}') and begin:
                # "} Name;" ends a type, "};" ends a table
                if line.rstrip () == '}' and number - begin - 1 > FUNCTION_LINES:
                    yield f'{name}:{begin}: {number - begin - 1} lines, at most {FUNCTION_LINES}'
                begin = None


def long_lines ():
    for folder in 'core', 'ui', 'plugin', 'tests', 'weights', 'findings':
        for path in sorted ((TOP / folder).rglob ('*')):
            if path.suffix not in ('.c', '.h', '.py') and path.name != 'meson.build':
                continue
            for number, line in enumerate (path.read_text ('utf-8').splitlines (), 1):
                if len (line) > COLUMNS:
                    name = path.relative_to (TOP).as_posix ()
                    yield f'{name}:{number}: {len (line)} columns, at most {COLUMNS}'


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
    """ui and plugin see the core through core/p2p.h alone."""
    private = {path.name for path, _, _ in sources ('core')} - {'p2p.h', 'intl.h'}
    for where, path, header in includes ('ui', 'plugin'):
        header = pathlib.PurePosixPath (header)
        if header.name in private and not (path.parent / header.name).exists ():
            yield f'{where}: {header} is private to core'


def cblas_includes ():
    for where, path, header in includes ('core', 'ui', 'plugin'):
        if header.endswith ('cblas.h') and path != TOP / 'core' / 'base' / 'blas.c':
            yield f'{where}: {header}'


def core_arrows ():
    """Yields which file uses which in core/: (where, user, used).  Files are written like
    'graph/run', which stands for a source and its header.  A file uses what it includes and the
    files that define the functions it calls; functions that p2p.h declares need no other
    include."""
    core = TOP / 'core'
    stem = lambda path: path.relative_to (core).with_suffix ('').as_posix ()
    texts = {path: COMMENT.sub (lambda comment: '\n' * comment[0].count ('\n'), '\n'.join (lines))
             for path, _, lines in sources ('core')}
    homes = {name: path for path, text in texts.items () if path.suffix == '.c'
             for name in re.findall (r'^(p2p_\w+) \(', text, re.M)}

    for where, path, header in includes ('core'):
        for target in (path.parent / header, core / header):
            if target.exists () and target.parent != core and stem (target) != stem (path):
                yield where, stem (path), stem (target)
                break
    for path, text in texts.items ():
        for number, line in enumerate (text.splitlines () if path.suffix == '.c' else (), 1):
            for name in re.findall (r'\bp2p_\w+', line):
                if name in homes and homes[name] != path:
                    yield f'{path.relative_to (TOP)}:{number}', stem (path), stem (homes[name])


def homeless ():
    for path in sorted ((TOP / 'core').iterdir ()):
        if path.is_dir () and path.name not in FLOOR or path.suffix in ('.c', '.h') and \
           path.name != 'p2p.h':
            yield f'core/{path.name} is in none of the rooms of FLOORS'


def upward_arrows ():
    for where, user, used in core_arrows ():
        room, other = (name.partition ('/')[0] for name in (user, used))
        if room != other and FLOOR.get (other, 0) >= FLOOR.get (room, 0):
            yield f'{where}: {room} may not use {used}'


def circles ():
    uses = {}
    for _, user, used in core_arrows ():
        if frozenset ((user, used)) not in PAIRS:
            uses.setdefault (user, set ()).add (used)
    try:
        graphlib.TopologicalSorter (uses).prepare ()
    except graphlib.CycleError as error:
        yield ' is used by '.join (error.args[1])


def strangers ():
    for path in sorted (TOP.iterdir ()):
        if path.name not in TOP_LEVEL and not path.name.startswith ('.'):
            yield path.name


CHECKS = {
    f'no file has more than {FILE_LINES} lines': long_files,
    f'no function has more than {FUNCTION_LINES} lines': long_functions,
    f'no line has more than {COLUMNS} columns': long_lines,
    'core includes nothing of ui, plugin, GTK or GIMP, and ui nothing of plugin': upward_includes,
    'ui and plugin include nothing private to core': private_includes,
    'only core/base/blas.c includes cblas.h': cblas_includes,
    'every file of core lies in a room': homeless,
    'rooms of core use only what lies on floors below them': upward_arrows,
    'no files of core use each other in a circle': circles,
    'the top level holds what it should': strangers,
}

print (f'1..{len (CHECKS)}')
for number, (title, check) in enumerate (CHECKS.items (), 1):
    faults = list (check ())
    print (f"{'not ok' if faults else 'ok'} {number} {title}")
    for fault in faults:
        print (f'# {fault}')

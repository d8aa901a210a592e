#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: tests/README.md says what each test claims and which error each malformed file gives.

    tests/describe.py [--write] PROGRAM…

Runs the tests of the readers and finds in their output which errors they saw (refused.h).  The
claims are the first paragraphs of the tests' file comments.  With --write it writes both into
tests/README.md instead of comparing them with what is there.
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path (__file__).resolve ().parent
README = HERE / 'README.md'
# GLib's test programs do not set their locale.
ENVIRONMENT = dict (os.environ, LC_ALL='C.UTF-8', CHARSET='UTF-8')
PATTERNS = 'test-*.c', 'test-*.py', 'check-*', 'describe.py', 'fuzz-*.c'
# This program writes what is between these two lines.
BLOCK = '<!-- {0}: by describe.py -->\n{1}<!-- end -->\n'


def claim (path):
    """The first paragraph of the file's first comment after the license."""
    source = path.read_text ('utf-8')
    if path.suffix == '.c':
        comment = source.split ('*/', 1)[1].split ('/*', 1)[1].split ('*/', 1)[0]
        comment = re.sub (r'\n \* ?', '\n', comment)
    elif path.suffix == '.py':
        comment = source.split ('"""', 2)[1]
    else:
        comment = '\n'.join (line[2:] for line in source.split ('\n\n', 1)[0].splitlines ()
                             if line.startswith ('# ') and 'SPDX' not in line)
    paragraph = ' '.join (comment.strip ().split ('\n\n', 1)[0].split ())
    paragraph = re.sub (rf' {re.escape (path.name)} .*', '', paragraph)
    paragraph = paragraph.removeprefix ('TAP: ')
    paragraph = paragraph.rstrip ('.')
    is_path = '/' in paragraph.split ()[0]
    return paragraph if is_path else paragraph[0].upper () + paragraph[1:]


def claims ():
    files = sorted (path for pattern in PATTERNS for path in HERE.glob (pattern))
    return ('| file | claim |\n|---|---|\n'
            + ''.join (f'| `{path.name}` | {claim (path)} |\n' for path in files))


def refusals (programs):
    """Error → the tests that saw it.  Tests are named after what is wrong with the file."""
    seen = {}
    for program in programs:
        done = subprocess.run ([program, '--tap'], env=ENVIRONMENT, capture_output=True,
                               text=True, encoding='utf-8')
        if done.returncode:
            raise SystemExit (f'{program} fails, run it by itself')
        messages = []
        for line in done.stdout.splitlines ():
            line = line.strip ()
            if line.startswith ('# refused: '):
                messages.append (line.removeprefix ('# refused: '))
            elif found := re.match (r'ok \d+ /(\S+)', line):
                for message in messages:
                    seen.setdefault (message, set ()).add (found[1].replace ('/refuses/', ': '))
                messages = []
    return seen


def errors (programs):
    table = '| error | files |\n|---|---|\n'
    for message, files in sorted (refusals (programs).items ()):
        readers = {}
        for file in sorted (files):
            reader, _, what = file.rpartition (': ')
            readers.setdefault (reader or 'open', []).append (what.rpartition ('/')[2])
        table += f'| {message} | ' + '; '.join (
            f'**{reader}** {", ".join (names)}' for reader, names in readers.items ()) + ' |\n'
    return table


def insert (text, name, content):
    pattern = re.escape (BLOCK).replace (r'\{0\}', name).replace (r'\{1\}', '.*?')
    return re.sub (pattern, lambda _: BLOCK.format (name, content), text, flags=re.S)


def main ():
    programs = [argument for argument in sys.argv[1:] if argument != '--write']
    text = README.read_text ('utf-8')
    new = insert (insert (text, 'claims', claims ()), 'errors', errors (programs))
    if '--write' in sys.argv:
        README.write_text (new, 'utf-8')
        return

    print ('1..1')
    print ('ok' if new == text else 'not ok', '1 - README.md tells the claims and the errors')
    if new != text:
        print ('# write them with: ninja -C BUILD describe-tests')
        for line in difflib.unified_diff (text.splitlines (), new.splitlines (), lineterm='', n=0):
            print ('#', line)


main ()

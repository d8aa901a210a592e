#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what `meson test` ran, from its log.

    tests/count.py TESTLOG.json STATUS

STATUS is meson's exit status. Prints "passed failed skipped" to standard output
and a line for each test skipped or failed to standard error. Each TAP line of a
program counts; a program that fails without naming a test counts as one failure.
"""

import json
import re
import sys

TAP = re.compile (r'\s*(not )?ok\b\s*(\d*)\s*-?\s*([^#]*)(?:#\s*(SKIP|TODO)\b\s*(.*))?', re.I)
EMPTY_PLAN = re.compile (r'1\.\.0\s*#\s*SKIP\b\s*(.*)', re.I)

passed = failed = skipped = 0


def say (word, *parts):
    print (f'{word}:', *(part.strip () for part in parts if part), file=sys.stderr)


def count (test):
    global passed, failed, skipped
    name, result = test['name'], test['result']
    found = named_failure = False

    for line in test.get ('stdout', '').splitlines ():
        if empty := EMPTY_PLAN.match (line):
            found = True
            skipped += 1
            say ('SKIPPED', name, empty[1])
        elif tap := TAP.match (line):
            found = True
            bad, number, title, directive, reason = tap.groups ()
            if directive:
                skipped += 1
                say ('SKIPPED', name, title or number, f'({reason.strip ()})' if reason else '')
            elif bad:
                failed += 1
                named_failure = True
                say ('FAILED', name, title or number)
            else:
                passed += 1

    if result in ('OK', 'EXPECTEDFAIL'):
        if not found:
            passed += 1
    elif result == 'SKIP':
        if not found:
            skipped += 1
            say ('SKIPPED', name)
    elif not named_failure:
        failed += 1
        say ('FAILED', name, f"({result.lower ()}, exit status {test['returncode']})")


def main ():
    global failed
    log, status = sys.argv[1], int (sys.argv[2])
    try:
        with open (log, encoding='utf-8') as lines:
            for line in lines:
                count (json.loads (line))
    except FileNotFoundError:
        pass
    if status and not failed:
        failed = 1
        say ('FAILED', f'meson test itself (exit status {status})')
    print (passed, failed, skipped)


main ()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the manual page pix2pix.1 to standard output: make-manual.py PROGRAM METAINFO

The commands and options are those of the program's --help.  The date is that of the newest release
in the metainfo, so that a page does not depend on when it was made."""

import re
import sys
import textwrap

from help_text import read_commands, read_version

WIDE = 50       # characters of a list of values that may not fit into a line

BEFORE = r'''.SH NAME
pix2pix \- turn pictures of one kind into another with neural networks
.SH SYNOPSIS
.B pix2pix
.I COMMAND
.RI [ OPTION …]
'''

ABOUT = '''\
pix2pix applies, trains and examines image-to-image networks of the pix2pix family. It colors line
art and black-and-white photos, draws maps from aerial photos and facades from plans. Everything is
computed on your computer's processor. The same models work in GIMP 3, as the filter Image
Translation (pix2pix) in Filters ▸ Artistic.
'''

AFTER = r'''.SH EXIT STATUS
.TP
0
success
.TP
1
something that was asked for could not be done
.TP
2
the command line makes no sense; nothing was done
.SH FILES
.TP
.I $XDG_DATA_HOME/pix2pix/models
models of your own, by default in
.IR ~/.local/share .
GIMP looks there, too.
.TP
.I $XDG_CACHE_HOME/pix2pix/models
model files that were made from
.I .pth
files in folders that are not writable, by default in
.IR ~/.cache .
.SH SEE ALSO
.BR gimp (1)
'''


def escape (text):
    """Text that troff prints as it is.  A hyphen must stay the character that a shell knows."""
    text = text.replace ('\\', r'\e').replace ('-', r'\-')
    return re.sub (r"^(?=[.'])", r'\\&', text, flags=re.M)


def fill (text):
    """The same, in lines of the length that manual pages have, which readers do not see."""
    lines = textwrap.wrap (escape (text), 78, break_long_words=False, break_on_hyphens=False)
    return re.sub (r"^(?=[.'])", r'\\&', '\n'.join (lines), flags=re.M)


def paragraph (lines):
    """Lines with columns stay as they are; others are filled."""
    if any ('  ' in line for line in lines):
        return '.PP\n.nf\n' + escape ('\n'.join (lines)) + '\n.fi\n'
    return '.PP\n' + fill (' '.join (lines)) + '\n'


def entry (option):
    names = [rf'\fB{escape (name)}\fR' for name in option.names]
    # A long list of values may be broken after each of them, and has no spaces to widen.
    choice = escape (option.value).replace ('|', r'|\:')
    value = rf'=\fI{choice}\fR' if option.value else ''
    text, options = option.text, ''
    if not option.names[0].startswith ('-'):        # the name of a preset
        text, dashes, options = text.partition (' --')
        options = '\n.br\n' + fill (dashes.strip () + options)
    text = fill (text) + options
    page = f'.TP\n{", ".join (names)}{value}\n{text}\n'
    return f'.na\n{page}.ad\n' if len (option.value) > WIDE else page


def describe (command):
    arguments = rf' \fI{escape (command.arguments)}\fR' if command.arguments else ''
    text = (f'.SH PIX2PIX {command.name.upper ()}\n'
            f'.B pix2pix {command.name}\n[\\fIOPTION\\fR…]{arguments}\n'
            f'.PP\nThis command {third_person (command.summary)}.\n')
    text += ''.join (map (paragraph, command.about))
    for heading, options in command.sections:
        if heading == 'Help Options':
            continue
        text += f'.SS {escape (heading.replace ("Application Options", "Options"))}\n'
        text += ''.join (map (entry, options))
    return text + f'.SS Example\n.nf\n.B {escape (command.example)}\n.fi\n'


def third_person (summary):
    """'list the models' → 'lists the models'"""
    verb, rest = summary.split (' ', 1)
    return escape (f'{verb}s {rest}')


def main ():
    program, metainfo = sys.argv[1:]
    commands = read_commands (program)
    with open (metainfo, encoding='utf-8') as file:
        date = re.search (r'<release [^>]*date="([^"]*)"', file.read ())[1]
    sys.stdout.reconfigure (encoding='utf-8')
    print ('\'\\" -*- coding: UTF-8 -*-\n'
           f'.TH PIX2PIX 1 {date} "gimp\\-pix2pix {read_version (program)}" "User Commands"\n'
           + BEFORE + '.SH DESCRIPTION\n' + fill (ABOUT) + '\n.SH COMMANDS\n'
           + ''.join (f'.TP\n.B {command.name}\n{escape (command.summary)}\n'
                      for command in commands)
           + '.PP\nWith \\fB\\-\\-help\\fR, the program and each command print their help;\n'
             '\\fBpix2pix \\-\\-version\\fR prints the version.\n'
           + ''.join (map (describe, commands)) + AFTER, end='')


main ()

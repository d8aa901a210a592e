#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the manual page pix2pix.1 in English and in other languages:

    make-manual.py PROGRAM METAINFO FOLDER CATALOGUE…

The pages go into FOLDER under the names that man expects: man1/pix2pix.1, de/man1/pix2pix.1 and so
on.  Each CATALOGUE is a pix2pix.mo in a folder such as de/LC_MESSAGES.

The commands and options are those of the program's --help.  It is taken apart in English, and each
piece is translated here, because a program that is not installed finds no catalogues.  The date is
that of the newest release in the metainfo, so that a page does not depend on when it was made."""

import dataclasses
import gettext
import pathlib
import re
import sys
import textwrap

from help_text import read_commands, read_version


# ---- Translating -------------------------------------------------------------------------------
# A page's translation is installed as the function _ ().  Older versions of xgettext do not find
# texts inside of f'…'.

def translate_text (text):
    """The empty text would give the catalogue's header."""
    return _(text) if text else ''


def translate_option (option):
    text, dashes, options = option.text, '', ''
    if not option.names[0].startswith ('-'):        # a preset's text ends with its options
        text, dashes, options = text.partition (' --')
    return dataclasses.replace (option, value=translate_text (option.value),
                                text=translate_text (text) + dashes + options)


def translate_command (command):
    about = translate_text ('\n\n'.join ('\n'.join (lines) for lines in command.about))
    # GOption's own heading becomes ours, and its own option is described once, for all commands.
    sections = [(_('Options') if heading == 'Application Options' else _(heading),
                 [translate_option (option) for option in options])
                for heading, options in command.sections if heading != 'Help Options']
    return dataclasses.replace (
        command, summary=_(command.summary), usage=_(command.usage), sections=sections,
        about=[block.split ('\n') for block in about.split ('\n\n') if block])


# ---- Formatting --------------------------------------------------------------------------------

def escape (text):
    """Text that troff prints as it is.  A hyphen must stay the character that a shell knows."""
    text = text.replace ('\\', r'\e').replace ('-', r'\-')
    return re.sub (r"^(?=[.'])", r'\\&', text, flags=re.M)


def fill (text):
    """The same, in lines of the length that manual pages have, which readers do not see."""
    lines = textwrap.wrap (escape (text), 78, break_long_words=False, break_on_hyphens=False)
    return re.sub (r"^(?=[.'])", r'\\&', '\n'.join (lines), flags=re.M)


def heading (text):
    return f'.SH {escape (text.upper ())}\n'


def paragraph (lines):
    """Lines with columns stay as they are; others are filled."""
    if any ('  ' in line for line in lines):
        return '.PP\n.nf\n' + escape ('\n'.join (lines)) + '\n.fi\n'
    return '.PP\n' + fill (' '.join (lines)) + '\n'


def entry (option):
    names = [rf'\fB{escape (name)}\fR' for name in option.names]
    # A long list of values may be broken after each of them.
    choice = escape (option.value).replace ('|', r'|\:')
    value = rf'=\fI{choice}\fR' if option.value else ''
    text, dashes, options = option.text, '', ''
    if not option.names[0].startswith ('-'):
        text, dashes, options = text.partition (' --')
        options = '\n.br\n' + fill (dashes.strip () + options)
    return f'.TP\n{", ".join (names)}{value}\n{fill (text)}{options}\n'


def describe (command):
    arguments = rf' \fI{escape (command.arguments)}\fR' if command.arguments else ''
    text = (f'.SH PIX2PIX {command.name.upper ()}\n.B pix2pix {command.name}\n'
            + any_option () + arguments + '\n' + paragraph ([sentence (command.summary)]))
    text += ''.join (map (paragraph, command.about))
    for title, options in command.sections:
        text += f'.SS {escape (title)}\n' + ''.join (map (entry, options))
    return text + '.SS ' + _('Example') + f'\n.nf\n.B {escape (command.example)}\n.fi\n'


def any_option ():
    return r'[\fI' + _('OPTION') + r'\fR…]'


def sentence (summary):
    """'list the models' → 'List the models.'"""
    return _('%s.') % (summary[0].upper () + summary[1:])


def begin ():
    return (heading (_('Name'))
            + r'pix2pix \- '
            + _('turn pictures of one kind into another with neural networks') + '\n'
            + heading (_('Synopsis'))
            + '.B pix2pix\n.I ' + _('COMMAND') + '\n' + any_option () + '\n'
            + heading (_('Description'))
            + fill (_('pix2pix applies, trains and examines image-to-image networks of the pix2pix '
                      'family. It colors line art and black-and-white photos, draws maps from '
                      'aerial photos and facades from plans. Everything is computed on your '
                      'computer\'s processor. The same models work in GIMP 3, as the filter Image '
                      'Translation (pix2pix) in Filters ▸ Artistic.')) + '\n')


def list_commands (commands):
    return (heading (_('Commands'))
            + ''.join (f'.TP\n.B {command.name}\n{escape (command.summary)}\n'
                       for command in commands)
            + paragraph ([_('With --help, the program and each command print their help. pix2pix '
                            '--version prints the version.')]))


def place (path, text):
    """A folder and what is in it.  Names of files in the text are in italics."""
    marked = re.sub (r'~/\.\w+(/\w+)?|\.pth', r'\\fI\g<0>\\fR', fill (text))
    return f'.TP\n.I {path}\n{marked}\n'


def end ():
    return (heading (_('Exit status'))
            + '.TP\n0\n' + _('success')
            + '\n.TP\n1\n' + _('something that was asked for could not be done')
            + '\n.TP\n2\n' + _('the command line makes no sense; nothing was done') + '\n'
            + heading (_('Files'))
            + place ('$XDG_DATA_HOME/pix2pix/models',
                     _('models of your own, by default in ~/.local/share. GIMP looks there, too.'))
            + place ('$XDG_CACHE_HOME/pix2pix/models',
                     _('model files that were made from .pth files in folders that are not '
                       'writable, by default in ~/.cache.'))
            + heading (_('See also')) + '.BR gimp (1)\n')


def make_page (commands, version, date):
    commands = [translate_command (command) for command in commands]
    # Lines are not widened to the right margin, since Japanese has no spaces to widen, and options
    # have few.  From version 1.23 on, groff goes back to what AD says at each heading.
    return ('\'\\" -*- coding: UTF-8 -*-\n'
            f'.TH PIX2PIX 1 {date} "gimp\\-pix2pix {version}" "' + _('User Commands') + '"\n'
            + '.ds AD l\n.ad l\n' + begin () + list_commands (commands)
            + ''.join (map (describe, commands)) + end ())


def main ():
    program, metainfo, folder, *catalogues = sys.argv[1:]
    commands, version = read_commands (program), read_version (program)
    date = re.search (r'<release [^>]*date="([^"]*)"',
                      pathlib.Path (metainfo).read_text (encoding='utf-8'))[1]
    pages = {'': gettext.NullTranslations ()}
    for catalogue in map (pathlib.Path, catalogues):
        with catalogue.open ('rb') as file:
            pages[catalogue.parent.parent.name] = gettext.GNUTranslations (file)
    for language, translation in pages.items ():
        translation.install ()
        path = pathlib.Path (folder, language, 'man1/pix2pix.1')
        path.parent.mkdir (parents=True, exist_ok=True)
        path.write_text (make_page (commands, version, date), encoding='utf-8')
    pathlib.Path (folder).touch ()      # tells ninja that its contents are new


main ()

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program's --help says, as data.  The manual page and the completions are made of it, so
that no option has to be listed a second time."""

import dataclasses
import os
import re
import subprocess

# A word that stands for a value, such as FILE, N, WxH or OUT.pth.  Other words are values that are
# typed as they are, such as AtoB.
PLACEHOLDER = re.compile (r'[A-Z]+(\.\w+)?|[A-Z]x[A-Z]|-|.*[=%,].*')
# What stands for a file or a folder, and what for one of the models that are found.
PATHS = {'FILE', 'FOLDER', 'IN', 'OUT', 'OUT.pth', 'OUT.safetensors', 'RUN'}
MODELS = {'ID', 'MODEL'}


@dataclasses.dataclass
class Option:
    names: list     # ['-m', '--model']; of a preset, its name alone
    value: str      # 'ID|FILE'; '' if the option takes none
    text: str
    words: list = dataclasses.field (default_factory=list)      # the values to choose from

    @property
    def path (self):
        return bool (PATHS & set (self.value.split ('|')))

    @property
    def model (self):
        return bool (MODELS & set (self.value.split ('|')))


@dataclasses.dataclass
class Command:
    name: str
    summary: str        # of the command, in the program's list
    usage: str          # what follows “[OPTION…]”, such as 'IN|- - turn pictures into others'
    about: list         # paragraphs, each a list of lines
    sections: list      # (heading, [Option])
    example: str

    @property
    def arguments (self):
        """'IN|-' in the example above"""
        return self.usage.rpartition ('- ')[0].strip ()

    @property
    def options (self):
        return [option for _, options in self.sections for option in options
                if option.names[0].startswith ('-')]


def ask (program, *arguments):
    """The program's answer in English, whatever the language of the person who builds it."""
    environment = dict (os.environ, LC_ALL='C.UTF-8', LANGUAGE='')
    return subprocess.run ([program, *arguments], env=environment, check=True, text=True,
                           encoding='utf-8', stdout=subprocess.PIPE).stdout


def words_of (value):
    """'native|fit:N' → ['native', 'fit:']"""
    return [re.sub (r':N$', ':', word) for word in value.split ('|')
            if word and not PLACEHOLDER.fullmatch (word)]


def parse_option (line):
    """'  -m, --model=ID|FILE   the model' → an Option"""
    head, _, text = line.strip ().partition ('  ')
    names, value = [], ''
    for name in head.split (', '):
        name, _, value = (name.partition ('=') if '=' in name else name.partition (' '))
        names.append (name)
    return Option (names, value, text.strip (), words_of (value))


def parse_section (lines):
    """Entries have two spaces in front; lines that continue an entry have more."""
    options = []
    for line in lines:
        if re.match (r'  \S', line):
            options.append (parse_option (line))
        else:
            options[-1].text = f'{options[-1].text} {line.strip ()}'.strip ()
    return options


def name_presets (sections):
    """Gives --preset the names that the section “Presets (…)” lists, and so on."""
    for _, options in sections:
        for option in options:
            listed = [entry.names[0] for heading, entries in sections for entry in entries
                      if heading.startswith (option.names[-1].lstrip ('-').capitalize () + 's')]
            if option.value == 'NAME' and listed:
                option.words = listed


def parse_command (program, name, summary):
    blocks = [block.split ('\n') for block in ask (program, name, '--help').strip ().split ('\n\n')]
    usage = blocks.pop (0)[1].partition ('[OPTION…] ')[2]
    about, sections, example = [], [], ''
    for block in blocks:
        if block[0] == 'Example:':
            example = block[1].strip ()
        elif block[0].endswith (':') and all (line.startswith ('  ') for line in block[1:]):
            sections.append ((block[0][:-1], parse_section (block[1:])))
        else:
            about.append (block)
    name_presets (sections)
    return Command (name, summary, usage, about, sections, example)


def read_commands (program):
    listed = ask (program, '--help').partition ('Commands:\n')[2].partition ('\n\n')[0]
    return [parse_command (program, *line.split (None, 1)) for line in listed.splitlines ()]


def read_version (program):
    return ask (program, '--version').split ()[1]

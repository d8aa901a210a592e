#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the completion of pix2pix for a shell to standard output:

    make-completion.py bash|zsh|fish PROGRAM

Commands, options and the values to choose from are those of the program's --help.  Models are those
that the program finds when the user presses Tab.  Everything else is completed as a file."""

import re
import sys

from help_text import read_commands

HEAD = '# Completion of pix2pix for {0}, made from the program\'s --help by make-completion.py.\n'
# “pix2pix models” prints the name, two spaces or more, and the title.
MODELS = "pix2pix models 2>/dev/null | sed -n 's/  .*//p'"


def words (command):
    return ' '.join (name for option in command.options for name in option.names)


# ---- bash ---------------------------------------------------------------------------------

# bash takes "=" as a word of its own, so that --scale=native are three words.  What is printed here
# are the candidates; if there are none, readline completes files.
BASH = '''
_pix2pix ()
{
  local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} candidates=
  COMPREPLY=()
  if [ "$word" = = ]; then
    word=
  elif [ "$option" = = ]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  if [ "$COMP_CWORD" = 1 ]; then
    candidates='@COMMANDS@'
  else
    case "${COMP_WORDS[1]} $option" in
@VALUES@
      *)
        case "${COMP_WORDS[1]} $word" in
@OPTIONS@
        esac ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$word")
  case ${COMPREPLY[0]-} in
    *:) compopt -o nospace ;;
  esac
}
complete -o bashdefault -o default -F _pix2pix pix2pix
'''


def bash (commands):
    values, options = [], []
    for command in commands:
        options.append (f"          '{command.name} -'*) candidates='{words (command)}' ;;")
        for option in command.options:
            patterns = ' | '.join (f"'{command.name} {name}'" for name in option.names)
            if option.model:
                values.append (f'      {patterns}) candidates=$({MODELS}) ;;')
            elif option.words:
                values.append (f"      {patterns}) candidates='{' '.join (option.words)}' ;;")
            elif option.value:
                values.append (f'      {patterns}) ;;')
        if 'ID' in command.arguments.split ('|'):
            options.append (f"          '{command.name} '*) candidates=$({MODELS}) ;;")
    names = ' '.join ([command.name for command in commands] + ['--help', '--version'])
    return (HEAD.format ('bash') + BASH.replace ('@COMMANDS@', names)
            .replace ('@VALUES@', '\n'.join (values)).replace ('@OPTIONS@', '\n'.join (options)))


# ---- zsh ----------------------------------------------------------------------------------

# With the space in front, zsh does not add options of its own to the command.
ZSH_MODEL_OR_FILE = r' _alternative "models\:model\:_pix2pix_models" "files\:file\:_files"'

ZSH = '''
_pix2pix_models ()
{
  local -a models=(${(f)"$(@MODELS@)"})
  compadd "$@" -a models
}

_pix2pix ()
{
  local -a commands=(
@COMMANDS@
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    compadd -- --help --version
    return
  fi

  shift words
  (( CURRENT-- ))
  case $words[1] in
@CASES@
  esac
}

_pix2pix "$@"
'''


def in_quotes (text):
    return "'" + text.replace ("'", "'\\''") + "'"


def zsh_text (text):
    return re.sub (r'([][\\:])', r'\\\1', text)


def zsh_action (option):
    if option.model:
        return ZSH_MODEL_OR_FILE
    if option.words:
        return f'({" ".join (word.replace (":", chr (92) + ":") for word in option.words)})'
    return '_files' if option.path else ''


def zsh_option (option):
    """'(-m --model)'{-m+,--model=}'[the model]:ID|FILE:_files'"""
    wants = f':{zsh_text (option.value)}:{zsh_action (option)}' if option.value else ''
    rest = f'[{zsh_text (option.text)}]{wants}'
    # After "+" or "=" the value may be in the same word or in the next.
    names = [name + ('' if not option.value else '=' if name.startswith ('--') else '+')
             for name in option.names]
    if len (names) == 1:
        repeated = '*' if option.value == 'KEY=VALUE' else ''
        return in_quotes (repeated + names[0] + rest)
    excluded = in_quotes (f'({" ".join (option.names)})')
    return f'{excluded}{{{",".join (names)}}}{in_quotes (rest)}'


def zsh (commands):
    cases = []
    for command in commands:
        rest = []
        if 'ID' in command.arguments.split ('|'):
            rest = [in_quotes (f'1:{command.arguments}:{ZSH_MODEL_OR_FILE}')]
        elif command.arguments:
            rest = ["'*:file:_files'"]
        rest = [zsh_option (option) for option in command.options] + rest
        arguments = ' \\\n        '.join (rest)
        cases.append (f'    {command.name})\n      _arguments -s \\\n        {arguments} ;;')
    names = '\n'.join (f'    {in_quotes (command.name + ":" + zsh_text (command.summary))}'
                       for command in commands)
    return ('#compdef pix2pix\n' + HEAD.format ('zsh') + ZSH.replace ('@MODELS@', MODELS)
            .replace ('@COMMANDS@', names).replace ('@CASES@', '\n'.join (cases)))


# ---- fish ---------------------------------------------------------------------------------

def fish_text (text):
    return "'" + text.replace ('\\', '\\\\').replace ("'", "\\'") + "'"


def fish_option (command, option):
    line = f"complete -c pix2pix -n '__fish_seen_subcommand_from {command.name}'"
    for name in option.names:
        line += f' -l {name[2:]}' if name.startswith ('--') else f' -s {name[1:]}'
    line += f' -d {fish_text (option.text)}'
    if option.model:
        return f'{line} -r -F -a {fish_text ("(" + MODELS + ")")}'
    if option.words:
        return f'{line} -x -a {fish_text (" ".join (option.words))}'
    return f'{line} -r -F' if option.path else f'{line} -x' if option.value else line


def fish (commands):
    lines = ["complete -c pix2pix -n __fish_use_subcommand -f"]
    lines += [f'complete -c pix2pix -n __fish_use_subcommand -l {name}'
              for name in ('help', 'version')]
    for command in commands:
        lines.append (f'complete -c pix2pix -n __fish_use_subcommand -a {command.name} '
                      f'-d {fish_text (command.summary)}')
        if not command.arguments:
            lines.append (f"complete -c pix2pix -n '__fish_seen_subcommand_from {command.name}' -f")
        elif 'ID' in command.arguments.split ('|'):
            lines.append (f"complete -c pix2pix -n '__fish_seen_subcommand_from {command.name}' "
                          f'-a {fish_text ("(" + MODELS + ")")}')
        lines += [fish_option (command, option) for option in command.options]
    return HEAD.format ('fish') + '\n'.join (lines) + '\n'


def main ():
    shell, program = sys.argv[1:]
    sys.stdout.reconfigure (encoding='utf-8')
    print ({'bash': bash, 'zsh': zsh, 'fish': fish}[shell] (read_commands (program)), end='')


main ()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the manual pages and completions have every command and option of --help, and the metainfo
has the program's version.  test-package.py PROGRAM MAN BASH ZSH FISH

MAN is a folder with the manual page in all languages.

tests/packages tests the packages that these are in.
"""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys

from handmade import write_model
from program import ENVIRONMENT, FOLDER, MODELS, PROGRAM, Skip, check, run, run_tests

TOP = pathlib.Path (__file__).resolve ().parent.parent
METAINFO = TOP / 'plugin/packaging/org.gimp.GIMP.Plugin.Pix2pix.metainfo.xml'
MAN, BASH, ZSH, FISH = map (os.path.abspath, sys.argv[2:])
LANGUAGES = (TOP / 'po/LINGUAS').read_text ().split ()
MANUALS = {language: f'{MAN}/{language}/man1/pix2pix.1' for language in ('', *LANGUAGES)}


def read (path):
    return pathlib.Path (path).read_text (encoding='utf-8')


def commands ():
    listed = run ('--help')[0].partition ('Commands:')[2].partition ('\n\n')[0]
    return re.findall (r'^  (\w+) ', listed, re.M)


def options (command):
    return re.findall (r'^  (?:-\w, )?(--[\w-]+)', run (command, '--help')[0], re.M)


def check_each (part):
    """Each command's options must be in the text that part (command) returns, each as a word."""
    names = commands ()
    check (len (names) > 8, f'{names}')
    for command in names:
        text = part (command)
        for option in options (command):
            check (re.search (rf'(?<![\w-]){re.escape (option)}(?![\w-])', text),
                   f'{command} {option} is missing')


def needs (program):
    if not shutil.which (program):
        raise Skip (f'there is no {program}')


def silent (*command):
    """Runs a command, which must succeed and say nothing about faults."""
    done = subprocess.run (command, env=dict (ENVIRONMENT, MANWIDTH='80'), capture_output=True,
                           text=True, check=False)
    check (done.returncode == 0 and not done.stderr, f'{command}: {done.stderr}{done.stdout}')
    return done.stdout


def test_manuals ():
    """the manual page has every option of every command, in every language"""
    for path in MANUALS.values ():
        page = re.sub (r'\\f[BIR]', '', read (path).replace (r'\-', '-'))

        def part (command, page=page):
            check (f'\n.B {command}\n' in page, f'{command} is not in the list')
            # --help is described once, for all commands.
            own = page.split (f'\n.SH PIX2PIX {command.upper ()}\n')[1].split ('\n.SH ')[0]
            return own + ' --help'
        check_each (part)


def test_translated ():
    """a page in another language has no line of text in common with the English one"""
    def lines (path):
        # Lines that begin with a macro or an option, and those of a preset's options, are the same.
        return {line for line in read (path).splitlines ()
                if ' ' in line and not re.match (r"[.'\\]", line) and r'\-\-' not in line}
    english = lines (MANUALS[''])
    check (len (english) > 150, f'{len (english)}')
    for language in LANGUAGES:
        check (not english & lines (MANUALS[language]), english & lines (MANUALS[language]))


def test_manual_warnings ():
    """man shows each page without a warning"""
    needs ('man')
    for path in MANUALS.values ():
        shown = silent ('man', '--warnings', '-E', 'UTF-8', '-l', path)
        check ('PIX2PIX(1)' in shown and '--lambda-L1=X' in shown, shown[:500])


def test_manual_lint ():
    """mandoc has no warning about them"""
    needs ('mandoc')
    for path in MANUALS.values ():
        silent ('mandoc', '-T', 'lint', '-W', 'warning', path)


def test_completions ():
    """the completions have every option of every command"""
    bash, zsh, fish = map (read, (BASH, ZSH, FISH))
    check_each (lambda command: re.search (rf"'{command} -'\*\) (.*)", bash)[1])
    check_each (lambda command: zsh.split (f'\n    {command})\n')[1].split (';;')[0])
    check_each (lambda command: '\n'.join (re.findall (
        rf"seen_subcommand_from {command}'(.*)", fish)).replace (' -l ', ' --'))


def test_shells ():
    """each shell that is there can read its completion"""
    silent ('bash', '-n', BASH)
    for shell, path in ('zsh', ZSH), ('fish', FISH):
        if shutil.which (shell):
            silent (shell, '-n', path)


def complete (*words):
    """What bash offers after these words, of which the last one is incomplete."""
    place = FOLDER / 'bin'
    if not place.exists ():
        place.mkdir ()
        (place / 'pix2pix').symlink_to (PROGRAM)
    script = ('source "$0"; COMP_WORDS=(pix2pix "$@"); COMP_CWORD=$#; compopt () { :; }; _pix2pix; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    environment = dict (ENVIRONMENT, PATH=f'{place}:{os.environ["PATH"]}')
    done = subprocess.run (['bash', '-c', script, BASH, *words], env=environment, text=True,
                           capture_output=True, check=True)
    return done.stdout.split ()


def test_bash ():
    """bash completes commands, options, values, presets and models, and leaves files to readline"""
    MODELS.mkdir (parents=True)
    write_model (MODELS / 'mine.safetensors', num_downs=5, ngf=1)
    for words, offered in ((['tr'], ['train']),
                           (['apply', '--st'], ['--statistics', '--strength']),
                           (['apply', '--scale', ''], ['native', 'fit:']),
                           (['apply', '--scale', '=', 'n'], ['native']),
                           (['apply', '--scale', '='], ['native', 'fit:']),
                           (['train', '--direction', 'B'], ['BtoA']),
                           (['train', '--preset', 'sm'], ['small-set']),
                           (['apply', '-m', 'm'], ['mine']),
                           (['info', 'm'], ['mine']),
                           (['apply', '-o', ''], []),
                           (['apply', 'm'], [])):
        check (complete (*words) == offered, f'{words}: {complete (*words)}, not {offered}')


def test_fish ():
    """fish completes the same"""
    needs ('fish')
    for line, offered in (('tr', ['train']), ('train --preset sm', ['small-set']),
                          ('apply --scale n', ['native']), ('train --direction B', ['BtoA'])):
        found = silent ('fish', '-c', f'source {FISH}; complete -C "pix2pix {line}"').split ('\n')
        check ([text.split ('\t')[0] for text in found if text] == offered, f'{line}: {found}')


def read_until_quiet (terminal, seconds):
    """What comes from a terminal until nothing more has come for so long."""
    shown = b''
    while select.select ([terminal], [], [], seconds)[0]:
        shown += os.read (terminal, 65536)
    return shown.decode (errors='replace')


def test_zsh ():
    """and so does zsh, on a terminal"""
    needs ('zsh')
    place = FOLDER / 'zsh'
    place.mkdir ()
    shutil.copy (ZSH, place / '_pix2pix')
    ours, its = pty.openpty ()
    process = subprocess.Popen (
        ['zsh', '-f', '-i'], stdin=its, stdout=its, stderr=its, start_new_session=True,
        env=dict (ENVIRONMENT, TERM='dumb', PATH=f'{FOLDER}/bin:{os.environ["PATH"]}'))
    os.write (ours, f'fpath=({place} $fpath); autoload -Uz compinit; compinit -u -D\n'.encode ())
    read_until_quiet (ours, 3)
    for typed, rest in (('tra', 'in '), ('apply --scale nat', 'ive '), ('info mi', 'ne '),
                        ('train --preset sm', 'all-set '), ('apply -m mi', 'ne ')):
        os.write (ours, f'pix2pix {typed}\t'.encode ())
        shown = read_until_quiet (ours, 1.5).replace ('\a', '')
        check (shown == f'pix2pix {typed}{rest}', f'{typed}: {shown!r}')
        os.write (ours, b'\x15')        # deletes the line
        read_until_quiet (ours, 0.5)
    process.kill ()
    process.wait ()


def test_metainfo ():
    """the newest release in the metainfo has the program's version"""
    newest = re.search (r'<release version="([^"]*)" date="\d{4}-\d\d-\d\d"', read (METAINFO))
    check (run ('--version')[0] == f'pix2pix {newest[1]}\n', newest[0])


def test_metainfo_valid ():
    """AppStream finds nothing wrong with the metainfo, except that there is no homepage"""
    needs ('appstreamcli')
    # Before version 1.0 this is no fault, and has no name.
    old = ' 0.' in silent ('appstreamcli', '--version')
    silent ('appstreamcli', 'validate', '--no-net', METAINFO,
            *([] if old else ['--override=url-homepage-missing=info']))


run_tests (globals ())

# SPDX-License-Identifier: GPL-3.0-or-later
"""The command blocks of README.md and of the help pages, exactly as they are written there."""

import html
import pathlib
import re
import textwrap

TOP = pathlib.Path (__file__).resolve ().parent.parent


def blocks ():
    """The indented blocks of README.md, without the indentation."""
    text = (TOP / 'README.md').read_text (encoding='utf-8')
    return [textwrap.dedent (block).strip ('\n') + '\n'
            for block in re.findall (r'(?:^    .*\n|^\n)+', text, re.M) if block.strip ()]


def help_blocks (language):
    text = (TOP / f'plugin/help/{language}/index.html').read_text (encoding='utf-8')
    return [html.unescape (block) + '\n' for block in re.findall (r'<pre>(.*?)</pre>', text, re.S)]

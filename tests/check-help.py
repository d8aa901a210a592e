#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the help pages describe every control of the dialog in the words of their language, and
their links lead somewhere."""

import html.parser
import pathlib
import re
import sys
import xml.etree.ElementTree

TOP = pathlib.Path (__file__).resolve ().parent.parent
HELP = TOP / 'plugin/help'
LABEL = re.compile (r'gimp_procedure_add_\w+_argument \(\s*procedure, "([\w-]+)",\s*_\("([^"]+)"\)')
CHOICES = '_New layer', 'Re_place layer', 'New _image'
OUTSIDE = 'model',          # the list of models has a section of its own
VOID = {'meta', 'link', 'img', 'br'}

count = failed = 0


def report (problems, claim):
    global count, failed
    count += 1
    failed += bool (problems)
    print (f'{"not " * bool (problems)}ok {count} {claim}')
    for problem in problems:
        print (f'# {problem}')


class Page (html.parser.HTMLParser):
    """A page's text, ids and links, and its elements that are not closed."""

    def __init__ (self, path):
        super ().__init__ ()
        self.text, self.ids, self.links, self.open, self.problems = '', [], [], [], []
        self.language = None
        self.feed (path.read_text (encoding='utf-8'))
        self.close ()
        self.text = ' '.join (self.text.split ())

    def handle_starttag (self, tag, attrs):
        attrs = dict (attrs)
        self.language = attrs['lang'] if tag == 'html' else self.language
        self.ids += [attrs['id']] if 'id' in attrs else []
        self.links += [attrs[name] for name in ('href', 'src') if name in attrs]
        self.problems += [f'{tag}: no alt'] if tag == 'img' and 'alt' not in attrs else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag (self, tag):
        if not self.open or self.open.pop () != tag:
            self.problems.append (f'line {self.getpos ()[0]}: </{tag}>')

    def handle_data (self, data):
        self.text += data


def catalogue (language):
    """msgid → msgstr.  It is empty for English, whose texts are the msgids themselves."""
    path = TOP / f'po/{language}.po'
    if not path.exists ():
        return {}
    pairs = re.findall (r'^msgid ((?:".*"\s*?\n)+)msgstr ((?:".*"\s*?\n)+)',
                        path.read_text (encoding='utf-8') + '\n', re.M)
    return {key: value for key, value in ((''.join (re.findall (r'"(.*)"', text)) for text in pair)
                                          for pair in pairs)}


def plain (label):
    """A label without its unit and its mnemonic, which Chinese, Japanese and Korean put into
    parentheses: “サイズ(_S)”."""
    return re.sub (r'\(_\w\)', '', label).replace ('_', '').removesuffix (' (MiB)')


def installed (link):
    """Whether a file that a page links to is in plugin/help, or comes from weights/
    (plugin/meson.build)."""
    name = link.removeprefix ('../')
    return (HELP / name).exists () or \
        f"'../weights/{name}'" in (TOP / 'plugin/meson.build').read_text ()


pages = {path.parent.name: Page (path) for path in sorted (HELP.glob ('*/index.html'))}
labels = [label for name, label in LABEL.findall (
    (TOP / 'plugin/procedure.c').read_text (encoding='utf-8')) if name not in OUTSIDE]
report ([] if len (labels) > 10 else labels, 'the dialog has controls')
report ([] if {'de', 'en'} <= set (pages) else list (pages), 'there are English and German pages')
for language, page in pages.items ():
    words = catalogue (language)
    report ([label for label in (plain (words.get (text, text)) for text in (*labels, *CHOICES))
             if label not in page.text],
            f'{language}: the page tells of every control')
    report (page.problems + page.open + ([] if page.language == language else [page.language]),
            f'{language}: the page is well formed')
    report ([link for link in page.links if not (link[1:] in page.ids if link.startswith ('#')
                                                 else installed (link))],
            f'{language}: its links lead somewhere')
    report ([] if page.ids == pages['en'].ids else page.ids, f'{language}: it has all the parts')
    root = xml.etree.ElementTree.parse (HELP / language / 'gimp-help.xml').getroot ()
    report ([] if [item.get ('ref') for item in root.iter ('help-item') if item.get (
        '{gimp-pix2pix}id') == 'plug-in-pix2pix'] == ['index.html'] else [root],
            f'{language}: GIMP finds the page by the procedure’s name')
print (f'1..{count}')
sys.exit (failed > 0)

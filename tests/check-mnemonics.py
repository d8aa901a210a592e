#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: no two controls of a window have the same mnemonic letter, in any language.

The file that contains a text tells in which window the text is.  The texts of GIMP's own buttons in
the dialog come from GIMP's catalog, where GIMP is installed."""

import gettext
import pathlib
import re
import sys

TOP = pathlib.Path (__file__).resolve ().parent.parent
# These files have windows of their own.  ASKED are the buttons of the question that comes when a
# model is added and another one has the same title.
ADD, REMOVE, CHOOSE = 'ui/add-model.c', 'ui/remove-model.c', 'ui/choose-network.c'
ASKED = '_Cancel', 'Keep _Both', '_Replace'
# Texts that are not in the dialog: the menu entry, and arguments for which the dialog has controls
# of its own.
ELSEWHERE = '_Image Translation (pix2pix)...', '_Model', 'S_eed'
GIMPS = ('_OK', '_Cancel', '_Help', '_Reset', '_Load Saved Settings', '_Save Settings')
ADD_ENDS = '_Add', '_Cancel'
CHOOSER_ENDS = '_Open', '_Cancel'
TEXT = re.compile (r'\bN?_ ?\(((?:\s*"(?:[^"\\]|\\.)*")+)\s*\)')


def texts (path):
    """All texts of a C file that are marked for translation."""
    for found in TEXT.findall (path.read_text (encoding='utf-8')):
        yield ''.join (re.findall (r'"((?:[^"\\]|\\.)*)"', found))


def catalogue (path):
    """msgid → msgstr of a .po file, without plural forms, which are never mnemonics."""
    pairs = re.findall (r'^msgid ((?:".*"\s*?\n)+)msgstr ((?:".*"\s*?\n)+)',
                        path.read_text (encoding='utf-8') + '\n', re.M)
    return {key: value for key, value in ((''.join (re.findall (r'"(.*)"', text)) for text in pair)
                                          for pair in pairs)}


def letter (text):
    found = re.search (r'_(\w)', text)
    return found and found[1].lower ()


def windows ():
    """(name, our texts, GIMP's texts) of each window."""
    files = sorted ([*(TOP / 'ui').glob ('*.c'), TOP / 'plugin/procedure.c'])
    dialog = [text for path in files if str (path.relative_to (TOP)) not in (ADD, REMOVE, CHOOSE)
              for text in texts (path) if text not in ELSEWHERE]
    add = [text for text in texts (TOP / ADD)
           if text not in (*CHOOSER_ENDS, *ASKED) or text in ADD_ENDS]
    return [('the dialog', dialog, GIMPS), ('Add Model', add, ()),
            ('its file chooser', CHOOSER_ENDS, ()), ('its question', ASKED, ()),
            ('Remove', list (texts (TOP / REMOVE)), ()),
            ('Choose Network', list (texts (TOP / CHOOSE)), ())]


def clashes (ours, gimps, translate, translate_gimps):
    """Letters with several texts, at least one of them ours: we cannot change GIMP's."""
    reached, own = {}, [*map (translate, dict.fromkeys (ours))]
    for text in [*own, *map (translate_gimps, gimps)]:
        if key := letter (text):
            reached.setdefault (key, []).append (text)
    return [f'{key}: {", ".join (all_texts)}' for key, all_texts in sorted (reached.items ())
            if len (all_texts) > 1 and any (text in own for text in all_texts)]


def main ():
    failed = count = 0
    languages = [word for line in (TOP / 'po/LINGUAS').read_text ().splitlines ()
                 if not line.startswith ('#') for word in line.split ()]
    for language in ['en', *languages]:
        known = {} if language == 'en' else catalogue (TOP / f'po/{language}.po')
        gimp = gettext.translation ('gimp30-libgimp', '/usr/share/locale', [language],
                                    fallback=True)
        for name, ours, gimps in windows ():
            lost = gimps and language != 'en' and type (gimp) is gettext.NullTranslations
            why = clashes (ours, () if lost else gimps, lambda text: known.get (text) or text,
                           gimp.gettext)
            count += 1
            failed += bool (why)
            print (f'{"not ok" if why else "ok"} {count} - {name}, {language}'
                   f'{" (without the buttons of GIMP, which is not installed)" if lost else ""}')
            print (''.join (f'# {line}\n' for line in why), end='')
    print (f'1..{count}')
    sys.exit (failed != 0)


main ()

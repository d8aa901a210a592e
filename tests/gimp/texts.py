# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of the dialog that languages.py has written to a file, and which of them are not
translated."""

import gettext
import pathlib
import re

# GIMP's own buttons and their tooltips, which its Korean and others leave in English; and the names
# of the facade's labels, which follow three numbers in the palette file.
PALETTE = pathlib.Path (__file__).resolve ().parents[2] / 'weights/facade.gpl'
GIMPS = {'Help', 'Cancel', 'Reset', 'Load Saved Settings', 'Save Settings',
         'Load settings saved with "Save Settings" button',
         'Store current settings for later reuse'}
LABELS = set (re.findall (r'^ *\d+ +\d+ +\d+\s+(\w.*)', PALETTE.read_text (), re.M))


def read (path):
    """Returns all texts, and those that are cut off."""
    lines = path.read_text (encoding='utf-8').splitlines () if path.exists () else []
    texts = [line.split ('\t', 1) for line in lines]
    return {text for _, text in texts}, {text for how, text in texts if how == 'cut'}


def plain (text):
    """A catalogue's text as the dialog shows it."""
    return text.replace ('_', '').replace ('\n', ' ')


def untranslated (texts, english, catalogue):
    """The texts that the dialog also has in English.  Texts without words may be the same, and so
    may words that the catalogue gives as they are, such as “Format”, and the figures of a model."""
    with open (catalogue, 'rb') as file:
        pairs = gettext.GNUTranslations (file)._catalog.items ()
    same = {plain (value) for key, value in pairs if value == key} | GIMPS | LABELS
    return {text for text in texts & english - same if re.search ('[a-z]{2}', text)
            and not re.match (r'(L1|cycle|style) \d', text)}

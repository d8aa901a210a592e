# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints which of the searches in $P2P_SEARCHES find the procedure in GIMP (python-fu-eval).

GIMP's search (action-search-dialog.c) shows an action when each typed word begins a word of the
action's label or tooltip.  The tooltip is the procedure's blurb.  If all words have one or two
letters, only the label is searched."""

import os

from gi.repository import Gimp, GLib

PROCEDURE = Gimp.get_pdb ().lookup_procedure ('plug-in-pix2pix')


def words (text):
    tokens, alternates = GLib.str_tokenize_and_fold (text, None)
    return [*tokens, *alternates]


known = words (PROCEDURE.get_blurb ()) + words (PROCEDURE.get_menu_label ().replace ('_', ''))
for search in os.environ['P2P_SEARCHES'].split (','):
    keys = GLib.str_tokenize_and_fold (search, None)[0]
    if all (any (word.startswith (key) for word in known) for key in keys):
        print (f'found: {search}')

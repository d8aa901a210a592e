# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens the dialog for stroker.py on a drawing of the size $P2P_SIZE,
with a brush that is thin at that size."""

import os

from gi.repository import Gimp

from sketching import choose_brush, dialog, open_drawing

width, height = map (int, os.environ['P2P_SIZE'].split ('x'))
image, drawing, display = open_drawing ()
image.scale (width, height)
choose_brush ()
Gimp.context_set_brush_size (max (width / 250, 4))
dialog (image, drawing)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: opens a drawing and the dialog, and sets a brush, for scripts that
paint."""

import os

from gi.repository import Gegl, Gimp, Gio

from helpers import call


def choose_brush ():
    """Makes a brush.  GIMP is started without its own brushes, which halves its start-up time."""
    brush = Gimp.Brush.new ('Dab')
    brush.set_radius (8)
    brush.set_hardness (0.9)
    Gimp.context_set_brush (brush)
    Gimp.context_set_brush_size (16)
    Gimp.context_enable_dynamics (False)
    Gimp.context_set_foreground (Gegl.Color.new ('red'))
    Gimp.context_set_background (Gegl.Color.new ('blue'))


def open_drawing ():
    image = Gimp.file_load (Gimp.RunMode.NONINTERACTIVE,
                            Gio.File.new_for_path (os.environ['P2P_DRAWING']))
    image.convert_rgb ()
    image.clean_all ()
    return image, image.get_layers ()[0], Gimp.Display.new (image)


def dialog (image, layer):
    return call (image, [layer], model='sketch2color', output='new-layer',
                 run_mode=Gimp.RunMode.INTERACTIVE)

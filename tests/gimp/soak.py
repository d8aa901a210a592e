# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP with a display: runs the plug-in that soak.c makes, once."""

from gi.repository import Gimp

procedure = Gimp.get_pdb ().lookup_procedure ('plug-in-pix2pix-soak')
procedure.run (procedure.create_config ())

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GIMP 3.0.4 (Debian 13) loses arguments of a procedure between two calls.  The code is in
# libgimp/gimpprocedureconfig.c and libgimpconfig/gimpconfig-serialize.c, tag GIMP_3_0_4.
#
# One would expect two things.  (1) A script that calls a procedure in interactive mode and passes
# an argument gets a dialog with that value.  (2) A layer that was chosen in a dialog is kept among
# the last values, as numbers and texts are.
#
# What happens instead: (1) The last values replace what the script passed.  The script asks for 3,
# but the procedure sees the 7 that a dialog left behind.  (2) GIMP does not keep the layer.  The
# procedure's process prints "couldn't serialize property … of type GimpDrawable", and the next call
# with last values sees no layer.  A filter with a layer argument therefore has to remember the
# layer elsewhere (in a parasite with the layer's tattoo) and to empty the property before it
# returns.
#
# Seen, as root on Debian 12 and 13:
#
#     first  interactive: number 3, layer Mine
#     second interactive: number 7, layer Mine
#     third  with-last-vals: number 7, layer none
#     couldn't serialize property GimpProcedureConfigRun-keeps::layer of type GimpDrawable
#
# Needs root and mmdebstrap, takes about two minutes, and fails if GIMP behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt --include=ca-certificates,gimp,gir1.2-gimp-3.0,python3-gi \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" gimp-console-3 --version | grep -q 'version 3\.0\.4' ||
  { echo 'not GIMP 3.0.4'; exit 1; }

keeps=$root/keeps/plug-ins/keeps
mkdir -p "$keeps/locale"
cat >"$keeps/keeps.py" <<'END'
#!/usr/bin/env python3
import sys
import gi
gi.require_version ('Gimp', '3.0')
from gi.repository import Gimp, GObject


class Keeps (Gimp.PlugIn):
    def do_query_procedures (self):
        return ['keeps']

    def do_create_procedure (self, name):
        procedure = Gimp.ImageProcedure.new (self, name, Gimp.PDBProcType.PLUGIN, self.run, None)
        flags = GObject.ParamFlags.READWRITE
        procedure.set_image_types ('*')
        procedure.add_int_argument ('number', 'Number', None, 0, 9, 0, flags)
        procedure.add_drawable_argument ('layer', 'Layer', None, True, flags)
        return procedure

    def run (self, procedure, run_mode, image, drawables, config, data):
        layer = config.get_property ('layer')
        with open ('/keeps/told', 'a') as told:
            told.write (f'{run_mode.value_nick}: number {config.get_property ("number")}, '
                        f'layer {layer.get_name () if layer else "none"}\n')
        if run_mode == Gimp.RunMode.INTERACTIVE:        # what somebody chooses in a dialog
            config.set_property ('number', 7)
            config.set_property ('layer', drawables[0])
        return procedure.new_return_values (Gimp.PDBStatusType.SUCCESS, None)


Gimp.main (Keeps.__gtype__, sys.argv)
END
chmod +x "$keeps/keeps.py"
cat >"$root/keeps/call.py" <<'END'
from gi.repository import Gimp

image = Gimp.Image.new (8, 8, Gimp.ImageBaseType.RGB)
layer = Gimp.Layer.new (image, 'Mine', 8, 8, Gimp.ImageType.RGBA_IMAGE, 100,
                        Gimp.LayerMode.NORMAL)
image.insert_layer (layer, None, 0)
for mode, kept in ((Gimp.RunMode.INTERACTIVE, layer), (Gimp.RunMode.INTERACTIVE, layer),
                   (Gimp.RunMode.WITH_LAST_VALS, None)):
    procedure = Gimp.get_pdb ().lookup_procedure ('keeps')
    config = procedure.create_config ()
    for name, value in (('run-mode', mode), ('image', image), ('number', 3), ('layer', kept)):
        config.set_property (name, value)
    config.set_core_object_array ('drawables', [layer])
    procedure.run (config)
image.delete ()
END

chroot "$root" env GIMP3_DIRECTORY=/keeps HOME=/keeps LC_ALL=C.UTF-8 gimp-console-3 -idf --quit \
  --batch-interpreter python-fu-eval -b "exec (open ('/keeps/call.py').read ())" \
  >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
cat "$root/keeps/told"
grep -o "couldn't serialize property .*" "$folder/log" | sort -u

printf '%s\n' 'interactive: number 3, layer Mine' 'interactive: number 7, layer Mine' \
  'with-last-vals: number 7, layer none' | cmp - "$root/keeps/told"
grep -q "couldn't serialize property GimpProcedureConfigRun-keeps::layer of type GimpDrawable" \
  "$folder/log"

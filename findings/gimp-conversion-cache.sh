#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GIMP 3.0.4 with babl 0.1.114 (Debian 13) never keeps the conversions between pixel formats that it
# has found, so GIMP, and each plug-in that it starts, look for them again.
#
# babl looks for a chain of conversions by trying and timing them, which takes tens of milliseconds
# for each pair of formats.  Therefore babl_exit () stores the chains that were used in the file
# ~/.cache/babl/babl-fishes, and babl_init () reads that file (babl/babl-cache.c).  In GIMP's
# development before 3.0, app_exit_after_callback () ended with gegl_exit () (app/app.c, commit
# 012df851), and that ends with babl_exit ().  So one would expect the file after GIMP has ended, and a
# fast search the next time.
#
# What happens instead: GIMP reads the file at each start and makes its folder, but writes no file,
# whether it ends by --quit, by (gimp-quit 0) or by (gimp-quit 1).  A program that calls gegl_init ()
# and gegl_exit () itself does write the file, and then finds the same conversion at once.
#
# Seen:
#
#     gimp-console-3 --quit: no file
#     (gimp-quit 0): no file
#     (gimp-quit 1): no file
#     gegl_exit () in another program: 3 conversions
#     searched again: at least 20 times as fast
#     GIMP after that: 3 conversions
#
# The search took 17 ms, and 0.014 ms when the file was there.  The other two conversions are those
# that gegl_init () needs.
#
# Needs root and mmdebstrap, takes about two minutes, and fails if GIMP behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt --include=ca-certificates,gimp,gir1.2-gegl-0.4,python3-gi \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" gimp-console-3 --version | grep -q 'version 3\.0\.4' ||
  { echo 'not GIMP 3.0.4'; exit 1; }
chroot "$root" dpkg-query -W -f '${Version}' libbabl-0.1-0 | grep -q '^1:0\.1\.114-' ||
  { echo 'not babl 0.1.114'; exit 1; }

# Finds one conversion, uses it, and prints the milliseconds of the search.
mkdir -p "$root/made/profile"
cat >"$root/made/search.py" <<'END'
import ctypes
import time

import gi
gi.require_version ('Gegl', '0.4')
from gi.repository import Gegl

Gegl.init (None)
babl = ctypes.CDLL ('libbabl-0.1.so.0')
babl.babl_format.restype = babl.babl_fish.restype = ctypes.c_void_p
babl.babl_fish.argtypes = ctypes.c_void_p, ctypes.c_void_p
babl.babl_process.argtypes = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long
formats = [babl.babl_format (name) for name in (b"R'G'B'A u8", b'RaGaBaA u16')]
pixels = [ctypes.create_string_buffer (1 << 16) for _ in formats]
start = time.monotonic ()
fish = babl.babl_fish (*formats)
print ((time.monotonic () - start) * 1000)
babl.babl_process (fish, *pixels, 1000)
Gegl.exit ()
END

in_made ()
{
  chroot "$root" env -C /made LC_ALL=C.UTF-8 HOME=/made GIMP3_DIRECTORY=/made/profile "$@"
}

# console SCRIPT [OPTION]: runs a line of Script-Fu in GIMP.
console ()
{
  in_made gimp-console-3 -idf --batch-interpreter plug-in-script-fu-eval -b "$@" \
    >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
}

# How many conversions the file holds.
kept ()
{
  file=$root/made/.cache/babl/babl-fishes
  if [ -e "$file" ]; then echo "$(grep -c '^----' "$file") conversions"; else echo 'no file'; fi
}

{
  console '#t' --quit
  echo "gimp-console-3 --quit: $(kept)"
  for force in 0 1; do
    console "(gimp-quit $force)"
    echo "(gimp-quit $force): $(kept)"
  done
  first=$(in_made python3 search.py)
  echo "gegl_exit () in another program: $(kept)"
  # babl forgets a stored conversion now and then, so that it is timed again.
  again=$(for i in 1 2 3 4 5; do in_made python3 search.py; done | sort -g | head -n 1)
  echo "milliseconds: $first, then $again" >&2
  awk "BEGIN { fast = $first > 20 * $again
               print \"searched again:\", fast ? \"at least 20 times as fast\" : \"slow\" }"
  console '#t' --quit
  echo "GIMP after that: $(kept)"
} | tee "$folder/seen"

cmp - "$folder/seen" <<'END'
gimp-console-3 --quit: no file
(gimp-quit 0): no file
(gimp-quit 1): no file
gegl_exit () in another program: 3 conversions
searched again: at least 20 times as fast
GIMP after that: 3 conversions
END

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GTK 3.24.49 (Debian 13) keeps a picture of a symbolic icon for each color that the icon has had,
# also for those between two states.
#
# A symbolic icon is drawn in the color of the text beside it.  When a button becomes insensitive,
# its theme lets the color fade in 200 ms.  One would expect that a button that was switched on and
# off a hundred times takes as much memory as before.
#
# What happens instead: each step of the fading has its own color, which GTK gives to librsvg, and
# it keeps the resulting picture with the icon (symbolic_pixbuf_cache in gtk/gtkicontheme.c), in a
# list that nothing shortens while the icon is in use.  The heap grows by about 10 kB each time for
# an icon of 16 × 16 pixels.  It looks like a leak of the program in which buttons are switched
# often, such as a dialog that can only be accepted while no work is under way.  Without animations
# (gtk-enable-animations) there are two colors only.
#
# Seen:
#
#     animations: the heap grows by more than 2 kB each time
#     no animations: the heap grows by less than 2 kB each time
#
# The figures were 9.3 and 0.1 kB.  Needs root and mmdebstrap, takes about two minutes, and fails if
# GTK behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt --include=ca-certificates,adwaita-icon-theme,fonts-dejavu-core \
  --include=gir1.2-gtk-3.0,librsvg2-common,python3-gi,xauth,xvfb \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" dpkg-query -W -f '${Version}' libgtk-3-0t64 | grep -q '^3\.24\.49-' ||
  { echo 'not GTK 3.24.49'; exit 1; }

cat >"$root/fade.py" <<'END'
import ctypes
import sys

import gi
gi.require_version ('Gtk', '3.0')
from gi.repository import GLib, Gtk


class Heap (ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        'arena', 'ordblks', 'smblks', 'hblks', 'hblkhd', 'usmblks', 'fsmblks', 'uordblks',
        'fordblks', 'keepcost')]


libc = ctypes.CDLL ('libc.so.6')
libc.mallinfo2.restype = Heap
animations = sys.argv[1] == 'animations'
Gtk.Settings.get_default ().set_property ('gtk-enable-animations', animations)
window = Gtk.Window ()
button = Gtk.Button.new_from_icon_name ('document-open-symbolic', Gtk.IconSize.BUTTON)
window.add (button)
window.show_all ()


def used_after (n):
    for _ in range (n):
        button.set_sensitive (not button.get_sensitive ())
        loop = GLib.MainLoop ()
        GLib.timeout_add (300, loop.quit)
        loop.run ()
    return libc.mallinfo2 ().uordblks


warm = used_after (20)
growth = (used_after (40) - warm) / 40
print (f'{growth:.0f} bytes', file=sys.stderr)
print (f'{sys.argv[1]}: the heap grows by {"more" if growth > 2000 else "less"} than 2 kB each time')
END
for animations in animations 'no animations'; do
  chroot "$root" env LC_ALL=C.UTF-8 HOME=/root NO_AT_BRIDGE=1 \
    GLIBC_TUNABLES=glibc.malloc.tcache_count=0 xvfb-run -a python3 /fade.py "$animations" \
    2>>"$folder/log" || tail "$folder/log"
done | tee "$folder/seen"

cmp - "$folder/seen" <<'END'
animations: the heap grows by more than 2 kB each time
no animations: the heap grows by less than 2 kB each time
END

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gimp_prop_check_button_new () of GIMP 3.0.4 (Debian 13) leaves 4 kB behind each time it is called.
#
# The caller owns the button, and nothing else is returned.  So one would expect that all memory is
# free again when the button is destroyed.
#
# What happens instead: the function makes a second label with the same text in bold, to learn how
# wide that is, and calls gtk_widget_destroy () for it (libgimpwidgets/gimppropwidgets.c).  A new
# widget has a floating reference, which belongs to whoever puts it into a container.  Nobody does,
# and gtk_widget_destroy () does not give it back, so the label stays with its layout and its style.
# GimpProcedureDialog makes one such button for each setting that is on or off.  A plug-in ends
# when it is done, so this matters only to one that stays (GIMP_PDB_PROC_TYPE_PERSISTENT), and to
# whoever looks for leaks.  The source of 3.2 reads the same.
#
# A button that GTK makes, with g_object_bind_property (), does the same and leaves nothing.
#
# Seen:
#
#     gimp_prop_check_button_new: 4 kB a button are left
#     gtk_check_button_new_with_mnemonic: 0 kB a button are left
#
# Needs root and mmdebstrap, takes about two minutes, and fails if GIMP behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt \
  --include=ca-certificates,fonts-dejavu-core,libgimp-3.0-0,python3,xauth,xvfb \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" dpkg-query -W -f '${Version}' libgimp-3.0-0 | grep -q '^3\.0\.4-' ||
  { echo 'not GIMP 3.0.4'; exit 1; }

cat >"$root/buttons.py" <<'END'
import ctypes


class Heap (ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        'arena', 'ordblks', 'smblks', 'hblks', 'hblkhd', 'usmblks', 'fsmblks', 'uordblks',
        'fordblks', 'keepcost')]


libc, gobject, gtk, gimp = (ctypes.CDLL (name) for name in (
    'libc.so.6', 'libgobject-2.0.so.0', 'libgtk-3.so.0', 'libgimpwidgets-3.0.so.0'))
libc.mallinfo2.restype = Heap
for function in (gtk.gtk_text_tag_new, gtk.gtk_check_button_new_with_mnemonic,
                 gimp.gimp_prop_check_button_new):
    function.restype = ctypes.c_void_p

gtk.gtk_init (None, None)
tag = ctypes.c_void_p (gtk.gtk_text_tag_new (None))     # has a boolean property


def by_gimp ():
    return ctypes.c_void_p (gimp.gimp_prop_check_button_new (tag, b'strikethrough', b'_Text'))


def by_gtk ():
    button = ctypes.c_void_p (gtk.gtk_check_button_new_with_mnemonic (b'_Text'))
    gobject.g_object_bind_property (tag, b'strikethrough', button, b'active', 1 | 2)
    return button


def used_after (make, n):
    for _ in range (n):
        button = make ()
        gobject.g_object_ref_sink (button)
        gtk.gtk_widget_destroy (button)
        gobject.g_object_unref (button)
    return libc.mallinfo2 ().uordblks


for name, make in (('gimp_prop_check_button_new', by_gimp),
                   ('gtk_check_button_new_with_mnemonic', by_gtk)):
    warm = used_after (make, 100)
    left = (used_after (make, 1000) - warm) / 1000
    print (f'{name}: {left / 1000:.0f} kB a button are left')
END
chroot "$root" env LC_ALL=C.UTF-8 HOME=/root xvfb-run -a python3 /buttons.py 2>"$folder/log" |
  tee "$folder/seen" || :
[ -s "$folder/seen" ] || { cat "$folder/log"; exit 1; }

cmp - "$folder/seen" <<'END'
gimp_prop_check_button_new: 4 kB a button are left
gtk_check_button_new_with_mnemonic: 0 kB a button are left
END

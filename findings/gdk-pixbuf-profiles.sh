#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gdk-pixbuf 2.44.8 (Debian testing, November 2026; its loaders are glycin's): what becomes of the
# color profile of a picture file.
#
# One would expect of a minor version that a program which reads the option "icc-profile", as image
# viewers and converters do, still gets the profile and the samples that it belongs to; or else that
# something tells of the change.
#
# What happens: for PNG, JPEG and WebP the samples are converted to sRGB, with 8 bits, and the
# option is not set; nothing says that a conversion took place.  A green of Adobe RGB, 40 200 60,
# comes as 0 201 37: what lies outside of sRGB is lost.  For TIFF of 8 bits the samples are left as
# they are, and the option is not set either: such colors are wrong.  So whoever takes a missing
# profile for sRGB is right with three formats and wrong with the fourth, and whoever writes a
# picture back with the profile that it had does so with samples that no longer belong to it.
#
# A way that gives the same with both versions: read the profile from the file, and hand the loader
# the file without it.
#
# Seen:
#
#     2.42.12                          2.44.8
#     png with profile: 40 200 60      png no profile: 0 201 37
#     jpg with profile: 39 200 60      jpg no profile: 0 201 37
#     webp with profile: 40 200 60     webp no profile: 0 201 37
#     tif with profile: 40 200 60      tif no profile: 40 200 60
#
# Needs root, mmdebstrap and some two minutes; fails if gdk-pixbuf behaves otherwise.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT

proxy='' until=''
command -v apt-config >/dev/null &&
  eval "$(apt-config shell proxy Acquire::http::Proxy until Acquire::Check-Valid-Until)"

# seen SUITE PACKAGE…: what gdk-pixbuf there makes of a picture with Ghostscript's Adobe RGB.
seen ()
{
  suite=$1
  shift
  mmdebstrap --quiet --variant=apt \
    --include="ca-certificates,gir1.2-gdkpixbuf-2.0,python3-gi,python3-pil,libgs-common$*" \
    ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} \
    ${until:+"--aptopt=Acquire::Check-Valid-Until \"$until\""} "$suite" "$folder/$suite"
  cp "$folder/try.py" "$folder/$suite/try.py"
  # The loaders are programs of their own, which need /proc; without bubblewrap they say so.
  unshare --mount sh -c 'mount -t proc proc "$0/proc" && chroot "$0" python3 /try.py' \
    "$folder/$suite" 2>/dev/null | tee "$folder/$suite.seen"
}

cat >"$folder/try.py" <<'END'
import gi
gi.require_version ('GdkPixbuf', '2.0')
from gi.repository import GdkPixbuf
from PIL import Image

with open ('/usr/share/color/icc/ghostscript/a98.icc', 'rb') as file:
    profile = file.read ()
print (GdkPixbuf.PIXBUF_VERSION)
for ending, more in (('png', {}), ('jpg', {'quality': 100, 'subsampling': 0}),
                     ('webp', {'lossless': True}), ('tif', {})):
    path = f'/try.{ending}'
    Image.new ('RGB', (16, 16), (40, 200, 60)).save (path, icc_profile=profile, **more)
    pixbuf = GdkPixbuf.Pixbuf.new_from_file (path)
    print (ending, 'with' if pixbuf.get_option ('icc-profile') else 'no', 'profile:',
           *pixbuf.get_pixels ()[:3])
END

seen trixie ,webp-pixbuf-loader
seen testing
cmp - "$folder/trixie.seen" <<'END'
2.42.12
png with profile: 40 200 60
jpg with profile: 39 200 60
webp with profile: 40 200 60
tif with profile: 40 200 60
END
cmp - "$folder/testing.seen" <<'END'
2.44.8
png no profile: 0 201 37
jpg no profile: 0 201 37
webp no profile: 0 201 37
tif no profile: 40 200 60
END

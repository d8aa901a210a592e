#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gdk-pixbuf 2.44.8 (Debian testing, November 2026), whose loaders come from glycin, drops the color
# profile of a picture file.
#
# Image viewers and converters read the option "icc-profile" of a pixbuf.  One would expect that
# after a minor update they still get the profile and the samples that it describes, or that
# something announces the change.
#
# What happens instead: for PNG, JPEG and WebP the loader converts the samples to sRGB with 8 bits
# and does not set the option.  Nothing says that it converted them.  The Adobe RGB green 40 200 60
# becomes 0 201 37, so colors outside sRGB are lost.  For TIFF with 8 bits the loader leaves the
# samples as they are and does not set the option either, so such colors are wrong.  A program that
# takes a missing profile for sRGB is therefore right for three formats and wrong for the fourth.  A
# program that saves the picture with its original profile saves samples that no longer belong to
# that profile.
#
# A workaround gives the same result with both versions: read the profile from the file yourself,
# and give the loader the file without the profile.
#
# Seen:
#
#     2.42.12                          2.44.8
#     png with profile: 40 200 60      png no profile: 0 201 37
#     jpg with profile: 39 200 60      jpg no profile: 0 201 37
#     webp with profile: 40 200 60     webp no profile: 0 201 37
#     tif with profile: 40 200 60      tif no profile: 40 200 60
#
# Needs root and mmdebstrap, takes about two minutes, and fails if gdk-pixbuf behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT

proxy='' until=''
command -v apt-config >/dev/null &&
  eval "$(apt-config shell proxy Acquire::http::Proxy until Acquire::Check-Valid-Until)"

# seen SUITE PACKAGE…: prints how SUITE's gdk-pixbuf loads pictures that have Ghostscript's Adobe
# RGB profile.
seen ()
{
  suite=$1
  shift
  mmdebstrap --quiet --variant=apt \
    --include="ca-certificates,gir1.2-gdkpixbuf-2.0,python3-gi,python3-pil,libgs-common$*" \
    ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} \
    ${until:+"--aptopt=Acquire::Check-Valid-Until \"$until\""} "$suite" "$folder/$suite"
  cp "$folder/try.py" "$folder/$suite/try.py"
  # The loaders are separate programs that need /proc.  Their warnings that bubblewrap is missing go
  # to /dev/null.
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

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ImageMagick 7.1.1-43 (Debian 13; coders/tiff.c) writes a wrong alpha channel into TIFF files whose
# colors are multiplied by alpha.
#
# TIFF 6.0 (section 18, "Associated Alpha Data Handling") says that colors are multiplied by alpha
# and that alpha itself is not.  So one would expect that RGBA 130 183 14 102 is stored as 52 73 6
# 102, and that ImageMagick reads its own file as 130 183 15 102, within rounding.
#
# What happens instead: with -define tiff:alpha=associated, ImageMagick multiplies alpha by itself
# too: 102 becomes 41, with 8 and with 16 bits.  Every program that reads the file gets a pixel that
# is too transparent and has wrong colors: red and green exceed alpha and come out as 255.  Opaque
# pixels are right, and so are files written with tiff:alpha=unassociated.
#
# If you make training data or reference pictures with ImageMagick, write unassociated alpha.  Test
# code that divides by alpha with files from another program.
#
# Seen:
#
#     associated 8: 52 73 6 41, read again 255 255 37 41
#     associated 16: 13364 18812 1439 10486, read again 255 255 35 41
#     unassociated 8: 130 183 14 102, read again 130 183 14 102
#     unassociated 16: 33410 47031 3598 26214, read again 130 183 14 102
#
# Needs root and mmdebstrap, takes about a minute, and fails if ImageMagick behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt --include=ca-certificates,imagemagick,python3-pil \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" convert -version | grep -q 'ImageMagick 7\.1\.1-43' ||
  { echo 'not ImageMagick 7.1.1-43'; exit 1; }

cat >"$root/try.py" <<'END'
import struct
import subprocess
from PIL import Image

Image.new ('RGBA', (1, 1), (130, 183, 14, 102)).save ('/in.png')
for alpha in 'associated', 'unassociated':
    for bits in 8, 16:
        subprocess.run (['convert', '/in.png', '-depth', str (bits), '-compress', 'None', '-endian',
                         'LSB', '-define', f'tiff:alpha={alpha}', '/out.tif'], check=True)
        subprocess.run (['convert', '/out.tif', 'PNG32:/back.png'], check=True)
        place = Image.open ('/out.tif').tag_v2[273][0]     # of the pixels
        with open ('/out.tif', 'rb') as file:
            stored = struct.unpack_from ('<4B' if bits == 8 else '<4H', file.read (), place)
        print (f'{alpha} {bits}:', *stored, end=', read again ')
        print (*Image.open ('/back.png').getpixel ((0, 0)))
END
chroot "$root" python3 /try.py | tee "$folder/seen"

cmp - "$folder/seen" <<'END'
associated 8: 52 73 6 41, read again 255 255 37 41
associated 16: 13364 18812 1439 10486, read again 255 255 35 41
unassociated 8: 130 183 14 102, read again 130 183 14 102
unassociated 16: 33410 47031 3598 26214, read again 130 183 14 102
END

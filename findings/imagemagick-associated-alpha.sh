#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ImageMagick 7.1.1-43 (Debian 13; its coders/tiff.c): TIFF with colors that are multiplied by alpha.
#
# TIFF 6.0 (section 18, "Associated Alpha Data Handling") has the colors multiplied by alpha, and
# alpha as it is.  So one would expect that RGBA 130 183 14 102 is stored as 52 73 6 102, and that
# ImageMagick reads its own file as 130 183 15 102, within rounding.
#
# What happens: with -define tiff:alpha=associated alpha too is multiplied by alpha: 102 becomes 41,
# with 8 and with 16 bits.  Where the file is read again, by whichever program, the pixel is more
# transparent and its colors are wrong: red and green exceed alpha, and come out as 255.  Opaque
# pixels, and files with tiff:alpha=unassociated, are right.
#
# Who makes training data or references by it: write unassociated, and test what divides by alpha
# with files of another origin.
#
# Seen:
#
#     associated 8: 52 73 6 41, read again 255 255 37 41
#     associated 16: 13364 18812 1439 10486, read again 255 255 35 41
#     unassociated 8: 130 183 14 102, read again 130 183 14 102
#     unassociated 16: 33410 47031 3598 26214, read again 130 183 14 102
#
# Needs root, mmdebstrap and a minute; fails if ImageMagick behaves otherwise.

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

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GIMP 3.0.4 (Debian 13) does not install extensions (.gex) as they were packed: plug-ins lose the
# permission to be run, and some archives are refused.  The code is in app/file-data/file-data-gex.c,
# tag GIMP_3_0_4.
#
# An extension is a zip archive of a folder.  GIMP's commit 406279e4, which brought the format, says
# that opening the file installs it "keeping all file permissions and structure".  So one would
# expect the same files as from unzip, which restores all three archives below.
#
# What happens instead: GIMP gives libarchive a function to read the archive but none to seek in it
# (archive_read_open ()), so libarchive reads the zip file as a stream.
#
# (1) The directory at the file's end is never read, and zip files keep permissions only there.  So
# the plug-in in an archive from Info-ZIP's zip is installed with the permissions 664.  GIMP reports
# success, but never starts the plug-in, and the extension's procedure does not exist.
#
# (2) An entry may have its size behind its data instead of in front (bit 3 of its flags); bsdtar
# writes all entries so.  GIMP asks archive_entry_size () before it reads the data, gets 0, and
# leaves the file empty.  Since the extension's own metainfo is empty then, GIMP refuses the
# extension and says that the metainfo has no <component> node, which it has.
#
# An archive is installed as it was packed if each entry has its size in front, and there also its
# permissions, in libarchive's extra field 0x6c78.
#
# Seen:
#
#     zip: unzip -rwxr-xr-x, 499 bytes; GIMP -rw-rw-r--, 499 bytes; procedure missing
#     bsdtar: unzip -rwxr-xr-x, 502 bytes; GIMP missing; procedure missing
#     front: unzip -rwxr-xr-x, 501 bytes; GIMP -rwxr-xr-x, 501 bytes; procedure found
#     org.example.bsdtar.metainfo.xml: no <component> node
#
# Needs root and mmdebstrap, takes about two minutes, and fails if GIMP behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt \
  --include=ca-certificates,gimp,gir1.2-gimp-3.0,python3-gi,zip,unzip,libarchive-tools \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" gimp-console-3 --version | grep -q 'version 3\.0\.4' ||
  { echo 'not GIMP 3.0.4'; exit 1; }

# An extension for each way to make the archive, with a procedure named after it.
for way in zip bsdtar front; do
  mkdir -p "$root/made/org.example.$way/hello"
  cat >"$root/made/org.example.$way/org.example.$way.metainfo.xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<component type="addon">
  <id>org.example.$way</id>
  <extends>org.gimp.GIMP</extends>
  <name>Hello</name>
  <summary>Does nothing</summary>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>GPL-3.0-or-later</project_license>
  <requires><id version="3.0.0" compare="ge">org.gimp.GIMP</id></requires>
  <releases><release version="1.0" date="2026-01-01"/></releases>
  <custom><value key="GIMP::plug-in-path">hello/hello.py</value></custom>
</component>
END
  cat >"$root/made/org.example.$way/hello/hello.py" <<END
#!/usr/bin/env python3
import sys
import gi
gi.require_version ('Gimp', '3.0')
from gi.repository import Gimp


class Hello (Gimp.PlugIn):
    def do_query_procedures (self):
        return ['hello-$way']

    def do_create_procedure (self, name):
        return Gimp.Procedure.new (self, name, Gimp.PDBProcType.PLUGIN, self.run, None)

    def run (self, procedure, config, data):
        return procedure.new_return_values (Gimp.PDBStatusType.SUCCESS, None)


Gimp.main (Hello.__gtype__, sys.argv)
END
  chmod +x "$root/made/org.example.$way/hello/hello.py"
done
cat >"$root/made/front.py" <<'END'
import pathlib
import struct
import zipfile

with zipfile.ZipFile ('front.gex', 'w') as archive:
    for path in sorted (pathlib.Path ('org.example.front').rglob ('*.*')):
        mode = path.stat ().st_mode
        entry = zipfile.ZipInfo (str (path))
        entry.external_attr = mode << 16
        # 5: the field holds the version made by, whose upper byte means Unix, and the permissions.
        entry.extra = struct.pack ('<HHBHL', 0x6c78, 7, 5, 3 << 8 | 20, mode << 16)
        archive.writestr (entry, path.read_bytes ())
END

in_made ()
{
  chroot "$root" env -C /made LC_ALL=C.UTF-8 HOME=/made GIMP3_DIRECTORY=/made/profile "$@"
}

# Runs a line of Script-Fu in GIMP.
console ()
{
  in_made gimp-console-3 -idf --quit --batch-interpreter plug-in-script-fu-eval -b "$1" \
    >"$folder/log" 2>&1
}

# The plug-in as it was unpacked into a folder.
unpacked ()
{
  in_made stat -c '%A, %s bytes' "$1/org.example.$way/hello/hello.py" 2>/dev/null || echo missing
}

in_made zip -q -r -D zip.gex org.example.zip
in_made bsdtar -c -f bsdtar.gex --format zip org.example.bsdtar
in_made python3 front.py

console '(begin (gimp-file-load RUN-NONINTERACTIVE "/made/zip.gex")
                (gimp-file-load RUN-NONINTERACTIVE "/made/front.gex"))' ||
  { cat "$folder/log"; exit 1; }
# Extensions are installed switched off.  When GIMP starts again, it writes down which procedures it
# has found.
sed -i 's/(active no)/(active yes)/' "$root/made/profile/extensionrc"
if console '(gimp-file-load RUN-NONINTERACTIVE "/made/bsdtar.gex")'; then
  echo 'bsdtar.gex was installed'
  exit 1
fi
{
  for way in zip bsdtar front; do
    in_made unzip -q $way.gex -d unzip
    found=missing
    if grep -q "\"hello-$way\"" "$root/made/profile/pluginrc"; then found=found; fi
    echo "$way: unzip $(unpacked unzip); GIMP $(unpacked profile/extensions); procedure $found"
  done
  grep -o 'org.example.bsdtar.metainfo.xml: no <component> node' "$folder/log" | sort -u
} | tee "$folder/seen"

cmp - "$folder/seen" <<'END'
zip: unzip -rwxr-xr-x, 499 bytes; GIMP -rw-rw-r--, 499 bytes; procedure missing
bsdtar: unzip -rwxr-xr-x, 502 bytes; GIMP missing; procedure missing
front: unzip -rwxr-xr-x, 501 bytes; GIMP -rwxr-xr-x, 501 bytes; procedure found
org.example.bsdtar.metainfo.xml: no <component> node
END

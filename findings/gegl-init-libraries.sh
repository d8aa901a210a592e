#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gegl_init () of GEGL 0.4.62 (Debian 13) loads the clients of LDAP and Kerberos, among a hundred
# libraries, into a program that only wants a buffer.  A GIMP plug-in that reads pixels does this
# each time it runs.
#
# GEGL's operations lie in modules and are used by their names.  So one would expect that
# gegl_init () reads a list of them, and that a program with buffers and no operation loads none.
#
# What happens instead: gegl_init () opens each module to see what is in it (gegl/module/), and with
# it all that it needs.  The one for PDF needs poppler, which needs curl, which needs LDAP, Kerberos
# and SSH.  Most are closed again before gegl_init () returns, so no list of loaded libraries shows
# them.  GEGL_PATH says where modules are; if that is a place without modules, none are loaded, and
# buffers and conversions work as before.
#
# Seen (babl's own modules, which are needed in both cases, are not counted):
#
#     usual: 36 modules, 101 other libraries, of which 9 are left
#     usual: for networks: libcurl-gnutls.so.4 libgssapi_krb5.so.2 libldap.so.2 libssh2.so.1
#     usual: 188 is 0.503 in linear light
#     GEGL_PATH=/dev/null: 0 modules, 0 other libraries, of which 0 are left
#     GEGL_PATH=/dev/null: for networks:
#     GEGL_PATH=/dev/null: 188 is 0.503 in linear light
#
# gegl_init () took 181 ms, and 80 ms with GEGL_PATH=/dev/null (medians of five runs, one after the
# other, on an AMD Zen 3).
#
# Needs root and mmdebstrap, takes about two minutes, and fails if GEGL behaves differently.

set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

proxy=
command -v apt-config >/dev/null && eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=apt --include=ca-certificates,libgegl-0.4-0t64,python3 \
  ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} trixie "$root"
chroot "$root" dpkg-query -W -f '${Version}' libgegl-0.4-0t64 | grep -q '^1:0\.4\.62-' ||
  { echo 'not GEGL 0.4.62'; exit 1; }

cat >"$root/buffer.py" <<'END'
import ctypes
import os

gegl, babl = ctypes.CDLL ('libgegl-0.4.so.0'), ctypes.CDLL ('libbabl-0.1.so.0')
os.write (2, b'gegl_init begins\n')
gegl.gegl_init (None, None)
os.write (2, b'gegl_init ends\n')

babl.babl_format.restype = gegl.gegl_buffer_new.restype = ctypes.c_void_p
pixel = (ctypes.c_int * 4) (0, 0, 1, 1)
level, light = ctypes.create_string_buffer (bytes ([188])), (ctypes.c_float * 1) ()
levels, lights = (ctypes.c_void_p (babl.babl_format (name)) for name in (b"Y' u8", b'Y float'))
buffer = ctypes.c_void_p (gegl.gegl_buffer_new (pixel, levels))
gegl.gegl_buffer_set (buffer, pixel, 0, levels, level, 0)
gegl.gegl_buffer_get (buffer, pixel, ctypes.c_double (1), lights, light, 0, 0)
print (f'188 is {light[0]:.3f} in linear light')
END

# during init|fini: the libraries for which the dynamic linker says "calling init" (it has loaded
# them) or "calling fini" (it closes them) during gegl_init ().
during ()
{
  sed -n "/^gegl_init begins/,/^gegl_init ends/ s|.*calling $1: \\([^ ]*\\).*|\\1|p" "$folder/log" |
    grep -v /babl- | sort -u || :
}

# look NAME VARIABLE…: what gegl_init () loads, with variables in the environment.
look ()
{
  name=$1
  shift
  chroot "$root" env LC_ALL=C.UTF-8 HOME=/root LD_DEBUG=files "$@" python3 /buffer.py \
    >"$folder/said" 2>"$folder/log" || { tail "$folder/log"; exit 1; }
  during init >"$folder/loaded"
  during fini >"$folder/closed"
  echo "$name: $(grep -c /gegl-0.4/ "$folder/loaded") modules," \
    "$(grep -vc /gegl-0.4/ "$folder/loaded") other libraries," \
    "of which $(comm -23 "$folder/loaded" "$folder/closed" | wc -l) are left"
  echo "$name: for networks:" $(sed 's|.*/||' "$folder/loaded" |
    grep -E '^lib(curl|gssapi|ldap|ssh)')
  sed "s|^|$name: |" "$folder/said"
}

{
  look usual
  look GEGL_PATH=/dev/null GEGL_PATH=/dev/null
} | tee "$folder/seen"

cmp - "$folder/seen" <<'END'
usual: 36 modules, 101 other libraries, of which 9 are left
usual: for networks: libcurl-gnutls.so.4 libgssapi_krb5.so.2 libldap.so.2 libssh2.so.1
usual: 188 is 0.503 in linear light
GEGL_PATH=/dev/null: 0 modules, 0 other libraries, of which 0 are left
GEGL_PATH=/dev/null: for networks:
GEGL_PATH=/dev/null: 188 is 0.503 in linear light
END

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# TAP: po/POTFILES lists exactly the C files with text to translate.

cd "$(dirname "$0")/.." || exit 1

listed=$(sed '/^#/d; /^$/d' po/POTFILES)
n=0

report ()     # NAME, then the files at fault
{
  n=$((n + 1))
  if [ -z "$2" ]; then
    echo "ok $n $1"
  else
    echo "not ok $n $1"
    printf '%s\n' "$2" | sed 's/^/# /'
  fi
}

echo 1..3

report 'every file with text to translate is listed' \
  "$(grep -rlE '(^|[^[:alnum:]_])N?_ ?\(' --include='*.c' core ui plugin | sort |
     grep -vxF -e "$listed")"
report 'every listed file exists' \
  "$(for file in $listed; do [ -f "$file" ] || echo "$file"; done)"
report 'no file is listed twice' "$(echo "$listed" | sort | uniq -d)"

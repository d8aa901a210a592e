#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# TAP: po/POTFILES lists exactly the sources with text to translate, and every language of po/LINGUAS
# translates all of it.

cd "$(dirname "$0")/.." || exit 1

listed=$(sed '/^#/d; /^$/d' po/POTFILES)
n=0

report ()     # report NAME FILES: FILES are those at fault
{
  n=$((n + 1))
  if [ -z "$2" ]; then
    echo "ok $n $1"
  else
    echo "not ok $n $1"
    printf '%s\n' "$2" | sed 's/^/# /'
  fi
}

languages=$(sed '/^#/d' po/LINGUAS)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

echo 1..$((3 + $(echo "$languages" | wc -w)))

report 'every file with text to translate is listed' \
  "$(grep -rlE '(^|[^[:alnum:]_#])N?_ ?\(' --include='*.[ch]' --include='*.py' core ui plugin |
     grep -vx core/base/intl.h | sort |
     grep -vxF -e "$listed")"
report 'every listed file exists' \
  "$(for file in $listed; do [ -f "$file" ] || echo "$file"; done)"
report 'no file is listed twice' "$(echo "$listed" | sort | uniq -d)"

# The same as Meson's own target makes, except for the comments for translators.
xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --files-from=po/POTFILES -o "$folder/all.pot"
for language in $languages; do
  msgmerge -q --no-fuzzy-matching -o "$folder/merged.po" "po/$language.po" "$folder/all.pot"
  report "po/$language.po has every text: meson compile -C BUILD pix2pix-update-po, then translate" \
    "$(for which in --untranslated --only-fuzzy; do
         msgattrib $which --no-location "$folder/merged.po" | sed '1,/^$/d'
       done)"
done

# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# words ID COMMAND…: runs the command with a --card option for each line of words/ID, which is a
# comment (#), empty, or KEY=VALUE.  The folder of this file is $here; without it, words/ is taken
# from weights/ in the current folder.

words ()
{
  file=${here:-weights}/words/$1
  shift
  while IFS= read -r line; do
    case $line in
      '#'* | '') ;;
      *) set -- "$@" --card "$line" ;;
    esac
  done <"$file" || return
  "$@"
}

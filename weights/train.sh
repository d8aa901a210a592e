#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Trains a model that comes along, from the same pictures and with the same
# options as it was trained: see usage below.

set -eu
here=$(dirname "$0")

usage='Usage: weights/train.sh PIX2PIX DATA ID

Trains the model ID (aerial2map) with the built program PIX2PIX on
the data sets in DATA, in the folder build/train/ID, and goes on with what is
there. Writes weights/ID.safetensors with its card, and says how near it is to
the validation pictures. It takes more than an hour.'

[ $# = 3 ] || { echo "$usage" >&2; exit 2; }
program=$1 data=$2 id=$3 run=build/train/$3

# train PICTURES OPTION…: from and against the pictures of a data set.
train ()
{
  pictures=$data/$1
  shift
  if [ -e "$run/checkpoint.safetensors" ]; then
    "$program" train --resume "$run"
  else
    mkdir -p build/train
    "$program" train --data "$pictures/train" --val "$pictures/val" "$@" -o "$run"
  fi
}

# ship CARD OPTION…: the run's last model in half precision, with its card.
ship ()
{
  "$program" import "$run/model.safetensors" -o "$here/$id.safetensors" --f16 \
    --card licence='GPL-3.0-or-later for the weights; the pictures they were trained on are for research only' \
    --card authors='gimp-pix2pix' "$@"
}

case $id in
  aerial2map)
    train maps --mode aligned --direction AtoB --ngf 32 --ndf 32 --no-dropout \
      --n-epochs 10 --n-epochs-decay 10 --seed 1
    ship --card title='Aerial photo to map' \
      --card title.de='Luftbild zu Karte' \
      --card description='Draws the street map that belongs to a photo from the air' \
      --card description.de='Zeichnet zu einem Foto aus der Luft den Straßenplan' \
      --card task='aerial-to-map' \
      --card data='The maps pairs of pix2pix (2017): 1096 pairs, aerial photo to map, from a commercial map service; research use only'
    ;;
  *) echo "$usage" >&2; exit 2 ;;
esac

# The validation that README.md tells, by the command that stands there.
sed -n "s|^    pix2pix \(eval --model weights/$id.safetensors .*\)|\1|p" "$here/README.md" |
  sed "s|weights/$id|$here/$id|; s|../shared/data|$data|" |
  while read -r command; do
    # shellcheck disable=SC2086 # the command's words
    "$program" $command --quiet
  done

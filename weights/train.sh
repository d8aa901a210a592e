#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Trains a model that comes along, from the same pictures and with the same
# options as it was trained: see usage below.

set -eu
here=$(dirname "$0")

usage='Usage: weights/train.sh PIX2PIX DATA ID

Trains the model ID (aerial2map, facade) with the built program PIX2PIX on the
data sets in DATA, in the folder build/train/ID, and goes on with what is there.
Writes weights/ID.safetensors with its card, and says how near it is to the
validation pictures. It takes up to two hours.'

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
  facade)
    mkdir -p build/train
    "$program" import "$data/../weights/facades_label2photo_ngf32.pth" --quiet --f16 \
      -o build/train/facade-start.safetensors
    train facades --mode aligned --direction BtoA --inputs labels --ngf 32 --ndf 32 \
      --start-from build/train/facade-start.safetensors \
      --n-epochs 2 --n-epochs-decay 5 --seed 2
    ship --card title='Facade' \
      --card title.de='Fassade' \
      --card description='Turns a drawn label map into the photo of a house front' \
      --card description.de='Macht aus einer gemalten Beschriftungskarte das Foto einer Hausfassade' \
      --card task='labels-to-photo' \
      --card palette='background=#0000de,facade=#0030ff,window=#0080ff,door=#01cfff,cornice=#20ffe0,sill=#70fe8e,balcony=#c0ff3f,blind=#fff001,deco=#ff9f00,molding=#ff5000,pillar=#fe0000,shop=#ae0001' \
      --card data='CMP Facade Database (Tyleček and Šára, 2013) as prepared for pix2pix: 400 pairs, labels to photo; made for research, no terms of redistribution stated'
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

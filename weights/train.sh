#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Trains a model that comes along, from the same pictures and with the same
# options as it was trained: see usage below.

set -eu
here=$(dirname "$0")
# shellcheck source=weights/words.sh
. "$here/words.sh"

usage='Usage: weights/train.sh PIX2PIX DATA ID

Trains the model ID (aerial2map, bw2color, day2night, facade, night2day,
photo2monet, photo2ukiyoe, sketch2color) with the built program
PIX2PIX on the data sets in DATA, in the folder build/train/ID, and goes on with what is
there.
Writes weights/ID.safetensors with its card, and says how near it is to the
validation pictures. It takes up to two and a half hours.'

[ $# = 3 ] || { echo "$usage" >&2; exit 2; }
program=$1 data=$(realpath "$2") id=$3

# train RUN PICTURES OPTION…: in a folder of build/train, from the pictures of a data set, and against
# its validation pictures, if it has any.
train ()
{
  run=build/train/$1 pictures=$data/$2
  case $2 in gathered | monet | ukiyoe) pictures=build/train/$2 ;; esac
  shift 2
  if [ -e "$run/checkpoint.safetensors" ]; then
    "$program" train --resume "$run"
  elif [ -e "$pictures/val" ]; then
    "$program" train --data "$pictures/train" --val "$pictures/val" "$@" -o "$run"
  else
    "$program" train --data "$pictures" "$@" -o "$run"
  fi
}

# gather SET…: makes the data set "gathered", with links to the training pictures of several sets and
# to the validation pictures of the first.
gather ()
{
  mkdir -p build/train/gathered/train
  ln -sfn "$data/$1/val" build/train/gathered/val
  for set; do
    for picture in "$data/$set"/train/*; do
      ln -sf "$picture" "build/train/gathered/train/$set-${picture##*/}"
    done
  done
}

# sixth SET: links every sixth picture of the folders A and B of a set, which has no others, into
# build/train/SET-val.
sixth ()
{
  for side in A B; do
    mkdir -p "build/train/$1-val/$side"
    find "$data/$1/$side" -type f | LC_ALL=C sort | sed -n '6~6p' |
      xargs -I PICTURE ln -sf PICTURE "build/train/$1-val/$side/"
  done
}

# unpair PHOTOS PAINTINGS: makes the data set PAINTINGS of photos and paintings that are no pairs, and
# PAINTINGS-val with the validation photos.  PHOTOS is gathered/train, or a folder of the data sets.
unpair ()
{
  photos=$data/$1
  case $1 in gathered/*) photos=$PWD/build/train/$1 ;; esac
  mkdir -p "build/train/$2" "build/train/$2-val"
  ln -sfn "$photos" "build/train/$2/A"
  ln -sfn "$data/photos/val" "build/train/$2-val/A"
  ln -sfn "$data/paintings/$2" "build/train/$2/B"
  ln -sfn "$data/paintings/$2" "build/train/$2-val/B"
}

# measure OPTION…: the metrics of the run's model $kept, as a training writes them on a card; the options
# are those of eval.
measure ()
{
  "$program" eval --model "$run/$kept.safetensors" --quiet "$@" |
    sed 's/^[0-9]* hints, //; s/^\([0-9]*\) [^:]*: \(.*\)/\2 (\1)/'
}

# ship CARD OPTION…: the run's model $kept in half precision, with its card.  What the card says in
# words, in all languages, stands in words/ID.
ship ()
{
  words "$id" "$program" import "$run/$kept.safetensors" -o "$here/$id.safetensors" --f16 \
    --card licence='GPL-3.0-or-later for the weights; the pictures they were trained on are for research only' \
    --card authors='gimp-pix2pix' "$@"
}

# The options of all trainings without pairs.
unpaired='--recipe cyclegan --netG unet_32 --ngf 32 --ndf 32 --crop-size 128 --load-size 160
  --scale-jitter 1.6 --upsample smooth --ema 0.998 --lambda-A 3 --lambda-B 3 --lambda-identity 0.2
  --cycle-noise 0.1 --identity-steps 300 --seed 1 --n-epochs-decay 0'

mkdir -p build/train
kept=model
case $id in
  aerial2map)
    train aerial2map-start maps --mode aligned --direction AtoB --ngf 32 --ndf 32 --no-dropout \
      --upsample smooth --ema 0.999 --n-epochs 8 --n-epochs-decay 7 --seed 1
    train aerial2map maps --mode aligned --direction AtoB --ndf 32 --no-dropout --ema 0.999 \
      --n-epochs 2 --n-epochs-decay 4 --seed 2 \
      --start-from build/train/aerial2map-start/model.safetensors
    train aerial2map-near maps --mode aligned --direction AtoB --ndf 32 --no-dropout --ema 0.999 \
      --n-epochs 1 --n-epochs-decay 0 --seed 3 \
      --start-from build/train/aerial2map/best.safetensors
    "$here/mean.py" build/train/aerial2map/best.safetensors "$run/model.safetensors" 0.85 \
      "$run/mean.safetensors"
    kept=mean
    ship --card task='aerial-to-map' \
      --card metrics="$(measure --data "$data/maps/val" --mode aligned --direction AtoB --flat targets)" \
      --card data='The maps pairs of pix2pix (2017): 1096 pairs, aerial photo to map, from a commercial map service; research use only'
    ;;
  bw2color)
    gather photos photos-free
    train bw2color-start gathered --mode colorize --hints --ngf 32 --no-dropout --lambda-GAN 0 \
      --batch-size 4 --lr 0.0004 --upsample smooth --ema 0.999 --n-epochs 6 --n-epochs-decay 3 \
      --seed 1 --card norm_statistics=running
    train bw2color-colors gathered --mode colorize --hints --ndf 32 --no-dropout --batch-size 4 \
      --ema 0.999 --n-epochs 2 --n-epochs-decay 2 --seed 2 \
      --start-from build/train/bw2color-start/model.safetensors --card norm_statistics=running
    train bw2color gathered --mode colorize --hints --ndf 32 --no-dropout --batch-size 4 \
      --lambda-detail 3000 --ema 0.999 --n-epochs 1 --n-epochs-decay 1 --seed 3 \
      --start-from build/train/bw2color-colors/model.safetensors --card norm_statistics=running
    "$here/mean.py" "$run/model.safetensors" "$run-colors/model.safetensors" 0.5 "$run/mean.safetensors"
    kept=mean
    ship --card task='gray-to-color' \
      --card metrics="$(measure --data "$data/photos/val" --mode colorize --hint-dots 10)" \
      --card data='1650 landscape photos, the photo half of the monet2photo set of CycleGAN (2017), from a photo-sharing site, terms not stated, so for research only; and 408 free photos from Debian packages (wallpapers and pictures of endless-sky, gcompris, lomiri, plasma, mate, lxqt, enlightenment, tuxpaint)'
    ;;
  day2night | night2day)
    sixth daynight
    train day2night daynight --val build/train/daynight-val --val-epoch-freq 4 $unpaired \
      --n-epochs 4
    task=day-to-night
    [ "$id" = day2night ] || { task=night-to-day; kept=model-back; }
    ship --card task="$task" \
      --card data='686 landscape photos, 420 by day and 266 at dusk or by night, chosen from the photo half of the monet2photo set of CycleGAN (2017), from a photo-sharing site, terms not stated, so for research only'
    ;;
  facade)
    train facade-start facades --mode aligned --direction BtoA --inputs labels --ngf 32 --ndf 32 \
      --upsample smooth --ema 0.999 --n-epochs 12 --n-epochs-decay 12 --seed 1
    train facade-near facades --mode aligned --direction BtoA --inputs labels --ndf 32 --ema 0.999 \
      --n-epochs 2 --n-epochs-decay 5 --seed 2 \
      --start-from build/train/facade-start/model.safetensors
    train facade-crisp facades --mode aligned --direction BtoA --inputs labels --preset crisp --seed 2 \
      --start-from build/train/facade-near/model.safetensors
    train facade facades --mode aligned --direction BtoA --inputs labels --ndf 32 --ema 0.999 \
      --lambda-detail 2000 --n-epochs 2 --n-epochs-decay 2 --seed 2 \
      --start-from build/train/facade-near/model.safetensors
    "$here/mean.py" "$run-crisp/model.safetensors" "$run/model.safetensors" 0.5 "$run/mean.safetensors"
    kept=mean
    ship --card task='labels-to-photo' \
      --card metrics="$(measure --data "$data/facades/val" --mode aligned --direction BtoA)" \
      --card palette='background=#0000de,facade=#0030ff,window=#0080ff,door=#01cfff,cornice=#20ffe0,sill=#70fe8e,balcony=#c0ff3f,blind=#fff001,deco=#ff9f00,molding=#ff5000,pillar=#fe0000,shop=#ae0001' \
      --card data='CMP Facade Database (Tyleček and Šára, 2013) as prepared for pix2pix: 400 pairs, labels to photo; made for research, no terms of redistribution stated'
    ;;
  photo2monet)
    gather photos photos-free
    unpair gathered/train monet
    train photo2monet-colors monet --val build/train/monet-val $unpaired --lambda-identity 0.1 \
      --n-epochs 1
    train photo2monet monet --val build/train/monet-val $unpaired --load-size 256 --scale-jitter 1.2 \
      --lambda-A 1 --lambda-B 1 --lambda-identity 0.1 --n-epochs 1 --n-epochs-decay 1
    "$here/mean.py" "$run/model.safetensors" "$run-colors/model.safetensors" 0.6 "$run/mean.safetensors"
    kept=mean
    ship --card task='photo-to-painting' --card metrics="$(measure --data build/train/monet-val --mode unpaired)" \
      --card data='2058 landscape photos: 1650 of the photo half of the monet2photo set of CycleGAN (2017), from a photo-sharing site, terms not stated, so for research only, and 408 free photos from Debian packages; and 500 photographs of paintings by Claude Monet, which are in the public domain, from the sets of CycleGAN'
    ;;
  photo2ukiyoe)
    unpair photos/train ukiyoe
    train photo2ukiyoe ukiyoe --val build/train/ukiyoe-val $unpaired --n-epochs 1
    ship --card task='photo-to-print' \
      --card data='1650 landscape photos, the photo half of the monet2photo set of CycleGAN (2017), from a photo-sharing site, terms not stated, so for research only; and 400 photographs of woodblock prints in the public domain, from the sets of CycleGAN'
    ;;
  sketch2color)
    train sketch2color sketch --mode sketch --hints --ngf 32 --no-dropout --lambda-GAN 0 \
      --upsample smooth --ema 0.999 --batch-size 4 --lr 0.0004 --n-epochs 24 --n-epochs-decay 7 \
      --seed 1 --card norm_statistics=running
    ship --card task='sketch-to-color' \
      --card licence='Free, under the terms of the drawings that they were trained on, which stand under data' \
      --card data='3322 colored drawings: art4apps (CC BY-SA 3.0), OpenMoji 17.0.0 (CC BY-SA 4.0), openclipart-svg 0.18 (public domain), tuxpaint-stamps 2022.06.04 (GPL-2), portraits of Battle for Wesnoth 1.16.9 (GPL-2 or later)'
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

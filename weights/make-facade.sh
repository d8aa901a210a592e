#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes facade.safetensors, the starter model, of the generator that PyTorch trained:
#
#   weights/make-facade.sh PIX2PIX PTH
#
# PIX2PIX is the built program, PTH facades_label2photo_ngf32.pth.

set -eu
program=$1 pth=$2
here=$(dirname "$0")

"$program" import "$pth" -o "$here/facade.safetensors" --f16 \
  --card title='Facade' \
  --card title.de='Fassade' \
  --card description='Turns a drawn label map into the photo of a house front' \
  --card description.de='Macht aus einer gemalten Beschriftungskarte das Foto einer Hausfassade' \
  --card task='labels-to-photo' \
  --card inputs=labels \
  --card output=rgb \
  --card train_size=256 \
  --card scale=fit:256 \
  --card norm_statistics=image \
  --card dropout_at_apply=off \
  --card palette='background=#0000de,facade=#0030ff,window=#0080ff,door=#01cfff,cornice=#20ffe0,sill=#70fe8e,balcony=#c0ff3f,blind=#fff001,deco=#ff9f00,molding=#ff5000,pillar=#fe0000,shop=#ae0001' \
  --card licence='GPL-3.0-or-later for the weights; the pictures they were trained on were published for research only' \
  --card data='CMP Facade Database (Tyleček and Šára, 2013) as prepared for pix2pix: 400 pairs, labels to photo; made for research, no terms of redistribution stated' \
  --card authors='gimp-pix2pix' \
  --card created='2026-11-23' \
  --card metrics='val, 100 pairs, image statistics, no dropout, measured with PyTorch 2.6 before rounding to half precision: L1 0.3548 in [-1, 1], PSNR 12.80 dB, SSIM 0.2379. Trained by PyTorch 2.6: unet_256, ngf 32, batch 1, 60 epochs, 23827 steps, Adam 2e-4, lambda 100; a starter until our own trainer replaces it'

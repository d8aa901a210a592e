#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: whole networks compared with PyTorch in double precision, with the same (rounded) weights
and drawn pictures.

    test-parity.py FORWARD PROGRAM
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path (__file__).resolve ().parent
TOP = HERE.parent
sys.dont_write_bytecode = True

try:
    import numpy as np
    import torch
    from PIL import Image
    from reference import Resnet, Unet, steady_weights, use_noise, use_statistics
except ImportError as missing:
    print (f'1..0 # SKIP {missing}: python3-torch, python3-numpy and python3-pil are needed')
    sys.exit ()

FORWARD, PROGRAM = (pathlib.Path (path).resolve () for path in sys.argv[1:3])
FACADE = TOP / 'weights/facade.safetensors'
FOLDER = pathlib.Path (tempfile.mkdtemp (prefix='pix2pix-parity-'))

count = 0


def report (good, claim, why):
    global count
    count += 1
    print (('ok' if good else 'not ok'), count, '-', claim)
    if not good:
        print (f'# {why}')


def read_safetensors (path):
    """Name → tensor in double precision.  This reader shares no code with the program."""
    import json
    blob = path.read_bytes ()
    start = 8 + int.from_bytes (blob[:8], 'little')
    types = {'F32': '<f4', 'F16': '<f2'}
    tensors = {}
    for name, entry in json.loads (blob[8:start]).items ():
        if name != '__metadata__':
            begin, end = entry['data_offsets']
            values = np.frombuffer (blob[start + begin:start + end], types[entry['dtype']])
            tensors[name] = torch.from_numpy (values.astype (np.float64).reshape (entry['shape']))
    return tensors


SKETCH = 'lines,hint-rgb,hint-mask,spread-rgb,spread-reach'


def drawn (name):
    return Image.open (HERE / f'data/{name}.png').convert ('RGB')


def beside (*pictures):
    rows = [np.asarray (picture) for picture in pictures]
    return Image.fromarray (np.concatenate (rows, 1))


LABELS, TOWN, FOX = drawn ('facade-labels'), drawn ('aerial-town'), drawn ('sketch-fox')
WIDE = beside (LABELS, TOWN)                                        # 512×256
STRIP = drawn ('gray-landscape').crop ((0, 100, 384, 228))          # 384×128
SQUARE, ODD = TOWN.crop ((60, 90, 188, 218)), TOWN.crop ((9, 40, 141, 132))      # 128×128, 132×92


def ours (model, statistics, seed, pixels):
    """Our network's output for pixels [h, w, c] in [−1, 1], as floats."""
    source, result = FOLDER / 'input', FOLDER / 'output'
    pixels.astype ('<f4').tofile (source)
    height, width, _ = pixels.shape
    subprocess.run ([FORWARD, model, statistics, '-' if seed is None else str (seed), str (width),
                     str (height), source, result], check=True)
    return np.fromfile (result, '<f4').reshape (height, width, 3).astype (np.float64)


def theirs (net, statistics, pixels):
    x = torch.from_numpy (pixels.astype (np.float32).astype (np.float64)).permute (2, 0, 1)[None]
    with torch.no_grad ():
        return use_statistics (net, statistics == 'running') (x)[0].permute (1, 2, 0).numpy ()


def bytes_of (values):
    return np.rint ((values + 1) / 2 * 255)


def planes (pixels, input_nc):
    """As many channels as input_nc: those of the picture, then those of shifted copies of it."""
    moved = [np.roll (pixels, 7 * i, (0, 1)) for i in range (-(-input_nc // 3))]
    return np.concatenate (moved, 2)[..., :input_nc]


def compare (model, net, network, pictures, all_statistics=('image', 'running'), seed=None,
             input_nc=3):
    for picture in pictures:
        for statistics in all_statistics:
            claim = f'{network}, {statistics} statistics, {picture.width}×{picture.height}'
            pixels = planes (np.asarray (picture) / 127.5 - 1, input_nc)
            y, expected = ours (model, statistics, seed, pixels), theirs (net, statistics, pixels)
            error = ((y - expected) ** 2).sum () / (expected ** 2).sum ()
            levels = np.abs (bytes_of (y) - bytes_of (expected)).max ()
            # A network that gives only one color would prove nothing.
            good = error <= 1e-9 and levels <= 1 and expected.std () > 0.05
            report (good, claim + f': {error:.1e}',
                    f'normalized squared error {error:g}, at most {levels:g} levels apart, '
                    f'deviation {expected.std ():g}')


def compare_facade ():
    net = Unet (ngf=32, upsample='smooth').double ()
    net.load_state_dict (read_safetensors (FACADE), strict=False)
    compare (FACADE, net, 'facade', [LABELS, WIDE])


def compare_random (network, kind, pictures, seed=None, **options):
    """A network with random weights.  Our program imports the file that PyTorch writes, which has
    no card, so names and shapes must identify the network."""
    torch.manual_seed (1)
    side = 128 if kind == Resnet else max (256, 1 << options.get ('num_downs', 8))
    picture = LABELS.resize ((side, side))
    input_nc = options.get ('input_nc', 3)
    x = planes (np.asarray (picture) / np.float32 (127.5) - 1, input_nc)
    x = torch.from_numpy (x).permute (2, 0, 1)[None]
    net = steady_weights (kind (**options), x)
    torch.save (net.state_dict (), FOLDER / 'net.pth')
    model = FOLDER / 'net.safetensors'
    card = ['--card', f'inputs={SKETCH}'] if input_nc == 9 else []
    if options.get ('upsample') == 'bilinear':    # the shapes are those of 'resize'
        card += ['--card', 'upsample=bilinear']
    subprocess.run ([PROGRAM, 'import', FOLDER / 'net.pth', '-o', model, '--f16', '-q', *card],
                    check=True)
    net = net.double ()
    net.load_state_dict (read_safetensors (model), strict=False)
    if seed is not None:
        use_noise (net, seed)
    both = options.get ('norm', 'batch') == 'batch'
    compare (model, net, network, pictures, ('image', 'running') if both else ('image',), seed,
             input_nc)


def compare_unets ():
    compare_random ('unet_256, ngf 64', Unet, [LABELS])
    compare_random ('unet_256 with instance norm', Unet, [TOWN, WIDE], ngf=16, norm='instance')
    compare_random ('unet_256 of lines and hints, nine channels', Unet, [TOWN], ngf=16, input_nc=9)
    compare_random ('unet_256 with noise', Unet, [TOWN], seed=3, ngf=16, dropout=True)
    compare_random ('unet_128', Unet, [TOWN, STRIP], ngf=16, num_downs=7)
    compare_random ('unet_256 that resizes', Unet, [TOWN, WIDE], ngf=16, upsample='resize')
    compare_random ('unet_256 that doubles smoothly', Unet, [TOWN, WIDE], ngf=16,
                    upsample='smooth')
    for num_downs in (5, 6, 9):
        compare_random (f'unet of {num_downs} down-samplings', Unet,
                        [FOX] if num_downs == 9 else [STRIP], ngf=16, num_downs=num_downs)


def compare_resnets ():
    for n_blocks in (9, 6):
        for norm in ('batch', 'instance'):
            for dropout in (False, True):
                with_dropout = ' with dropout' if dropout else ''
                compare_random (f'resnet_{n_blocks}, {norm} norm{with_dropout}', Resnet,
                                [ODD] if dropout else [SQUARE, ODD], ngf=16, n_blocks=n_blocks,
                                norm=norm, dropout=dropout)
    compare_random ('resnet_9, ngf 64', Resnet, [SQUARE], norm='instance')
    compare_random ('resnet_9 that resizes', Resnet, [ODD], ngf=16, upsample='resize')
    compare_random ('resnet_9 that doubles by bilinear interpolation', Resnet, [ODD], ngf=16,
                    upsample='bilinear')
    compare_random ('resnet_9 that doubles smoothly', Resnet, [ODD], ngf=16, upsample='smooth')
    compare_random ('resnet_6 with noise', Resnet, [ODD], seed=3, ngf=16, n_blocks=6,
                    norm='instance', dropout=True)


compare_facade ()
compare_unets ()
compare_resnets ()
print (f'1..{count}')
for path in FOLDER.iterdir ():
    path.unlink ()
FOLDER.rmdir ()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: whole networks against PyTorch in double precision, on the same (rounded) weights and real
pictures.

    test-parity.py FORWARD PROGRAM
"""

import os
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
    from reference import Unet, use_statistics
except ImportError as missing:
    print (f'1..0 # SKIP {missing}: python3-torch, python3-numpy and python3-pil are needed')
    sys.exit ()

FORWARD, PROGRAM = (pathlib.Path (path).resolve () for path in sys.argv[1:3])
DATA = pathlib.Path (os.environ.get ('P2P_DATA', TOP / '../shared/data'))
FACADE = TOP / 'weights/facade.safetensors'
FOLDER = pathlib.Path (tempfile.mkdtemp (prefix='pix2pix-parity-'))

count = 0


def report (good, claim, why='', skip=None):
    global count
    count += 1
    print (('ok' if good else 'not ok'), count, '-', claim, f'# SKIP {skip}' if skip else '')
    if not good:
        print (f'# {why}')


def read_safetensors (path):
    """Name → tensor in double precision; none of our code has a part in it."""
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


def pictures ():
    """Name → picture: the drawn sample; of the data, labels of 256² and a pair of 512×256."""
    yield 'sample 256×256', Image.open (HERE / 'data/facade-labels.png')
    for name in ('1', '25', '50'):
        path = DATA / f'facades/val/{name}.jpg'
        if not path.exists ():
            yield f'facades/val/{name}.jpg', None
            continue
        pair = Image.open (path).convert ('RGB')
        yield f'labels of facades/val/{name}.jpg 256×256', pair.crop ((256, 0, 512, 256))
        yield f'facades/val/{name}.jpg 512×256', pair


def ours (model, statistics, pixels):
    """The network's output for pixels [h, w, c] in [−1, 1], as float."""
    source, result = FOLDER / 'input', FOLDER / 'output'
    pixels.astype ('<f4').tofile (source)
    height, width, _ = pixels.shape
    subprocess.run ([FORWARD, model, statistics, str (width), str (height), source, result],
                    check=True)
    return np.fromfile (result, '<f4').reshape (height, width, 3).astype (np.float64)


def theirs (net, statistics, pixels):
    x = torch.from_numpy (pixels.astype (np.float32).astype (np.float64)).permute (2, 0, 1)[None]
    with torch.no_grad ():
        return use_statistics (net, statistics == 'running') (x)[0].permute (1, 2, 0).numpy ()


def bytes_of (values):
    return np.rint ((values + 1) / 2 * 255)


def compare (model, net, network):
    for name, picture in pictures ():
        for statistics in ('image', 'running'):
            claim = f'{network}, {statistics} statistics, {name}'
            if picture is None:
                report (True, claim, skip=f'no {DATA}')
                continue
            pixels = np.asarray (picture.convert ('RGB')) / 127.5 - 1
            y, expected = ours (model, statistics, pixels), theirs (net, statistics, pixels)
            error = ((y - expected) ** 2).sum () / (expected ** 2).sum ()
            levels = np.abs (bytes_of (y) - bytes_of (expected)).max ()
            report (error <= 1e-9 and levels <= 1, claim + f': {error:.1e}',
                    f'normalised squared error {error:g}, at most {levels:g} levels apart')


def compare_facade ():
    net = Unet (ngf=32).double ()
    net.load_state_dict (read_safetensors (FACADE), strict=False)
    compare (FACADE, net, 'facade')


def compare_full_size ():
    """unet_256 with ngf 64, through our own import of what PyTorch writes."""
    torch.manual_seed (1)
    net = Unet (ngf=64)
    with torch.no_grad ():
        for name, value in net.state_dict ().items ():
            if name.endswith (('.running_mean', '.running_var')):
                value.copy_ (torch.rand_like (value) * 0.2 + ('var' in name) * 0.5)
    torch.save (net.state_dict (), FOLDER / 'net.pth')
    model = FOLDER / 'net.safetensors'
    subprocess.run ([PROGRAM, 'import', FOLDER / 'net.pth', '-o', model, '--f16', '-q'], check=True)
    net = net.double ()
    net.load_state_dict (read_safetensors (model), strict=False)
    compare (model, net, 'random unet_256, ngf 64')


compare_facade ()
compare_full_size ()
print (f'1..{count}')
for path in FOLDER.iterdir ():
    path.unlink ()
FOLDER.rmdir ()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: PyTorch takes what `pix2pix export` writes for its own files.

    test-export.py PROGRAM
"""

import json
import pathlib
import re
import sys

HERE = pathlib.Path (__file__).resolve ().parent
sys.dont_write_bytecode = True

try:
    import numpy as np
    import torch
    from PIL import Image
    from reference import RESIZING, Resnet, Unet, use_statistics
    from torch import nn
except ImportError as missing:
    print (f'1..0 # SKIP {missing}: python3-torch, python3-numpy and python3-pil are needed')
    sys.exit ()

from program import FOLDER, check, run, run_tests

FACADE = HERE.parent / 'weights/facade.safetensors'
SAMPLE = HERE / 'data/facade-labels.png'
DTYPES = {'F32': ('<f4', torch.float32), 'F16': ('<f2', torch.float16)}


def read_safetensors (path):
    """Name → tensor as stored.  This reader shares no code with the program."""
    blob = path.read_bytes ()
    start = 8 + int.from_bytes (blob[:8], 'little')
    tensors = {}
    for name, entry in json.loads (blob[8:start]).items ():
        if name != '__metadata__':
            begin, end = entry['data_offsets']
            values = np.frombuffer (blob[start + begin:start + end], DTYPES[entry['dtype']][0])
            tensors[name] = torch.from_numpy (values.reshape (entry['shape']).copy ())
    return tensors


def as_bytes (tensor):
    return tensor.contiguous ().reshape (-1).view (torch.uint8)


def same (a, b):
    """Whether a and b are equal bit for bit, with types and shapes."""
    return ((a.dtype, a.shape) == (b.dtype, b.shape)
            and torch.equal (as_bytes (a), as_bytes (b)))


def export (model, **options):
    out = FOLDER / 'out.pth'
    run ('export', model, '-o', out, '-q')
    return torch.load (out, weights_only=True, **options)


def export_facade ():
    """The facade model doubles smoothly: it has convolutions in a Sequential behind two modules
    without weights.  These names are without the number in the Sequential, as in the reference."""
    return {re.sub (r'(\d)\.2\.(\w+)$', r'\1.\2', name): value
            for name, value in export (FACADE).items ()}


def test_bits ():
    """torch.load (weights_only=True) gives every tensor of the model bit for bit"""
    expected, state = read_safetensors (FACADE), export_facade ()
    wrong = [name for name, value in expected.items () if not same (value, state[name])]
    check (not wrong, wrong)
    more = {name: value for name, value in state.items () if name not in expected}
    check (all (name.endswith ('.num_batches_tracked') and same (value, torch.tensor (0))
                for name, value in more.items ()), more)


def test_map ():
    """torch.load (mmap=True) gives the same"""
    plain, mapped = export (FACADE), export (FACADE, mmap=True)
    check (list (plain) == list (mapped), list (mapped))
    check (all (same (plain[name], mapped[name]) for name in plain), 'the numbers differ')


def test_output ():
    """the reference network loads it with strict=True and gives the same picture as apply"""
    net = Unet (ngf=32, upsample='smooth')
    net.load_state_dict (export_facade (), strict=True)
    run ('apply', '--model', FACADE, '--scale', 'native', SAMPLE, '-o', FOLDER / 'out.png')
    ours = np.asarray (Image.open (FOLDER / 'out.png').convert ('RGB')).astype (int)
    pixels = np.asarray (Image.open (SAMPLE).convert ('RGB')).astype (np.float32) / 127.5 - 1
    with torch.no_grad ():
        y = use_statistics (net, False) (torch.from_numpy (pixels).permute (2, 0, 1)[None])
    theirs = np.rint ((y[0].permute (1, 2, 0).numpy () + 1) * 127.5)
    levels = np.abs (ours - theirs).max ()
    check (levels <= 1, f'up to {levels} levels apart')


def saved (net, name):
    path = FOLDER / name
    torch.save (net.state_dict (), path)
    return path


def test_round_trip ():
    """PyTorch's own file, imported and exported: the same state dict but for the counters"""
    for norm in 'batch', 'instance', 'none':
        net = Unet (num_downs=5, ngf=2, norm=norm)
        path = saved (net, f'{norm}.pth')
        run ('import', path, '-o', FOLDER / 'in.safetensors', '-q')
        state = export (FOLDER / 'in.safetensors')
        check (set (state) == set (net.state_dict ()), set (state) ^ set (net.state_dict ()))
        check (all (same (value, state[name]) for name, value in net.state_dict ().items ()), norm)


def test_precision ():
    """half and bfloat16 keep their types"""
    for dtype in torch.float16, torch.bfloat16:
        net = Unet (num_downs=5, ngf=2).to (dtype)
        state = export (saved (net, 'narrow.pth'))
        check (all (same (value, state[name]) for name, value in net.state_dict ().items ()), dtype)


def test_no_statistics ():
    """a model without running statistics gets PyTorch's initial ones, so it loads strictly"""
    net = Unet (num_downs=5, ngf=2)
    state = {name: value for name, value in net.state_dict ().items () if '.running_' not in name}
    torch.save (state, FOLDER / 'bare.pth')
    exported = export (FOLDER / 'bare.pth')
    net.load_state_dict (exported, strict=True)
    check (all (same (value, torch.full_like (value, 'var' in name))
                for name, value in exported.items () if '.running_' in name), 'other statistics')


def in_sequentials (net, sequential):
    """Puts a Sequential, as people write doublings, in the place of each doubling layer."""
    for module in list (net.modules ()):
        for name, child in list (module.named_children ()):
            if isinstance (child, tuple (RESIZING.values ())):
                setattr (module, name, sequential (child.in_channels, child.out_channels,
                                                   child.bias is not None))
    return net


def resize_sequential (n_in, n_out, bias):
    return nn.Sequential (nn.Upsample (scale_factor=2),
                          nn.Conv2d (n_in, n_out, 3, padding=1, bias=bias))


def smooth_sequential (n_in, n_out, bias):
    return nn.Sequential (nn.Upsample (scale_factor=2), nn.AvgPool2d (2, 1, padding=1),
                          nn.Conv2d (n_in, n_out, 2, bias=bias))


def bilinear_sequential (n_in, n_out, bias):
    return nn.Sequential (nn.Upsample (scale_factor=2, mode='bilinear'),
                          nn.Conv2d (n_in, n_out, 3, padding=1, bias=bias))


TOLD = {'resize': ('nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(…, 3, padding=1))',
                   resize_sequential),
        'bilinear': ("nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), "
                     'nn.Conv2d(…, 3, padding=1))', bilinear_sequential),
        'smooth': ('nn.Sequential(nn.Upsample(scale_factor=2), nn.AvgPool2d(2, 1, padding=1), '
                   'nn.Conv2d(…, 2))', smooth_sequential)}


def test_upsample ():
    """a generator that resizes loads strictly, as export describes it, and is imported again"""
    for upsample, kind, options in (
            ('resize', Unet, dict (num_downs=5, ngf=2)),
            ('resize', Resnet, dict (n_blocks=2, ngf=2, norm='instance')),
            ('smooth', Unet, dict (num_downs=5, ngf=2)),
            ('bilinear', Resnet, dict (n_blocks=2, ngf=2, norm='instance')),
            ('smooth', Resnet, dict (n_blocks=2, ngf=2, norm='instance'))):
        net = kind (upsample=upsample, **options)
        card = '--card', f'upsample={upsample}'
        run ('import', saved (net, 'up.pth'), '-o', FOLDER / 'up.safetensors', '-q', *card)
        output, _ = run ('export', FOLDER / 'up.safetensors', '-o', FOLDER / 'out.pth')
        check (TOLD[upsample][0] in output, output)
        theirs = in_sequentials (kind (upsample=upsample, **options), TOLD[upsample][1])
        theirs.load_state_dict (torch.load (FOLDER / 'out.pth', weights_only=True), strict=True)
        x = torch.rand (1, 3, 64, 64)
        check (torch.equal (theirs.train () (x), net.train () (x)), 'another picture')
        run ('import', FOLDER / 'out.pth', '-o', FOLDER / 'again.safetensors', '-q', *card)
        check (all (same (value, read_safetensors (FOLDER / 'again.safetensors')[name])
                    for name, value in read_safetensors (FOLDER / 'up.safetensors').items ()),
               'another model')


run_tests (globals ())

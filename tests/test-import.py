#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: a generator that PyTorch saved, in whatever way and with whatever data beside it, is read as
PyTorch reads it.

    test-import.py PROGRAM
"""

import argparse
import array
import collections
import copy
import datetime
import json
import pathlib
import struct
import sys
import types

HERE = pathlib.Path (__file__).resolve ().parent
sys.dont_write_bytecode = True

try:
    import numpy as np
    import torch
    from reference import Resnet, Unet
    from torch import nn
    from torch.nn.utils import parametrizations
except ImportError as missing:
    print (f'1..0 # SKIP {missing}: python3-torch and python3-numpy are needed')
    sys.exit ()

from handmade import read_tensors
from program import FOLDER, Skip, check, run, run_tests

torch.manual_seed (1)
NET = Unet (num_downs=5, ngf=2)
STATE = NET.state_dict ()


def numbers (state):
    """Name → array of a generator's weights."""
    return {name: value.detach ().numpy () for name, value in state.items ()
            if not name.endswith ('num_batches_tracked')}


def imported (saved, *arguments, **options):
    """Name → array of the model that is imported from what is saved."""
    torch.save (saved, FOLDER / 'in.pth', **options)
    run ('import', FOLDER / 'in.pth', '-o', FOLDER / 'out.safetensors', '-q', *arguments)
    return {name: np.frombuffer (data, '<f4').reshape (shape)
            for name, (_, shape, data) in read_tensors (FOLDER / 'out.safetensors')[0].items ()}


def check_same (found, expected, tolerance=0):
    check (set (found) == set (expected), set (found) ^ set (expected))
    for name, value in expected.items ():
        error = np.abs (found[name] - value).max ()
        check (error <= tolerance * np.abs (value).max (), f'{name} differs by {error}')


def refused (saved, *arguments):
    torch.save (saved, FOLDER / 'in.pth')
    return run ('import', FOLDER / 'in.pth', '-o', FOLDER / 'out.safetensors', '-q', *arguments,
                status=1)[1]


# ---- Beside the weights -------------------------------------------------------------------

def test_beside ():
    """tensors beside a state dict, of any type and shape, do not matter"""
    more = {'fixed_noise': torch.randn (4, 4), 'confusion_matrix': torch.eye (2).long (),
            'mask': torch.ones (3, 3, dtype=torch.bool), 'double': torch.ones (2, 2).double (),
            'counts': torch.ones (2, 2, dtype=torch.int32), 'phase': torch.ones (2, 2) * 1j,
            'deep': torch.zeros ([1] * 12), 'float8': torch.ones (2, 2).to (torch.float8_e5m2),
            'sparse': torch.eye (3).to_sparse (), 'compressed': torch.eye (3).to_sparse_csr (),
            'quantized': torch.quantize_per_tensor (torch.ones (2, 2), 0.1, 0, torch.qint8)}
    for legacy in False, True:
        if legacy:    # PyTorch itself cannot write these
            more = {name: value for name, value in more.items () if name != 'float8'}
        options = dict (_use_new_zipfile_serialization=not legacy)
        check_same (imported (dict (more, netG=STATE), **options), numbers (STATE))
        check_same (imported (dict (more, state_dict=STATE), **options), numbers (STATE))


def test_in_the_dict ():
    """counters, masks and doubles in the state dict itself do not matter; other weights do"""
    more = {'steps': torch.tensor ([3], dtype=torch.int32), 'mask': torch.ones (2, 2).bool (),
            'loss': torch.ones (2, 2).double (), 'n_averaged': torch.tensor (5)}
    check_same (imported (dict (STATE, **more)), numbers (STATE))
    message = refused (dict (STATE, attention=torch.ones (2, 2)))
    check ('Unexpected weights:\n  attention (2×2)' in message, message)
    doubles = {name: value.double () for name, value in STATE.items ()}
    message = refused (dict (doubles, attention=torch.ones (2, 2).double ()))
    check ('Unexpected weights:\n  attention (2×2)' in message, message)


def test_averaged ():
    """torch.optim.swa_utils.AveragedModel"""
    averaged = torch.optim.swa_utils.AveragedModel (NET)
    averaged.update_parameters (NET)
    check_same (imported (averaged.state_dict ()), numbers (STATE))


def write_safetensors (path, tensors):
    """tensors: name → (type, shape, bytes)"""
    header, data = {}, b''
    for name, (kind, shape, content) in tensors.items ():
        header[name] = {'dtype': kind, 'shape': shape,
                        'data_offsets': [len (data), len (data) + len (content)]}
        data += content
    text = json.dumps (header).encode ()
    path.write_bytes (struct.pack ('<Q', len (text)) + text + data)


def test_safetensors ():
    """the same in a .safetensors: an unsupported type is an error only in the weights"""
    weights = {f'netG.module.{name}': ('F32', list (value.shape), value.numpy ().tobytes ())
               for name, value in STATE.items () if value.dtype == torch.float32}
    more = {'noise': ('F64', [2, 2], bytes (32)), 'steps': ('I32', [1], bytes (4)),
            'netG.mask': ('BOOL', [3], bytes (3)), 'netG.loss': ('F64', [1], bytes (8))}
    source, target = FOLDER / 'in.safetensors', FOLDER / 'out.safetensors'
    write_safetensors (source, dict (weights, **more))
    run ('import', source, '-o', target, '-q')
    found = {name: np.frombuffer (data, '<f4').reshape (shape)
             for name, (_, shape, data) in read_tensors (target)[0].items ()}
    check_same (found, numbers (STATE))

    weights['netG.module.model.model.3.bias'] = ('F64', [3], bytes (24))
    write_safetensors (source, weights)
    _, message = run ('import', source, '-o', target, '-q', status=1)
    check ('“model.model.3.bias” has numbers of type F64, which are not read' in message, message)


class Config:
    """A class of this module, so that no other program knows it."""

    def __init__ (self):
        self.lr, self.names = 0.1, ['a']


class Slots (collections.OrderedDict):
    pass


def test_values ():
    """Python values beside the weights are ignored, whatever they are"""
    config = Config ()
    config.__class__.__module__ = '__main__'
    parameter = nn.Parameter (torch.ones (2, 2))
    parameter.note = 'mine'
    noted = torch.ones (2, 2)
    noted.note = 'mine'
    values = [torch.int32, torch.strided, torch.__version__, torch.float8_e4m3fn,
              torch.device ('cpu'), torch.Size ([1]),
              torch.Generator ().get_state (), torch.per_tensor_affine,
              torch.channels_last, collections.deque ([1, 2], 5), datetime.datetime.now (),
              datetime.timedelta (1), bytearray (b'abc'), array.array ('f', [1.0]), complex (1, 2),
              range (3), slice (1), frozenset ([1]), np.float64 (1), np.ones (3), np.dtype ('f4'),
              np.random.RandomState (1).get_state (), pathlib.Path ('a'), config, Slots (a=1),
              collections.Counter ('ab'), collections.ChainMap ({}), types.SimpleNamespace (a=1),
              argparse.Namespace (a=config), parameter, noted, int, print, copy.deepcopy, nn.Module,
              torch.optim.Adam (NET.parameters ()), torch.nn.functional.relu, nn.ReLU (), 1 << 100]
    for value in values:
        for legacy in False, True:
            found = imported ({'netG': STATE, 'value': value, 'more': [value, {'value': value}]},
                              _use_new_zipfile_serialization=not legacy)
            check_same (found, numbers (STATE))
    check_same (imported (dict (STATE, value=config)), numbers (STATE))


def test_nothing_runs ():
    """a function call beside the weights is not executed"""
    class Evil:
        def __reduce__ (self):
            return exec, (f'open ({str (FOLDER / "evil")!r}, "w")',)

    check_same (imported ({'netG': STATE, 'evil': Evil ()}), numbers (STATE))
    message = refused ({'evil': Evil ()})
    check ('.exec). Opening it would mean running code' in message, message)
    check (not (FOLDER / 'evil').exists (), 'it ran')


def test_type_in_the_network ():
    """an unsupported type is an error if the network needs the tensor"""
    for value, told in ((torch.ones (3, dtype=torch.int32), 'int32'),
                        (torch.ones (3, dtype=torch.complex64), 'complex64'),
                        (torch.ones (3).to (torch.float8_e5m2), 'torch.float8_e5m2'),
                        (torch.ones (3).to_sparse (), 'sparse')):
        message = refused ({'netG': dict (STATE, **{'model.model.3.bias': value})})
        check (f'“model.model.3.bias” has numbers of type {told}, which are not read' in message,
               message)


# ---- Which one, and its names -------------------------------------------------------------

def test_which ():
    """the generator is found by its shapes; --network chooses among several"""
    other = Resnet (n_blocks=1, ngf=2).state_dict ()
    critic = nn.Sequential (collections.OrderedDict (model=nn.Sequential (
        nn.Conv2d (6, 2, 4), nn.ReLU (), nn.Conv2d (2, 1, 4)))).state_dict ()
    check_same (imported ({'D_state_dict': critic, 'G_state_dict': STATE}), numbers (STATE))
    check_same (imported ([critic, STATE]), numbers (STATE))
    both = {'genX': other, 'genY': STATE, 'discX': critic}
    message = refused (both)
    check ('2 networks that can be opened (“genX”, “genY”)' in message
           and '--network NAME' in message, message)
    check_same (imported (both, '--network', 'genY'), numbers (STATE))
    check_same (imported (both, '--network', 'genX'), numbers (other))
    message = refused (both, '--network', 'discX')
    check ('no network “discX”' in message and '“genX”, “genY”' in message, message)


def test_wrappers ():
    """wrappers that PyTorch and people put around a generator"""
    class Holder (nn.Module):
        def __init__ (self, **modules):
            super ().__init__ ()
            for name, module in modules.items ():
                self.add_module (name, module)

    nets = (NET, Resnet (n_blocks=1, ngf=2))
    for net in nets:
        expected = numbers (net.state_dict ())
        compiled = torch.compile (net)
        for wrapped in (nn.DataParallel (net), compiled, nn.DataParallel (compiled),
                        Holder (generator=compiled, critic=nn.Conv2d (3, 2, 4)),
                        Holder (netG=nn.DataParallel (Holder (net=net))), net.model):
            check_same (imported (wrapped.state_dict ()), expected)
            check_same (imported ({'epoch': 1, 'state_dict': wrapped.state_dict ()}), expected)
    check_same (imported (NET.model.model.state_dict ()), numbers (STATE))


# ---- Numbers ------------------------------------------------------------------------------

def test_negative_bit ():
    """a tensor that PyTorch stores as its negative"""
    name = 'model.model.3.bias'
    lazy = torch._neg_view (torch.tensor ([1.0, -2.0, 3.0]))
    imaginary = torch.complex (torch.ones (3), torch.tensor ([4.0, -5.0, 6.0])).conj ().imag
    for value in lazy, lazy.half ()[:], imaginary, lazy.double ():
        check (value.is_neg () or value.dtype != torch.float32, 'PyTorch has resolved it')
        torch.save ({'netG': dict (STATE, **{name: value})}, FOLDER / 'in.pth')
        again = torch.load (FOLDER / 'in.pth', weights_only=True)['netG'][name]
        found = imported ({'netG': dict (STATE, **{name: value})})[name]
        check ((found == again.resolve_neg ().float ().numpy ()).all (), found)


def test_expanded ():
    """one stored number that stands for many"""
    name = 'model.model.0.weight'
    value = torch.tensor (0.5).expand (STATE[name].shape)
    expected = dict (STATE, **{name: value})
    check_same (imported (expected), numbers (expected))


def test_attributes ():
    """parameters, and tensors with additional attributes"""
    state = {name: nn.Parameter (value) if value.is_floating_point () else value
             for name, value in copy.deepcopy (STATE).items ()}
    state['model.model.3.bias'].note = 'mine'
    state['model.model.3.weight'] = state['model.model.3.weight'].detach ().clone ()
    state['model.model.3.weight'].note = {'a': 1}
    check_same (imported (state), numbers (STATE))


# ---- Norms of weights ---------------------------------------------------------------------

def convolutions (net):
    return [(name, module) for name, module in net.named_modules ()
            if isinstance (module, (nn.Conv2d, nn.ConvTranspose2d))]


def with_norms (norm, kind, steps):
    """The state dict of a generator whose convolutions have the norm, after some training-like
    steps, and the weights that PyTorch computes from it in evaluation mode, in double precision."""
    net = kind ()
    for _, module in convolutions (net):
        norm (module)
    for _ in range (steps):
        with torch.no_grad ():
            net (torch.rand (2, 3, 64, 64))
            for parameter in net.parameters ():
                parameter += 0.01 * torch.randn (parameter.shape)
    state = copy.deepcopy (net.state_dict ())
    net.eval ().double ()
    with torch.no_grad ():
        net (torch.rand (1, 3, 64, 64, dtype=torch.double))
    weights = {f'{name}.weight': module.weight.detach ().numpy ().copy ()
               for name, module in convolutions (net)}
    return state, weights


def check_norm (norm):
    for kind, steps in ((lambda: Unet (num_downs=5, ngf=2), 2),
                        (lambda: Unet (num_downs=5, ngf=2, norm='instance'), 1),
                        (lambda: Resnet (n_blocks=1, ngf=2), 2), (lambda: Resnet (n_blocks=1), 0)):
        state, weights = with_norms (norm, kind, steps)
        plain = {name: value for name, value in numbers (state).items ()
                 if '.weight_' not in name and '.parametrizations.' not in name}
        wrapped = {f'module.{name}': value for name, value in state.items ()}
        for saved in state, {'netG': wrapped}:
            check_same (imported (saved), dict (plain, **weights), 3e-7)


def test_spectral_norm ():
    """torch.nn.utils.spectral_norm ()"""
    check_norm (nn.utils.spectral_norm)


def test_spectral_parametrization ():
    """torch.nn.utils.parametrizations.spectral_norm ()"""
    check_norm (parametrizations.spectral_norm)


def test_weight_norm ():
    """torch.nn.utils.weight_norm (), over each dimension and over all"""
    for dim in 0, 1, None:
        check_norm (lambda module: nn.utils.weight_norm (module, dim=dim))


def test_weight_parametrization ():
    """torch.nn.utils.parametrizations.weight_norm ()"""
    check_norm (parametrizations.weight_norm)


def test_norm_that_does_not_fit ():
    """a norm whose parts do not fit the weight is refused"""
    state = nn.utils.spectral_norm (copy.deepcopy (NET).model.model[0])
    state = dict (STATE, **{f'model.model.0.{name}': value
                            for name, value in state.state_dict ().items ()})
    del state['model.model.0.weight']
    state['model.model.0.weight_u'] = torch.ones (7)
    message = refused (state)
    check ('spectral norm of weight “model.model.0.weight” does not fit its shape' in message,
           message)


# ---- Doubling by nn.Upsample --------------------------------------------------------------

def unet_layers (net, doubling, own):
    """Replaces each transposed convolution by doubling (in, out, bias), which is a list of
    modules.  With own, the list becomes a Sequential."""
    for block in [module for module in net.modules () if hasattr (module, 'outermost')]:
        layers = []
        for layer in block.model:
            if isinstance (layer, nn.ConvTranspose2d):
                new = doubling (layer.in_channels, layer.out_channels, layer.bias is not None)
                layers += [nn.Sequential (*new)] if own else new
            else:
                layers.append (layer)
        block.model = nn.Sequential (*layers)
    return net


def resnet_layers (net, doubling, own):
    """The same for a ResNet."""
    layers = []
    for layer in net.model:
        if isinstance (layer, nn.ConvTranspose2d):
            new = doubling (layer.in_channels, layer.out_channels, layer.bias is not None)
            layers += [nn.Sequential (*new)] if own else new
        else:
            layers.append (layer)
    net.model = nn.Sequential (*layers)
    return net


def padded (n_in, n_out, bias):
    return [nn.Upsample (scale_factor=2), nn.ReflectionPad2d (1),
            nn.Conv2d (n_in, n_out, 3, bias=bias)]


def padding (n_in, n_out, bias):
    return [nn.Upsample (scale_factor=2), nn.Conv2d (n_in, n_out, 3, padding=1, bias=bias)]


def averaging (n_in, n_out, bias):
    return [nn.Upsample (scale_factor=2), nn.AvgPool2d (2, 1, padding=1),
            nn.Conv2d (n_in, n_out, 2, bias=bias)]


def by_order (state):
    """The values in order.  Our own network that resizes has as many weights in the same order."""
    return list (numbers (state).values ())


def test_upsample ():
    """generators with nn.Upsample, with and without padding, in one Sequential or one each"""
    for kind, change, options in (
            (Unet, unet_layers, dict (num_downs=6, ngf=2)),
            (Unet, unet_layers, dict (num_downs=5, ngf=2, norm='instance', skip=False)),
            (Resnet, resnet_layers, dict (n_blocks=2, ngf=3)),
            (Resnet, resnet_layers, dict (n_blocks=6, ngf=1, norm='instance', dropout=True))):
        names = list (numbers (kind (upsample='resize', **options).state_dict ()))
        for doubling in padded, padding, averaging:
            for own in False, True:
                net = change (kind (**options), doubling, own)
                expected = dict (zip (names, by_order (net.state_dict ())))
                for state in (net.state_dict (), net.model.state_dict (),
                              {'netG': nn.DataParallel (net).state_dict ()}):
                    check_same (imported (state), expected)


def test_upsample_norm ():
    """the same with spectral norm"""
    net = resnet_layers (Resnet (n_blocks=1, ngf=2), padded, False)
    names = list (numbers (Resnet (n_blocks=1, ngf=2, upsample='resize').state_dict ()))
    plain = by_order (net.state_dict ())
    state, weights = with_norms (nn.utils.spectral_norm, lambda: copy.deepcopy (net), 0)
    weights = [weights.get (name, value) for name, value in numbers (net.state_dict ()).items ()]
    check (len (weights) == len (plain), 'other tensors')
    check_same (imported (state), dict (zip (names, weights)), 3e-7)


def test_upsample_told ():
    """the program says what a file does not tell about nn.Upsample, unless the card tells it"""
    net = resnet_layers (Resnet (n_blocks=1, ngf=2), padded, False)
    torch.save (net.state_dict (), FOLDER / 'up.pth')
    arguments = 'import', FOLDER / 'up.pth', '-o', FOLDER / 'up.safetensors'
    assumed = 'Nearest neighbor and zero padding are assumed'
    output, _ = run (*arguments)
    check (assumed in output and 'upsample resize' in output, output)
    check (assumed in run ('info', FOLDER / 'up.pth')[0], 'info of the .pth')
    told = json.loads (run ('info', '--json', FOLDER / 'up.pth')[0])
    check (told['untold']['upsample'] == 'resize' and told['network']['upsample'] == 'resize', told)
    check (assumed not in run (*arguments, '--card', 'upsample=resize')[0], 'told by --card')
    check (assumed not in run ('info', FOLDER / 'up.safetensors')[0], 'told by the card')
    torch.save (STATE, FOLDER / 'up.pth')
    check (assumed not in run (*arguments)[0], 'no nn.Upsample')


def test_upsample_refused ():
    """a card that contradicts the shapes is refused; the message names the shapes"""
    message = refused (STATE, '--card', 'upsample=resize')
    check ('upsample resize' in message
           and '(32×8×4×4 instead of 8×32×3×3)' in message, message)
    torch.save (STATE, FOLDER / 'in.pth')
    _, message = run ('import', FOLDER / 'in.pth', '-o', FOLDER / 'out.safetensors', '--card',
                      'upsample=cubic', status=2)
    check ('“upsample” is “cubic”, which this version does not know' in message, message)


def test_direction ():
    """the card says which way a generator of CycleGAN goes, which its file's name tells"""
    for name, task in ('latest_net_G_A', 'A-to-B'), ('50_net_G_B', 'B-to-A'), ('net_G', None):
        torch.save (STATE, FOLDER / f'{name}.pth')
        run ('import', FOLDER / f'{name}.pth', '-o', FOLDER / 'directed.safetensors', '-q',
             '--force')
        card = read_tensors (FOLDER / 'directed.safetensors')[1]
        check (card.get ('p2p.task') == task, (name, card.get ('p2p.task')))


def test_ten_downs ():
    """a U-Net that halves the picture ten times"""
    net = Unet (num_downs=10, ngf=1)
    check_same (imported (net.state_dict ()), numbers (net.state_dict ()))


run_tests (globals ())

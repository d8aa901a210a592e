# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference networks in PyTorch, with the layout and the names of the public implementation.
Also the random numbers of core/base/random.h, so that both sides can start from the same weights
without a file."""

import math

import numpy as np
import torch
from torch import nn

# ---- U-Net (Isola et al. 2017) ------------------------------------------------------------


def norm_layer (norm, channels):
    if norm == 'batch':
        return nn.BatchNorm2d (channels)
    if norm == 'instance':
        return nn.InstanceNorm2d (channels)
    return nn.Identity ()


class ResizeConv (nn.Conv2d):
    """May replace a transposed convolution that doubles: nearest neighbor and a 3×3 convolution
    (Odena et al.  2016)."""

    def __init__ (self, inner, outer, bias):
        super ().__init__ (inner, outer, 3, padding=1, bias=bias)

    def forward (self, x):
        return super ().forward (nn.functional.interpolate (x, scale_factor=2, mode='nearest'))


class SmoothConv (nn.Conv2d):
    """May replace a transposed convolution that doubles: linear interpolation and a 2×2
    convolution."""

    def __init__ (self, inner, outer, bias):
        super ().__init__ (inner, outer, 2, bias=bias)

    def forward (self, x):
        doubled = nn.functional.interpolate (x, scale_factor=2, mode='nearest')
        return super ().forward (nn.functional.avg_pool2d (doubled, 2, 1, padding=1))


class BilinearConv (nn.Conv2d):
    """May replace a transposed convolution that doubles: linear interpolation and a 3×3
    convolution."""

    def __init__ (self, inner, outer, bias):
        super ().__init__ (inner, outer, 3, padding=1, bias=bias)

    def forward (self, x):
        return super ().forward (nn.functional.interpolate (x, scale_factor=2, mode='bilinear'))


RESIZING = {'resize': ResizeConv, 'smooth': SmoothConv, 'bilinear': BilinearConv}


class UnetBlock (nn.Module):
    """One level: halves the picture, runs the level inside, and doubles the picture."""

    def __init__ (self, outer, inner, inside=None, input_nc=None, outermost=False, norm='batch',
                  dropout=False, skip=True, upsample='transposed'):
        super ().__init__ ()
        self.outermost, self.skip = outermost, skip
        bias = norm == 'instance'
        down = nn.Conv2d (input_nc or outer, inner, 4, 2, 1, bias=bias)
        deep = inner * 2 if skip and inside else inner
        if upsample in RESIZING:
            up = RESIZING[upsample] (deep, outer, bias=bias or outermost)
        else:
            up = nn.ConvTranspose2d (deep, outer, 4, 2, 1, bias=bias or outermost)
        if outermost:
            layers = [down, inside, nn.ReLU (), up, nn.Tanh ()]
        elif inside is None:
            layers = [nn.LeakyReLU (0.2), down, nn.ReLU (), up, norm_layer (norm, outer)]
        else:
            layers = [nn.LeakyReLU (0.2), down, norm_layer (norm, inner), inside, nn.ReLU (), up,
                      norm_layer (norm, outer)] + ([nn.Dropout (0.5)] if dropout else [])
        self.model = nn.Sequential (*layers)

    def forward (self, x):
        y = self.model (x)
        if self.outermost or not self.skip:
            return y
        return torch.cat ([x, y], 1)


class Unet (nn.Module):
    def __init__ (self, num_downs=8, ngf=64, input_nc=3, output_nc=3, norm='batch', skip=True,
                  dropout=False, upsample='transposed'):
        super ().__init__ ()
        options = dict (norm=norm, skip=skip, upsample=upsample)
        block = UnetBlock (ngf * 8, ngf * 8, **options)
        for _ in range (num_downs - 5):
            block = UnetBlock (ngf * 8, ngf * 8, block, dropout=dropout, **options)
        for times in (4, 2, 1):
            block = UnetBlock (ngf * times, ngf * times * 2, block, **options)
        self.model = UnetBlock (output_nc, ngf, block, input_nc=input_nc, outermost=True,
                                **options)

    def forward (self, x):
        return self.model (x)


# ---- ResNet (Johnson et al. 2016, Zhu et al. 2017) ----------------------------------------


class ResnetBlock (nn.Module):
    """x + f (x), where f is two convolutions that keep the size."""

    def __init__ (self, channels, norm, dropout):
        super ().__init__ ()

        def convolution ():
            return [nn.ReflectionPad2d (1),
                    nn.Conv2d (channels, channels, 3, bias=norm == 'instance'),
                    norm_layer (norm, channels)]

        self.conv_block = nn.Sequential (*convolution (), nn.ReLU (),
                                         *([nn.Dropout (0.5)] if dropout else []),
                                         *convolution ())

    def forward (self, x):
        return x + self.conv_block (x)


class Resnet (nn.Module):
    def __init__ (self, n_blocks=9, ngf=64, input_nc=3, output_nc=3, norm='batch', dropout=False,
                  upsample='transposed'):
        super ().__init__ ()
        bias = norm == 'instance'

        def finish (channels):
            return [norm_layer (norm, channels), nn.ReLU ()]

        layers = [nn.ReflectionPad2d (3), nn.Conv2d (input_nc, ngf, 7, bias=bias), *finish (ngf)]
        for n in (ngf, 2 * ngf):
            layers += [nn.Conv2d (n, 2 * n, 3, 2, 1, bias=bias), *finish (2 * n)]
        layers += [ResnetBlock (4 * ngf, norm, dropout) for _ in range (n_blocks)]
        for n in (2 * ngf, ngf):
            if upsample in RESIZING:
                up = RESIZING[upsample] (2 * n, n, bias)
            else:
                up = nn.ConvTranspose2d (2 * n, n, 3, 2, 1, output_padding=1, bias=bias)
            layers += [up, *finish (n)]
        layers += [nn.ReflectionPad2d (3), nn.Conv2d (ngf, output_nc, 7), nn.Tanh ()]
        self.model = nn.Sequential (*layers)

    def forward (self, x):
        return self.model (x)


# ---- Weights for measuring ----------------------------------------------------------------


def steady_weights (net, x):
    """Sets random weights, and the running statistics of x.  Values keep their magnitude through
    all layers."""
    with torch.no_grad ():
        for module in net.modules ():
            if isinstance (module, nn.Conv2d):
                fan_in = module.in_channels * module.kernel_size[0] ** 2
                module.weight.normal_ (0, (2 / fan_in) ** 0.5)
            elif isinstance (module, nn.ConvTranspose2d):
                fan_in = module.in_channels * (module.kernel_size[0] / module.stride[0]) ** 2
                module.weight.normal_ (0, (2 / fan_in) ** 0.5)
            elif isinstance (module, nn.BatchNorm2d):
                module.weight.uniform_ (0.8, 1.2)
                module.bias.uniform_ (-0.1, 0.1)
                module.momentum = 1.0
        net.train () (x)
    return net.eval ()


# ---- How a network runs -------------------------------------------------------------------


def use_statistics (net, running):
    """Norms use running statistics, or the picture's own; dropout stays off."""
    net.eval ()
    for module in net.modules ():
        if isinstance (module, nn.BatchNorm2d) and not running:
            module.train ()
            module.momentum = 0.0
    return net


# ---- core/base/random.h -------------------------------------------------------------------

MASK = (1 << 64) - 1
GOLDEN = 0x9e3779b97f4a7c15


def mix (z):
    z = z.astype (np.uint64)
    z = (z ^ (z >> np.uint64 (30))) * np.uint64 (0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64 (27))) * np.uint64 (0x94d049bb133111eb)
    return z ^ (z >> np.uint64 (31))


def stream (name):
    value = 0xcbf29ce484222325
    for byte in name.encode ():
        value = ((value ^ byte) * 0x100000001b3) & MASK
    return value


def uniform (seed, which, elements):
    """Numbers in [0, 1) for an array of element indices."""
    start = mix (np.array ([(seed + GOLDEN) & MASK], np.uint64)) + np.uint64 (which)
    bits = mix (mix (start) + elements.astype (np.uint64) * np.uint64 (GOLDEN))
    return (bits >> np.uint64 (11)).astype (np.float64) * 2.0 ** -53


def normal (seed, which, n):
    pairs = np.arange (n, dtype=np.uint64) * np.uint64 (2)
    u, v = 1.0 - uniform (seed, which, pairs), uniform (seed, which, pairs + np.uint64 (1))
    return np.sqrt (-2.0 * np.log (u)) * np.cos (2.0 * math.pi * v)


class Noise (nn.Module):
    """Dropout as in core/ops/dropout.c: the seed, the name and the position decide."""

    def __init__ (self, seed, name):
        super ().__init__ ()
        self.seed, self.stream = seed, stream (name)

    def forward (self, x):
        n, c, h, w = x.shape
        kept = uniform (self.seed, self.stream, np.arange (x.numel ())) >= 0.5
        kept = torch.from_numpy (kept.reshape (n, h, w, c)).permute (0, 3, 1, 2)
        return torch.where (kept, 2 * x, 0)


def use_noise (net, seed):
    """Replaces every dropout with Noise."""
    for name, module in list (net.named_modules ()):
        if isinstance (module, nn.Dropout):
            parent, _, own = name.rpartition ('.')
            net.get_submodule (parent)[int (own)] = Noise (seed, name)
    return net


def random_input (seed, shape):
    """Values in [−1, 1), drawn in the order n, h, w, c.  shape is n, c, h, w."""
    n, c, h, w = shape
    values = 2.0 * uniform (seed, 1, np.arange (n * c * h * w)) - 1.0
    return torch.from_numpy (values.reshape (n, h, w, c)).permute (0, 3, 1, 2)


def random_weights (net, seed):
    """Sets the weights that tests/test-nets.c gives its networks."""
    with torch.no_grad ():
        for name, value in net.state_dict ().items ():
            n = value.numel ()
            if name.endswith ('num_batches_tracked'):
                continue
            if value.dim () > 1:
                values = 0.02 * normal (seed, stream (name), n)
            else:
                values = uniform (seed, stream (name), np.arange (n))
                values = values + 0.5 if name.endswith (('weight', 'running_var')) else values - 0.5
            value.copy_ (torch.from_numpy (values.reshape (value.shape)))
    return net


# ---- Discriminators (Isola et al. 2017) ---------------------------------------------------


class PatchGan (nn.Module):
    def __init__ (self, input_nc=6, ndf=64, n_layers=3, norm='batch'):
        super ().__init__ ()
        layers, channels = [nn.Conv2d (input_nc, ndf, 4, 2, 1), nn.LeakyReLU (0.2)], ndf
        for i in range (1, n_layers + 1):
            outer, channels = channels, ndf * min (2 ** i, 8)
            layers += [nn.Conv2d (outer, channels, 4, 2 if i < n_layers else 1, 1,
                                  bias=norm == 'instance'),
                       norm_layer (norm, channels), nn.LeakyReLU (0.2)]
        self.model = nn.Sequential (*layers, nn.Conv2d (channels, 1, 4, 1, 1))

    def forward (self, x):
        return self.model (x)


class PixelGan (nn.Module):
    def __init__ (self, input_nc=6, ndf=64, norm='batch'):
        super ().__init__ ()
        bias = norm == 'instance'
        self.net = nn.Sequential (nn.Conv2d (input_nc, ndf, 1), nn.LeakyReLU (0.2),
                                  nn.Conv2d (ndf, 2 * ndf, 1, bias=bias),
                                  norm_layer (norm, 2 * ndf), nn.LeakyReLU (0.2),
                                  nn.Conv2d (2 * ndf, 1, 1, bias=bias))

    def forward (self, x):
        return self.net (x)

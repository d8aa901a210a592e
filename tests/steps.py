# SPDX-License-Identifier: GPL-3.0-or-later
"""The training step of pix2pix in PyTorch, from the weights and batches that steps.h makes, and the
cases in which our step is compared with it."""

import numpy as np
import torch
from torch import nn

from reference import (GOLDEN, MASK, Noise, PatchGan, PixelGan, Resnet, Unet, mix, random_input,
                       random_weights, stream, use_noise)

STEPS, SEED_G, SEED_D, SEED, RATE, LAMBDA = 10, 5, 6, 3, 2e-4, 100

DEFAULTS = dict (net='unet', depth=5, ngf=2, norm='batch', dropout=0, upsample='transposed',
                 input_nc=3, d='patch', ndf=3, n_layers=3, conditional=1, gan='vanilla',
                 lambda_gan=1, batch=1, size=64, accumulate=1, ema=0, diffaugment=0,
                 lambda_detail=0)

# Name → the options that differ from the defaults.
CASES = {
    'plain': {},
    'batch-of-two': dict (batch=2),
    'noise': dict (depth=6, dropout=1),
    'instance': dict (norm='instance', input_nc=1),
    'none': dict (norm='none'),
    'lsgan': dict (gan='lsgan'),
    'hinge': dict (gan='hinge', lambda_gan=2),
    'unconditional': dict (conditional=0, n_layers=1, size=32),
    'six-layers': dict (n_layers=4, ndf=2),
    'pixel': dict (d='pixel', size=32),
    'l1-alone': dict (lambda_gan=0, size=32),
    'detail': dict (lambda_detail=300),
    'detail-small': dict (lambda_detail=300, lambda_gan=0, batch=2, size=32),
    'average': dict (ema=0.8, size=32),
    'accumulate': dict (accumulate=3, batch=2, norm='instance', depth=6, dropout=1),
    'augment': dict (diffaugment=1, batch=2),
    'augment-parts': dict (diffaugment=1, accumulate=2, norm='none', input_nc=1, size=32),
    'resnet': dict (net='resnet', depth=3, size=32),
    'resnet-noise': dict (net='resnet', depth=2, size=32, dropout=1, norm='instance'),
    'resize': dict (upsample='resize'),
    'resize-wide': dict (upsample='resize', ngf=16),
    'smooth': dict (upsample='smooth'),
    'resnet-smooth': dict (net='resnet', depth=2, size=32, upsample='smooth'),
    'bilinear': dict (upsample='bilinear'),
    'resnet-resize': dict (net='resnet', depth=2, size=32, upsample='resize'),
}


def line (case):
    return ' '.join (f'{key}={value}' for key, value in {**DEFAULTS, **CASES[case]}.items ())


def random_bits (seed, which, element):
    """p2p_random () of core/base/random.h."""
    start = mix (np.array ([(seed + GOLDEN) & MASK], np.uint64)) + np.uint64 (which)
    return int (mix (mix (start) + np.uint64 (element * GOLDEN & MASK))[0])


def change_colors (x, brightness, saturation, contrast):
    """Changes brightness, saturation and contrast in this order.  x is [c, h, w]."""
    x = x + brightness
    gray = x.mean (0, keepdim=True)
    x = gray + saturation * (x - gray)
    return x.mean () + contrast * (x - x.mean ())


def move (x, dx, dy, hole):
    """Shifts by dx, dy.  Pixels from beyond the edge and pixels in the hole become 0."""
    height, width = x.shape[1:]
    far = nn.functional.pad (x, [width, width, height, height])
    moved = far[:, height + dy:2 * height + dy, width + dx:2 * width + dx]
    left, top = hole
    seen = torch.ones_like (moved)
    seen[:, max (top, 0):max (top + height // 2, 0),
         max (left, 0):max (left + width // 2, 0)] = 0
    return moved * seen


def augment (x, step, colors):
    """What D sees of x [n, c, h, w]: DiffAugment, with the random numbers of
    core/train/augment.c."""
    which, seen = random_bits (SEED, stream ('diffaugment'), step), []
    height, width = x.shape[2:]
    for i, picture in enumerate (x):
        u = [(random_bits (SEED, which, 7 * i + k) >> 11) * 2.0 ** -53 for k in range (7)]
        if colors:
            picture = change_colors (picture, u[0] - 0.5, 2 * u[1], u[2] + 0.5)
        dx, dy = (int (u[3 + k] * (2 * (side // 8) + 1)) - side // 8
                  for k, side in enumerate ((width, height)))
        hole = [int (u[5 + k] * (side + 1)) - side // 4
                for k, side in enumerate ((width, height))]
        seen.append (move (picture, dx, dy, hole))
    return torch.stack (seen)


class Average:
    """The average of a network's parameters and running statistics, with Adam's bias correction."""

    def __init__ (self, net, decay):
        self.decay, self.t = decay, 0
        self.sums = {name: torch.zeros_like (value) for name, value in self.values (net)}

    @staticmethod
    def values (net):
        return ((name, value.detach ()) for name, value in net.state_dict ().items ()
                if not name.endswith ('num_batches_tracked'))

    def add (self, net):
        self.t += 1
        for name, value in self.values (net):
            self.sums[name] = self.decay * self.sums[name] + (1 - self.decay) * value

    def state_dict (self):
        return {name: value / (1 - self.decay ** self.t) for name, value in self.sums.items ()}


def strength (x):
    """The strength of the details in each window of x [n, c, h, w], 32 pixels a side."""
    side = min (32, min (x.shape[2:]) - 1)
    dx = x[:, :, :-1, 1:] - x[:, :, :-1, :-1]
    dy = x[:, :, 1:, :-1] - x[:, :, :-1, :-1]
    energy = (dx ** 2 + dy ** 2).mean (1, keepdim=True)
    return (nn.functional.avg_pool2d (energy, side, 1) + 1e-4).sqrt ()


def gan_losses (mode):
    """Three functions: D's loss for fakes, D's loss for real pictures, and G's loss for what D
    says."""
    if mode == 'hinge':
        return (lambda x: torch.relu (1 + x).mean (), lambda x: torch.relu (1 - x).mean (),
                lambda x: -x.mean ())
    loss = nn.BCEWithLogitsLoss () if mode == 'vanilla' else nn.MSELoss ()
    return (lambda x: loss (x, torch.zeros_like (x)), lambda x: loss (x, torch.ones_like (x)),
            lambda x: loss (x, torch.ones_like (x)))


class Pix2pix:
    """Networks and optimizers.  step () trains them with one batch."""

    def __init__ (self, o, g, d, **adam):
        self.o, self.g, self.d = o, g, d
        self.losses = gan_losses (o['gan'])
        self.optimizers = [torch.optim.Adam (net.parameters (), lr=RATE, betas=(0.5, 0.999),
                                             **adam)
                           for net in (g, d)]

    def judge (self, a, b):
        if self.o['diffaugment']:
            a, b = augment (a, self.t, False), augment (b, self.t, True)
        return self.d (torch.cat ([a, b], 1) if self.o['conditional'] else b)

    def step (self, a, b, t=0):
        self.t = t
        on_fake, on_real, on_g = self.losses
        optimizer_g, optimizer_d = self.optimizers
        g_gan = d_real = d_fake = torch.zeros (())
        fake = self.g (a)
        if self.o['lambda_gan']:
            self.d.requires_grad_ (True)
            optimizer_d.zero_grad ()
            d_fake = on_fake (self.judge (a, fake.detach ()))
            d_real = on_real (self.judge (a, b))
            (0.5 * (d_fake + d_real)).backward ()
            optimizer_d.step ()
            self.d.requires_grad_ (False)
            g_gan = on_g (self.judge (a, fake))
        optimizer_g.zero_grad ()
        g_l1 = (fake - b).abs ().mean ()
        lesson, told = self.lesson (fake)
        lesson += self.o['lambda_detail'] * ((strength (fake) - strength (b)) ** 2).mean ()
        (self.o['lambda_gan'] * g_gan + LAMBDA * g_l1 + lesson).backward ()
        optimizer_g.step ()
        return [float (loss.detach ()) for loss in (g_gan, g_l1, d_real, d_fake, *told)]

    def lesson (self, fake):
        """What G learns in addition, and the losses that a step reports for it."""
        return 0, ()


def networks (o):
    shared = dict (ngf=o['ngf'], norm=o['norm'], input_nc=o['input_nc'],
                   dropout=bool (o['dropout']), upsample=o['upsample'])
    g = (Unet (num_downs=o['depth'], **shared) if o['net'] == 'unet'
         else Resnet (n_blocks=o['depth'], **shared))
    channels = 3 + o['input_nc'] * o['conditional']
    d = (PixelGan (channels, o['ndf'], o['norm']) if o['d'] == 'pixel'
         else PatchGan (channels, o['ndf'], o['n_layers'], o['norm']))
    return random_weights (g.double (), SEED_G), random_weights (d.double (), SEED_D)


def train (o, model):
    """Losses [step, loss], and the average of G's weights."""
    g, average = model.g, Average (model.g, o['ema'])
    n, losses = o['batch'] * o['accumulate'], []
    for step in range (STEPS):
        for module in g.modules ():
            if isinstance (module, Noise):
                module.seed = random_bits (SEED, stream ('dropout'), step)
        a = random_input (2 * step, (n, o['input_nc'], o['size'], o['size']))
        b = random_input (2 * step + 1, (n, 3, o['size'], o['size']))
        losses.append (model.step (a, b, step))
        average.add (g)
    return np.array (losses), average


def run (case):
    """Losses [step, loss], and the networks after the last step by name, in double precision."""
    o = {**DEFAULTS, **CASES[case]}
    g, d = networks (o)
    losses, average = train (o, Pix2pix (o, use_noise (g, 0), d))
    nets = {'G': g, 'D': d, 'average': average}
    return losses, nets if o['ema'] else {'G': g, 'D': d}

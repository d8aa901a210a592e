# SPDX-License-Identifier: GPL-3.0-or-later
"""The training step of CycleGAN in PyTorch, from the weights and batches that steps.h makes, and
the cases in which our step is compared with it.  The generators' whole loss has one backward here,
where ours adds the gradients of its halves."""

import itertools

import numpy as np
import torch

from reference import PatchGan, Resnet, Unet, random_input, random_weights, stream
from steps import RATE, SEED, STEPS, Average, gan_losses, random_bits

NETWORKS = 'G_A', 'G_B', 'D_A', 'D_B'
SEED_G = 5     # of G_A; the others follow

DEFAULTS = dict (recipe='cyclegan', net='resnet', depth=1, ngf=4, norm='instance', dropout=0,
                 upsample='transposed', input_nc=3, d='patch', ndf=4, n_layers=3, conditional=0,
                 gan='lsgan', lambda_gan=1, batch=1, size=32, accumulate=1, ema=0, diffaugment=0,
                 lambda_A=10, lambda_B=10, identity=0.5, pool=3)

# Name → the options that differ from the defaults.
CASES = {
    'plain': {},
    'weights': dict (lambda_A=5, lambda_B=20, identity=0.2),
    'without-identity': dict (identity=0, pool=0),
    'batch-of-two': dict (batch=2, norm='batch', net='unet', depth=5, ngf=2),
    'average': dict (ema=0.8, gan='vanilla', upsample='smooth'),
    'accumulate': dict (accumulate=2, batch=2, depth=2, n_layers=2),
}


def line (case):
    return ' '.join (f'{key}={value}' for key, value in {**DEFAULTS, **CASES[case]}.items ())


class Pool:
    """The image pool, with the random numbers of core/train/pool.c."""

    def __init__ (self, o, way):
        self.size, self.stream, self.n = o['pool'], stream (f'pool_{"AB"[way]}'), 0
        self.pictures = torch.zeros (o['pool'], o['size'], o['size'], 3, dtype=torch.double)

    def exchange (self, pictures):
        return torch.stack ([self.one (picture) for picture in pictures.detach ()])

    def one (self, picture):
        if self.size == 0:
            return picture
        n, self.n, place, shown = self.n, self.n + 1, self.n, picture
        if n >= self.size:
            if (random_bits (SEED, self.stream, 2 * n) >> 11) * 2.0 ** -53 <= 0.5:
                return picture
            place = random_bits (SEED, self.stream, 2 * n + 1) % self.size
            shown = self.pictures[place].permute (2, 0, 1).clone ()
        self.pictures[place] = picture.permute (1, 2, 0)
        return shown

    def state_dict (self):
        return {'pictures': self.pictures}


class CycleGan:
    """Networks, pools and optimizers.  step () trains them with one batch of each kind."""

    def __init__ (self, o, generators, discriminators, **adam):
        self.o, self.g, self.d = o, generators, discriminators
        self.weights = o['lambda_A'], o['lambda_B']
        self.pools = [Pool (o, way) for way in range (2)]
        self.losses = gan_losses (o['gan'])
        self.optimizers = [torch.optim.Adam (itertools.chain (*(net.parameters () for net in nets)),
                                             lr=RATE, betas=(0.5, 0.999), **adam)
                           for nets in (generators, discriminators)]

    def half (self, w, a):
        """The losses of a way and of its cycle, and its result."""
        fake = self.g[w] (a)
        cycle = (self.g[1 - w] (fake) - a).abs ().mean ()
        return [self.losses[2] (self.d[w] (fake)), self.weights[w] * cycle], fake

    def identity (self, w, b):
        weight = self.o['identity'] * self.weights[1 - w]
        return [weight * (self.g[w] (b) - b).abs ().mean () if weight else torch.zeros (())]

    def step (self, a, b):
        on_fake, on_real, _ = self.losses
        for net in self.d:
            net.requires_grad_ (False)
        halves, fakes = zip (self.half (0, a), self.half (1, b))
        losses = halves[0] + self.identity (0, b) + halves[1] + self.identity (1, a)
        self.optimizers[0].zero_grad ()
        sum (losses).backward ()
        self.optimizers[0].step ()
        self.optimizers[1].zero_grad ()
        for net, real, fake, pool in zip (self.d, (b, a), fakes, self.pools):
            net.requires_grad_ (True)
            loss = 0.5 * (on_real (net (real)) + on_fake (net (pool.exchange (fake))))
            loss.backward ()
            losses = [*losses, loss]
        self.optimizers[1].step ()
        return [float (loss.detach ()) for loss in losses]


def networks (o):
    shared = dict (ngf=o['ngf'], norm=o['norm'], input_nc=3, dropout=False,
                   upsample=o['upsample'])
    g = [Unet (num_downs=o['depth'], **shared) if o['net'] == 'unet'
         else Resnet (n_blocks=o['depth'], **shared) for _ in range (2)]
    d = [PatchGan (3, o['ndf'], o['n_layers'], o['norm']) for _ in range (2)]
    return [random_weights (net.double (), SEED_G + i) for i, net in enumerate (g + d)]


class WithoutBiases:
    """A network without its biases.  The instance norm after them takes them away again, so their
    gradient is only rounding, which Adam makes larger."""

    def __init__ (self, net):
        self.net = net

    def state_dict (self):
        return {name: value for name, value in self.net.state_dict ().items ()
                if value.dim () > 1}


def run (case):
    """Losses [step, loss], and what our checkpoint keeps after the last step by name, in double
    precision."""
    o = {**DEFAULTS, **CASES[case]}
    nets = networks (o)
    model = CycleGan (o, nets[:2], nets[2:])
    averages = [Average (net, o['ema']) for net in nets[:2]]
    n, losses, kept = o['batch'] * o['accumulate'], [], dict (zip (NETWORKS, nets))
    for step in range (STEPS):
        a, b = (random_input (2 * step + i, (n, 3, o['size'], o['size'])) for i in range (2))
        losses.append (model.step (a, b))
        for average, net in zip (averages, nets):
            average.add (net)
    for name, values, wanted in ('average', averages, o['ema']), ('pool', model.pools, o['pool']):
        if wanted:
            kept.update ({f'{name}_A': values[0], f'{name}_B': values[1]})
    if o['norm'] == 'instance':
        kept = {name: WithoutBiases (net) for name, net in kept.items ()}
    return np.array (losses), kept

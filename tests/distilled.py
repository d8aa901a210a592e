# SPDX-License-Identifier: GPL-3.0-or-later
"""The training step of pix2pix with a teacher (core/train/distill.h), written in PyTorch, and the
cases in which our step is compared with it."""

import json

import torch
from torch import nn

import steps
from reference import Resnet, Unet, random_weights, use_noise, use_statistics

SEED_P, SEED_TEACHER, LAMBDA_FEATURES = 7, 8, 10

DEFAULTS = {**steps.DEFAULTS, 'lambda_teacher': 50, 'targets': 1}
TEACHER = dict (net='unet', depth=5, ngf=3, norm='batch', statistics='image')

# Name → (the student's differences from the defaults, the teacher's differences from its defaults,
# and the pairs of features of student and teacher that belong together, numbered in the order in
# which they are computed).
CASES = {
    'teacher': ({}, {}, ((3, 3), (2, 2), (1, 1), (0, 0))),
    'teacher-of-pictures': (dict (batch=2, targets=0), {}, ((3, 3), (2, 2), (1, 1), (0, 0))),
    'teacher-with-running-statistics': (dict (depth=6, dropout=1, lambda_gan=0),
                                        dict (statistics='running'),
                                        ((3, 3), (2, 2), (1, 1))),
    'resnet-of-resnet': (dict (net='resnet', depth=2, norm='instance', size=32),
                         dict (net='resnet', depth=3, norm='instance'),
                         ((2, 2), (1, 1), (0, 0))),
    'teacher-in-parts': (dict (accumulate=2, targets=0, norm='instance', ema=0.5),
                         dict (norm='instance'), ((3, 3), (2, 2), (1, 1), (0, 0))),
    'unet-of-resnet': ({}, dict (net='resnet', depth=1), ((2, 1),)),
}


def make (o):
    return (Unet (num_downs=o['depth'], ngf=o['ngf'], norm=o['norm']) if o['net'] == 'unet'
            else Resnet (n_blocks=o['depth'], ngf=o['ngf'], norm=o['norm'])).double ()


def line (case, teacher):
    options = {**DEFAULTS, **CASES[case][0], 'teacher': teacher}
    return ' '.join (f'{key}={value}' for key, value in options.items ())


def write (path, net, o):
    """Writes the teacher as a model file, and sets its weights to the values that the file
    holds."""
    numbers = dict (num_downs=o['depth'], skip='true') if o['net'] == 'unet' else \
        dict (n_blocks=o['depth'])
    card = dict (format=1, net=o['net'], ngf=o['ngf'], input_nc=3, output_nc=3, norm=o['norm'],
                 use_dropout='false', inputs='rgb', output='rgb',
                 norm_statistics=o['statistics'], **numbers)
    header = {'__metadata__': {f'p2p.{key}': str (value) for key, value in card.items ()}}
    data = b''
    for name, value in net.state_dict ().items ():
        if name.endswith ('num_batches_tracked'):
            continue
        value.copy_ (value.float ())
        blob = value.float ().numpy ().tobytes ()
        header[name] = dict (dtype='F32', shape=list (value.shape),
                             data_offsets=[len (data), len (data) + len (blob)])
        data += blob
    text = json.dumps (header).encode ()
    path.write_bytes (len (text).to_bytes (8, 'little') + text + data)


def watch (net):
    """Returns a list that holds the features after each forward."""
    if isinstance (net, Unet):
        blocks = [net.model.model[1]]
        while isinstance (blocks[-1].model[3], type (net.model)):
            blocks.append (blocks[-1].model[3])
        layers = [blocks[-1].model[1], *(block.model[-1] for block in blocks[2::-1])]
    else:
        n = sum (hasattr (layer, 'conv_block') for layer in net.model)
        layers = [net.model[9], *(net.model[9 + i] for i in sorted ({n // 2, n} - {0}))]
    seen = [None] * len (layers)
    for i, layer in enumerate (layers):
        layer.register_forward_hook (lambda layer, x, y, i=i: seen.__setitem__ (i, y))
    return seen


class Student (steps.Pix2pix):
    def __init__ (self, o, g, d, teacher, pairs):
        super ().__init__ (o, g, d)
        self.teacher, self.pairs = teacher, pairs
        self.mine, self.shown = watch (g), watch (teacher)
        # This forward is for the number of channels. It must leave the running statistics alone.
        x = torch.zeros (1, 3, o['size'], o['size'], dtype=torch.float64)
        g.eval ()
        g (x), teacher (x)
        g.train ()
        self.projections = nn.ModuleList (
            nn.Conv2d (self.mine[i].shape[1], self.shown[j].shape[1], 1) for i, j in pairs)
        random_weights (self.projections.double (), SEED_P)
        self.optimizer_p = torch.optim.Adam (self.projections.parameters (), lr=steps.RATE,
                                             betas=(0.5, 0.999))

    def teach (self, a):
        """The teacher's pictures and features.  Each picture is computed alone."""
        answers, features = [], []
        with torch.no_grad ():
            for picture in a:
                answers.append (self.teacher (picture[None]))
                features.append (list (self.shown))
        return torch.cat (answers), [torch.cat (values) for values in zip (*features)]

    def step (self, a, b, t=0):
        self.answer, self.wanted = self.teach (a)
        self.optimizer_p.zero_grad ()
        losses = super ().step (a, b if self.o['targets'] else self.answer, t)
        self.optimizer_p.step ()
        return losses

    def distance (self, found, wanted):
        """The mean over the parts of the batch of their distance, each relative to its own mean
        square."""
        return sum (((x - y) ** 2).mean () / (y ** 2).mean () for x, y in
                    zip (*(values.chunk (self.o['accumulate']) for values in (found, wanted)))
                    ) / self.o['accumulate']

    def lesson (self, fake):
        picture = (fake - self.answer).abs ().mean ()
        features = sum (self.distance (projection (self.mine[i]), self.wanted[j])
                        for projection, (i, j) in zip (self.projections, self.pairs))
        features = features / len (self.pairs)
        return (self.o['lambda_teacher'] * picture + LAMBDA_FEATURES * features,
                (picture, features))


def run (case, path):
    """Losses [step, loss], and name → network after the last step.  Writes the teacher to path."""
    own, of_teacher, pairs = CASES[case]
    o, t = {**DEFAULTS, **own}, {**TEACHER, **of_teacher}
    g, d = steps.networks (o)
    teacher = random_weights (make (t), SEED_TEACHER)
    write (path, teacher, t)
    teacher = use_statistics (teacher, t['statistics'] == 'running')
    student = Student (o, use_noise (g, 0), d, teacher, pairs)
    losses, average = steps.train (o, student)
    nets = {'G': g, 'D': d, 'P': student.projections, 'average': average}
    return losses, nets if o['ema'] else {name: nets[name] for name in 'GDP'}

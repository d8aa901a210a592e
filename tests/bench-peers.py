#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our forward against ONNX Runtime's and PyTorch's: bench-peers.py BUILD unet|resnet THREADS

unet_256 or resnet_9 (ngf 64), 256², running statistics, the same random weights for all, on the
same cores.
Machines are noisy, so the contenders take turns, a few forwards each, and only figures of one run
are compared.  Batch norm is folded into the peers' convolutions beforehand: they are at their best.
"""

import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from handmade import write_png
from reference import Resnet, ResnetBlock, Unet, steady_weights

BUILD, THREADS = pathlib.Path (sys.argv[1]), int (sys.argv[3])
NAME, KIND, NUMBERS, ROUNDS = {
    'unet': ('unet_256', Unet, dict (net='unet', num_downs='8', skip='true'), 20),
    'resnet': ('resnet_9', Resnet, dict (net='resnet', n_blocks='9'), 5),
}[sys.argv[2]]
SIZE, FORWARDS = 256, 4
PAUSE = 0.1     # seconds in which a contender's threads stop spinning


# ---- The network --------------------------------------------------------------------------

def random_net ():
    torch.manual_seed (1)
    return steady_weights (KIND (), torch.rand (1, 3, SIZE, SIZE) * 2 - 1)


def write_model (net, path):
    keys = dict (NUMBERS, format='1', ngf='64', norm='batch', use_dropout='false',
                 norm_statistics='running')
    header, blobs, at = {'__metadata__': {f'p2p.{k}': v for k, v in keys.items ()}}, [], 0
    for name, values in net.state_dict ().items ():
        if name.endswith ('num_batches_tracked'):
            continue
        blob = values.numpy ().astype ('<f4').tobytes ()
        header[name] = dict (dtype='F32', shape=list (values.shape),
                             data_offsets=[at, at + len (blob)])
        blobs.append (blob)
        at += len (blob)
    text = json.dumps (header).encode ()
    path.write_bytes (struct.pack ('<Q', len (text)) + text + b''.join (blobs))


def fold (net):
    """Batch norms into the convolutions before them."""
    for module in list (net.modules ()):
        if not isinstance (module, nn.Sequential):
            continue
        for i in range (len (module) - 1):
            if isinstance (module[i + 1], nn.BatchNorm2d):
                transposed = isinstance (module[i], nn.ConvTranspose2d)
                module[i] = fuse_conv_bn_eval (module[i], module[i + 1], transpose=transposed)
                module[i + 1] = nn.Identity ()
    return net


# ---- ONNX, written by hand: Debian has the runtime without the library that writes files ------

def number (value):
    data = bytearray ()
    while value > 127:
        data.append (value & 127 | 128)
        value >>= 7
    return bytes (data + bytes ([value]))


def field (index, value):
    """A field of a protocol buffer: an int, or bytes, or text."""
    if isinstance (value, int):
        return number (index << 3) + number (value)
    data = value.encode () if isinstance (value, str) else value
    return number (index << 3 | 2) + number (len (data)) + data


def value_info (name):
    dims = b''.join (field (1, field (1, side)) for side in (1, 3, SIZE, SIZE))
    return field (1, name) + field (2, field (1, field (1, 1) + field (2, dims)))


class OnnxWriter:
    def __init__ (self):
        self.nodes, self.weights, self.n = b'', b'', 0

    def node (self, op, inputs, attributes=b''):
        self.n += 1
        output = f'v{self.n}'
        self.nodes += field (1, b''.join (field (1, name) for name in inputs) + field (2, output)
                             + field (4, op) + attributes)
        return output

    def weight (self, values):
        self.n += 1
        values = values.detach ().numpy ()
        dims = b''.join (field (1, side) for side in values.shape)
        kind = {'float32': 1, 'int64': 7}[values.dtype.name]
        self.weights += field (5, dims + field (2, kind) + field (8, f'w{self.n}')
                               + field (9, values.tobytes ()))
        return f'w{self.n}'

    def ints (self, name, values):
        return field (5, field (1, name) + b''.join (field (8, value) for value in values)
                      + field (20, 7))

    def convolution (self, op, module, x):
        inputs = [x, self.weight (module.weight)]
        if module.bias is not None:
            inputs.append (self.weight (module.bias))
        attributes = (self.ints ('kernel_shape', module.kernel_size)
                      + self.ints ('strides', module.stride)
                      + self.ints ('pads', 2 * module.padding))
        if op == 'ConvTranspose':
            attributes += self.ints ('output_padding', module.output_padding)
        return self.node (op, inputs, attributes)

    def pad (self, module, x):
        left, right, top, bottom = module.padding
        mode = field (5, field (1, 'mode') + field (4, 'reflect') + field (20, 3))
        pads = self.weight (torch.tensor ([0, 0, top, left, 0, 0, bottom, right]))
        return self.node ('Pad', [x, pads], mode)

    def sequence (self, modules, x):
        for module in modules:
            x = self.layer (module, x)
        return x

    def layer (self, module, x):
        if isinstance (module, nn.Conv2d):
            return self.convolution ('Conv', module, x)
        if isinstance (module, nn.ConvTranspose2d):
            return self.convolution ('ConvTranspose', module, x)
        if isinstance (module, nn.ReflectionPad2d):
            return self.pad (module, x)
        if isinstance (module, nn.LeakyReLU):
            slope = (field (1, 'alpha') + number (2 << 3 | 5)
                     + struct.pack ('<f', module.negative_slope) + field (20, 1))
            return self.node ('LeakyRelu', [x], field (5, slope))
        if isinstance (module, (nn.ReLU, nn.Tanh)):
            return self.node (type (module).__name__.replace ('LU', 'lu'), [x])
        if isinstance (module, nn.Identity):
            return x
        if isinstance (module, nn.Sequential):
            return self.sequence (module, x)
        if isinstance (module, ResnetBlock):
            return self.node ('Add', [x, self.sequence (module.conv_block, x)])
        y = self.sequence (module.model, x)
        if module.outermost:
            return y
        axis = field (5, field (1, 'axis') + field (3, 1) + field (20, 2))
        return self.node ('Concat', [x, y], axis)

    def model (self, net):
        output = self.layer (net.model, 'x')
        graph = (self.nodes + field (2, 'net') + self.weights + field (11, value_info ('x'))
                 + field (12, value_info (output)))
        return field (1, 7) + field (7, graph) + field (8, field (1, '') + field (2, 13))


# ---- The contenders: a name, a function that gives the times of n forwards, and the result ----

def server (name, command, model, x, folder):
    """A process that measures itself, as tests/bench.c describes it."""
    source, result, errors = folder / 'x', folder / 'y', folder / 'errors'
    source.write_bytes (x.permute (0, 2, 3, 1).contiguous ().numpy ().tobytes ())
    # Debian's ONNX Runtime has a thousand warnings about itself: shown only when they matter.
    process = subprocess.Popen ([*command, model, str (SIZE), str (THREADS), source, result],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=errors.open ('w'), text=True)
    ready = process.stdout.readline ().split ()
    if not ready:
        sys.exit (f'{name} did not start:\n{errors.read_text ()}')

    def run (n):
        process.stdin.write (f'{n}\n')
        process.stdin.flush ()
        return [float (word) for word in process.stdout.readline ().split ()]

    y = np.fromfile (result, np.float32).reshape (1, SIZE, SIZE, 3).transpose (0, 3, 1, 2)
    return ' '.join ([name, *ready[1:]]), run, y


def ours (net, x, folder):
    write_model (net, folder / 'random.safetensors')
    return server ('pix2pix', [BUILD / 'tests/bench', 'serve'], folder / 'random.safetensors', x,
                   folder)


def onnx (net, x, folder):
    (folder / 'random.onnx').write_bytes (OnnxWriter ().model (net))
    script = pathlib.Path (__file__).with_name ('bench-onnx.py')
    return server ('ONNX Runtime', [sys.executable, script], folder / 'random.onnx', x, folder)


def pytorch (net, x, layout):
    net = net.to (memory_format=layout)
    x = x.contiguous (memory_format=layout)

    def forward ():
        with torch.inference_mode ():
            return net (x)

    def run (n):
        times = []
        for _ in range (n):
            start = time.perf_counter ()
            forward ()
            times.append (1000 * (time.perf_counter () - start))
        return times

    last = ', channels last' if layout is torch.channels_last else ''
    return f'PyTorch {torch.__version__}{last}', run, forward ().numpy ()


# ---- Measuring ----------------------------------------------------------------------------

def check_same (name, y, expected):
    error = np.square (y - expected, dtype=np.float64).sum () / np.square (expected).sum ()
    if not error < 1e-8:
        sys.exit (f'{name} computes something else: normalised squared error {error:.1e}')


def measure (contenders):
    times = {name: [] for name, _, _ in contenders}
    for _ in range (ROUNDS):
        for name, run, _ in contenders:
            time.sleep (PAUSE)
            times[name] += run (FORWARDS + 1)[1:]    # the first finds cold caches
    return times


def print_table (times):
    print (f'{NAME}, ngf 64, {SIZE}², {THREADS} threads, running statistics')
    print (f"{'':36} {'median ms':>10} {'best ms':>9} {'ours / it':>10}")
    mine = statistics.median (next (iter (times.values ())))
    for name, values in times.items ():
        middle = statistics.median (values)
        print (f'{name:36} {middle:10.1f} {min (values):9.1f} {mine / middle:10.2f}')


def file_to_file (folder):
    """A fresh process from a picture to a picture, the model in half precision."""
    half, picture = folder / 'half.safetensors', folder / 'in.png'
    program = BUILD / 'core/pix2pix'
    subprocess.run ([program, 'import', folder / 'random.safetensors', '-o', half, '--f16', '-q'],
                    check=True)
    write_png (picture, SIZE, SIZE, lambda x, y: (x, y, x * y & 255))
    times = []
    for _ in range (11):
        time.sleep (PAUSE)
        start = time.perf_counter ()
        subprocess.run ([program, 'apply', '--model', half, '--threads', str (THREADS), picture,
                         '-o', folder / 'out.png'], check=True)
        times.append (1000 * (time.perf_counter () - start))
    print (f'file to file, a process, F16 model: median {statistics.median (times):.0f} ms, '
           f'best {min (times):.0f} ms')


def main ():
    os.sched_setaffinity (0, sorted (os.sched_getaffinity (0))[:THREADS])
    torch.set_num_threads (THREADS)
    with tempfile.TemporaryDirectory () as temporary:
        folder = pathlib.Path (temporary)
        net, x = random_net (), torch.rand (1, 3, SIZE, SIZE) * 2 - 1
        expected = pytorch (net, x, torch.contiguous_format)[2]
        contenders = [ours (net, x, folder),
                      onnx (fold (random_net ()), x, folder),
                      pytorch (fold (random_net ()), x, torch.contiguous_format),
                      pytorch (fold (random_net ()), x, torch.channels_last)]
        for name, _, y in contenders:
            check_same (name, y, expected)

        print_table (measure (contenders))
        file_to_file (folder)


main ()

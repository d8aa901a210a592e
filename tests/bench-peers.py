#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares our forward pass with those of ONNX Runtime and PyTorch.

    bench-peers.py BUILD THREADS [FOLDER]

FOLDER has a newer ONNX Runtime in node_modules, and node.

All contenders run the same network with ngf 64 and the same random weights, on the same cores.
Timings vary from run to run, so the contenders take turns, a few forwards each, and only figures of
one run are compared.  Batch norm is folded into the peers' convolutions beforehand, so that they
run as fast as they can.
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

BUILD, THREADS = pathlib.Path (sys.argv[1]), int (sys.argv[2])
HERE = pathlib.Path (__file__).parent
NEWER = pathlib.Path (sys.argv[3]).resolve () if len (sys.argv) > 3 else None
NETS = {
    'unet_256': (Unet, dict (net='unet', num_downs='8', skip='true'), 12.10),
    'resnet_9': (Resnet, dict (net='resnet', n_blocks='9'), 99.1),
}
FORWARDS = 3
PAUSE = 0.1     # seconds, long enough for a contender's threads to stop spinning


# ---- The network --------------------------------------------------------------------------

def random_net (name):
    torch.manual_seed (1)
    return steady_weights (NETS[name][0] (), torch.rand (1, 3, 256, 256) * 2 - 1)


def write_model (name, net, path):
    keys = dict (NETS[name][1], format='1', ngf='64', norm='batch', use_dropout='false',
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
    """Folds each batch norm into the convolution before it."""
    for module in list (net.modules ()):
        if not isinstance (module, nn.Sequential):
            continue
        for i in range (len (module) - 1):
            if isinstance (module[i + 1], nn.BatchNorm2d):
                transposed = isinstance (module[i], nn.ConvTranspose2d)
                module[i] = fuse_conv_bn_eval (module[i], module[i + 1], transpose=transposed)
                module[i + 1] = nn.Identity ()
    return net


# ---- Writing ONNX by hand, because Debian has the runtime but not the library that writes files --

def number (value):
    data = bytearray ()
    while value > 127:
        data.append (value & 127 | 128)
        value >>= 7
    return bytes (data + bytes ([value]))


def field (index, value):
    """A protocol buffer's field: an int, bytes or text."""
    if isinstance (value, int):
        return number (index << 3) + number (value)
    data = value.encode () if isinstance (value, str) else value
    return number (index << 3 | 2) + number (len (data)) + data


def value_info (name, shape):
    dims = b''.join (field (1, field (1, side)) for side in shape)
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

    def model (self, net, shape):
        output = self.layer (net.model, 'x')
        graph = (self.nodes + field (2, 'net') + self.weights + field (11, value_info ('x', shape))
                 + field (12, value_info (output, shape)))
        return field (1, 7) + field (7, graph) + field (8, field (1, '') + field (2, 13))


# ---- The contenders: (name, function that returns the times of n forwards, result) ------------

def server (name, command, x, folder, isa=None):
    """Starts a process that measures itself, as tests/bench.c describes under "bench serve"."""
    source, result, errors = folder / 'x', folder / 'y', folder / 'errors'
    source.write_bytes (x.permute (0, 2, 3, 1).contiguous ().numpy ().tobytes ())
    environment = dict (os.environ, **({'P2P_ISA': isa} if isa else {}))
    # Debian's ONNX Runtime prints a thousand warnings about itself.  They are shown only if it does
    # not start.
    process = subprocess.Popen ([*map (str, command), source, result], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=errors.open ('w'), text=True,
                                env=environment)
    ready = process.stdout.readline ().split ()
    if not ready:
        sys.exit (f'{name} did not start:\n{errors.read_text ()}')

    def run (n):
        process.stdin.write (f'{n}\n')
        process.stdin.flush ()
        return [float (word) for word in process.stdout.readline ().split ()]

    run.process, run.version = process, ready[-1]
    n, _, size, _ = x.shape
    y = np.fromfile (result, np.float32).reshape (n, size, size, 3).transpose (0, 3, 1, 2)
    return name, run, y


def ours (case, folder, statistics='running', isa=None):
    name = ' '.join (['ours'] + [statistics] * (statistics != 'running') + [isa] * bool (isa))
    return server (name, [BUILD / 'tests/bench', 'serve', folder / f'{case.net}.safetensors',
                          case.n, case.size, statistics, case.threads], case.x, folder, isa)


def onnx (case, folder):
    """Debian's ONNX Runtime, and the newer one if there is one."""
    path = folder / f'{case.net}.onnx'
    path.write_bytes (OnnxWriter ().model (fold (random_net (case.net)), case.x.shape))
    commands = [[sys.executable, HERE / 'bench-onnx.py', 'serve']]
    if NEWER:
        commands += [[NEWER / 'node', HERE / 'bench-onnx.mjs', NEWER]]
    for command in commands:
        _, run, y = server ('ONNX Runtime', [*command, path, case.n, case.size, case.threads],
                            case.x, folder)
        yield f'ONNX Runtime {run.version}', run, y


def pytorch (case, layout=torch.contiguous_format, folded=True):
    net, x = random_net (case.net), case.x.contiguous (memory_format=layout)
    net = (fold (net) if folded else net).to (memory_format=layout)

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

    last = ' last' if layout is torch.channels_last else ''
    return f'pytorch{last}', run, forward ().numpy ()


class Case:
    """A network, applied to n pictures of size × size pixels, and the contenders that run it in
    turns."""

    def __init__ (self, net, n, size, threads):
        self.net, self.n, self.size, self.threads = net, n, size, threads
        torch.manual_seed (2)
        self.x = torch.rand (n, 3, size, size) * 2 - 1

    def measure (self, contenders, rounds, expected=None):
        """Median milliseconds, by the contender's name."""
        times = {name: [] for name, _, _ in contenders}
        for name, _, y in contenders:
            if expected is not None and 'image' not in name:
                check_same (name, y, expected)
        for _ in range (rounds):
            for name, run, _ in contenders:
                time.sleep (PAUSE)
                times[name] += run (FORWARDS + 1)[1:]    # the first one finds cold caches
        for _, run, _ in contenders:
            if hasattr (run, 'process'):
                run.process.communicate ()
        return {name: statistics.median (values) for name, values in times.items ()}


# ---- Measuring ----------------------------------------------------------------------------

def check_same (name, y, expected):
    error = np.square (y - expected, dtype=np.float64).sum () / np.square (expected).sum ()
    if not error < 1e-8:
        sys.exit (f'{name} computes something else: normalized squared error {error:.1e}')


def row (what, mine, theirs, target, unit='ms'):
    print (f'| {what:52} | {mine:7.1f} | {theirs:7.1f} {unit:2} | {mine / theirs:5.2f} '
           f'| {target} |', flush=True)


def onnx_rows (what, ms, target, mine='ours'):
    """A row for each ONNX Runtime."""
    for name in ms:
        if name.startswith ('ONNX'):
            row (f'{what} {name}', ms[mine], ms[name], target)


def gemm_peak (threads):
    return float (subprocess.run ([BUILD / 'tests/bench', 'gemm', str (threads)], check=True,
                                  stdout=subprocess.PIPE).stdout)


def compare_unet (folder):
    case = Case ('unet_256', 1, 256, THREADS)
    expected = pytorch (case, folded=False)[2]
    peaks = [gemm_peak (THREADS)]
    ms = case.measure ([ours (case, folder), ours (case, folder, 'image'),
                        ours (case, folder, isa='blas'), *onnx (case, folder),
                        pytorch (case), pytorch (case, torch.channels_last)], 7, expected)
    peaks.append (gemm_peak (THREADS))
    onnx_rows ('unet_256, 256², against', ms, 0.55)
    row ('… against PyTorch, the better layout', ms['ours'],
         min (ms['pytorch'], ms['pytorch last']), 0.35)
    row ('… against direct convolutions at sgemm\'s peak', ms['ours'],
         NETS['unet_256'][2] * 1000 / max (peaks), 0.80)
    row ('… image statistics against running', ms['ours image'], ms['ours'], 1.1)
    onnx_rows ('… OpenBLAS alone against', ms, 0.75, 'ours blas')


def compare_onnx (folder, what, case, rounds, target):
    ms = case.measure ([ours (case, folder), *onnx (case, folder)], rounds,
                       pytorch (case, folded=False)[2])
    onnx_rows (f'{what}, against', ms, target)


def compare_busy (folder):
    """Compares forwards beside a process that loads all cores with forwards on idle cores,
    alternately."""
    case, times = Case ('unet_256', 1, 256, THREADS), {True: [], False: []}
    name, run, _ = ours (case, folder)
    for i in range (8):
        loads = [subprocess.Popen ([sys.executable, '-c', 'while True: pass'])
                 for _ in range (THREADS * (i % 2))]
        time.sleep (PAUSE)
        times[bool (loads)] += run (FORWARDS + 1)[1:]
        for load in loads:
            load.kill ()
            load.wait ()
    run.process.communicate ()
    row ('… beside a process that loads all cores, against quiet',
         statistics.median (times[True]), statistics.median (times[False]), 2.5)


# A process inherits the peak memory of the process that starts it, so the launcher has to be small.
LAUNCHER = '''
import resource, subprocess, sys, time
start = time.perf_counter ()
subprocess.run (sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print (1000 * (time.perf_counter () - start),
       resource.getrusage (resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
'''


def process_cost (command):
    """A process's run time in milliseconds and its peak memory in MB."""
    launch = subprocess.run ([sys.executable, '-c', LAUNCHER, *map (str, command)], check=True,
                             stdout=subprocess.PIPE)
    return [float (word) for word in launch.stdout.split ()]


def compare_files (folder):
    """Compares fresh processes that read a picture and write a picture; our model is in half
    precision."""
    half, picture = folder / 'half.safetensors', folder / 'in.png'
    program, script = BUILD / 'core/pix2pix', HERE / 'bench-onnx.py'
    subprocess.run ([program, 'import', folder / 'unet_256.safetensors', '-o', half, '--f16', '-q'],
                    check=True)
    (folder / 'unet_256.onnx').write_bytes (OnnxWriter ().model (fold (random_net ('unet_256')),
                                                                 (1, 3, 256, 256)))
    write_png (picture, 256, 256, lambda x, y: (x, y, x * y & 255))
    costs = {'ours': [], 'onnx': []}
    for _ in range (5):
        costs['ours'].append (process_cost ([program, 'apply', '-q', '--force', '--model', half,
                                             '--threads', THREADS, picture, '-o',
                                             folder / 'out.png']))
        costs['onnx'].append (process_cost ([sys.executable, script, 'apply',
                                             folder / 'unet_256.onnx', THREADS, picture,
                                             folder / 'theirs.png']))
    for i, what, target, unit in ((0, 'file to file, a fresh process', '0.3, and 300 ms', 'ms'),
                                  (1, 'peak memory of that process', 0.7, 'MB')):
        mine, theirs = (statistics.median (cost[i] for cost in costs[name]) for name in costs)
        row (what, mine, theirs, target, unit)


def main ():
    os.sched_setaffinity (0, sorted (os.sched_getaffinity (0))[:THREADS])
    torch.set_num_threads (THREADS)
    with tempfile.TemporaryDirectory () as temporary:
        folder = pathlib.Path (temporary)
        for name in NETS:
            write_model (name, random_net (name), folder / f'{name}.safetensors')
        print (f'PyTorch {torch.__version__}, {THREADS} threads, ngf 64, running statistics, '
               'medians of one run in turns\n', flush=True)
        print ('| work | ours | other | ratio | at most |\n|---|---|---|---|---|')
        compare_unet (folder)
        compare_busy (folder)
        for what, net, n, size, threads, rounds, target in (
                ('… one thread', 'unet_256', 1, 256, 1, 3, 0.6),
                ('unet_256, 512²', 'unet_256', 1, 512, THREADS, 3, 0.6),
                ('unet_256, 256², batch 4', 'unet_256', 4, 256, THREADS, 3, 0.6),
                ('resnet_9, 256²', 'resnet_9', 1, 256, THREADS, 3, 0.5)):
            compare_onnx (folder, what, Case (net, n, size, threads), rounds, target)
        compare_files (folder)


main ()

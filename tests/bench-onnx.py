#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a network in ONNX Runtime.  It is a process of its own, so that the threads of ONNX Runtime
and of PyTorch do not disturb each other.

    bench-onnx.py serve MODEL N SIZE THREADS INPUT OUTPUT    like "bench serve" of tests/bench.c
    bench-onnx.py apply MODEL THREADS INPUT OUTPUT           applies the model to one picture
"""

import sys

import numpy as np
import onnxruntime


def open_model (path, threads):
    options = onnxruntime.SessionOptions ()
    options.intra_op_num_threads = int (threads)
    return onnxruntime.InferenceSession (path, options, providers=['CPUExecutionProvider'])


def serve (model, n, size, threads, source, result):
    import time

    session = open_model (model, threads)
    x = np.fromfile (source, np.float32).reshape (int (n), int (size), int (size), 3)
    x = np.ascontiguousarray (x.transpose (0, 3, 1, 2))
    y = session.run (None, {'x': x})[0].transpose (0, 2, 3, 1)
    np.ascontiguousarray (y).tofile (result)

    print (f'ready {onnxruntime.__version__}', flush=True)
    for line in sys.stdin:
        times = []
        for _ in range (int (line)):
            start = time.perf_counter ()
            session.run (None, {'x': x})
            times.append (1000 * (time.perf_counter () - start))
        print (*times, flush=True)


def apply (model, threads, source, result):
    from PIL import Image

    session = open_model (model, threads)
    x = np.asarray (Image.open (source).convert ('RGB'), np.float32) / 127.5 - 1
    y = session.run (None, {'x': np.ascontiguousarray (x.transpose (2, 0, 1)[None])})[0][0]
    y = np.rint ((y.transpose (1, 2, 0) + 1) * 127.5).clip (0, 255).astype (np.uint8)
    Image.fromarray (y).save (result)


{'serve': serve, 'apply': apply}[sys.argv[1]] (*sys.argv[2:])

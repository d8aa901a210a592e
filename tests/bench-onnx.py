#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ONNX Runtime as tests/bench.c serves our network: bench-onnx.py MODEL SIZE THREADS INPUT OUTPUT

A process of its own, so that its threads and PyTorch's do not meet.
"""

import pathlib
import sys
import time

import numpy as np
import onnxruntime

model, size, threads, source, result = sys.argv[1:]
options = onnxruntime.SessionOptions ()
options.intra_op_num_threads = int (threads)
session = onnxruntime.InferenceSession (model, options, providers=['CPUExecutionProvider'])

x = np.fromfile (source, np.float32).reshape (1, int (size), int (size), 3)
x = np.ascontiguousarray (x.transpose (0, 3, 1, 2))
y = session.run (None, {'x': x})[0].transpose (0, 2, 3, 1)
pathlib.Path (result).write_bytes (np.ascontiguousarray (y).tobytes ())

print (f'ready {onnxruntime.__version__}', flush=True)
for line in sys.stdin:
    times = []
    for _ in range (int (line)):
        start = time.perf_counter ()
        session.run (None, {'x': x})
        times.append (1000 * (time.perf_counter () - start))
    print (*times, flush=True)

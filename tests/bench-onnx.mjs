// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a network in the ONNX Runtime of npm, which is newer than Debian's.  FOLDER is where that is
// installed.
//
//     node bench-onnx.mjs FOLDER MODEL N SIZE THREADS INPUT OUTPUT    like bench-onnx.py serve

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { createRequire } from 'node:module';

const [folder, model, n, size, threads, source, result] = process.argv.slice (2);
const load = createRequire (path.resolve (folder, 'x'));
const ort = load ('onnxruntime-node');
const shape = [Number (n), 3, Number (size), Number (size)], pixels = size * size;

// Exchanges the orders of dimensions [n, pixels, channels] and [n, channels, pixels].
function transpose (values, rows, columns)
{
  const to = new Float32Array (values.length);

  for (let i = 0; i < values.length; i++)
    {
      const at = i % (rows * columns);

      to[i - at + at % columns * rows + Math.floor (at / columns)] = values[i];
    }
  return to;
}

const bytes = fs.readFileSync (source);
const values = new Float32Array (bytes.buffer, bytes.byteOffset, bytes.length / 4);
const x = new ort.Tensor ('float32', transpose (values, pixels, 3), shape);
const session = await ort.InferenceSession.create (
  model, { executionProviders: ['cpu'], intraOpNumThreads: Number (threads) });
const y = (await session.run ({ x }))[session.outputNames[0]];

fs.writeFileSync (result, new Uint8Array (transpose (y.data, 3, pixels).buffer));
console.log ('ready', load ('onnxruntime-node/package.json').version);
for await (const line of readline.createInterface ({ input: process.stdin }))
  {
    const times = [];

    for (let i = 0; i < Number (line); i++)
      {
        const start = performance.now ();

        await session.run ({ x });
        times.push (performance.now () - start);
      }
    console.log (times.join (' '));
  }

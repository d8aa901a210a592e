# SPDX-License-Identifier: GPL-3.0-or-later
"""Models and pictures made byte by byte, so that the tests need nothing but Python."""

import json
import random
import struct
import zlib


def unet_shapes (num_downs, ngf):
    """Names and shapes of a U-Net with batch norm, outermost first, as PyTorch has them."""
    def channels (i):
        return ngf * min (2 ** i, 8)

    def norm (path, c):
        return {f'{path}.{name}': [c] for name in ('weight', 'bias', 'running_mean',
                                                   'running_var')}

    shapes = {'model.model.0.weight': [ngf, 3, 4, 4]}
    path = 'model.model.1.model'
    for i in range (1, num_downs):
        inner, outer = channels (i), channels (i - 1)
        shapes[f'{path}.1.weight'] = [inner, outer, 4, 4]
        if i == num_downs - 1:
            shapes[f'{path}.3.weight'] = [inner, outer, 4, 4]
            shapes.update (norm (f'{path}.4', outer))
        else:
            shapes.update (norm (f'{path}.2', inner))
            shapes[f'{path}.5.weight'] = [2 * inner, outer, 4, 4]
            shapes.update (norm (f'{path}.6', outer))
        path += '.3.model'
    shapes['model.model.3.weight'] = [2 * ngf, 3, 4, 4]
    shapes['model.model.3.bias'] = [3]
    return shapes


def volume (shape):
    result = 1
    for side in shape:
        result *= side
    return result


def trainable (shapes):
    """The number of parameters that training changes."""
    return sum (volume (shape) for name, shape in shapes.items () if '.running_' not in name)


def write_model (path, num_downs=6, ngf=4, **card):
    """A model with random weights, as safetensors; returns its shapes."""
    shapes = unet_shapes (num_downs, ngf)
    generator = random.Random (1)
    header, data = {}, bytearray ()
    for name, shape in shapes.items ():
        low, high = (0.5, 1.5) if len (shape) == 1 else (-0.1, 0.1)
        values = [generator.uniform (low, high) for _ in range (min (volume (shape), 4096))]
        values = (values * (volume (shape) // len (values) + 1))[:volume (shape)]
        begin = len (data)
        data += struct.pack (f'<{len (values)}f', *values)
        header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [begin, len (data)]}

    keys = dict (format='1', net='unet', num_downs=str (num_downs), ngf=str (ngf), input_nc='3',
                 output_nc='3', norm='batch', use_dropout='true', skip='true', inputs='rgb',
                 output='rgb', norm_statistics='running', dropout_at_apply='off', scale='native')
    keys.update (card)
    header['__metadata__'] = {f'p2p.{key}': value for key, value in keys.items ()}
    text = json.dumps (header).encode ()
    path.write_bytes (struct.pack ('<Q', len (text)) + text + data)
    return shapes


def write_png (path, width, height, pixel):
    """pixel (x, y) gives three bytes."""
    rows = b''.join (b'\0' + b''.join (bytes (pixel (x, y)) for x in range (width))
                     for y in range (height))
    write_png_rows (path, width, height, rows)


def write_png_rows (path, width, height, rows):
    def chunk (kind, data):
        return (struct.pack ('>I', len (data)) + kind + data
                + struct.pack ('>I', zlib.crc32 (kind + data)))

    path.write_bytes (b'\x89PNG\r\n\x1a\n'
                      + chunk (b'IHDR', struct.pack ('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
                      + chunk (b'IDAT', zlib.compress (rows, 1)) + chunk (b'IEND', b''))


def read_png (path):
    """Width, height and pixel bytes of an RGB picture of 8 bits, with any filters."""
    data, position, idat = path.read_bytes (), 8, b''
    while position < len (data):
        length, kind = struct.unpack_from ('>I4s', data, position)
        body = data[position + 8:position + 8 + length]
        if kind == b'IHDR':
            width, height, depth, colour = struct.unpack_from ('>IIBB', body)
            if (depth, colour) != (8, 2):
                raise ValueError (f'{path} is of depth {depth} and type {colour}')
        elif kind == b'IDAT':
            idat += body
        position += length + 12

    rows, stride = zlib.decompress (idat), 3 * width
    result, above = bytearray (), bytearray (stride)
    for y in range (height):
        method = rows[y * (stride + 1)]
        row = bytearray (rows[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range (stride):
            a, b, c = (row[i - 3], above[i], above[i - 3]) if i >= 3 else (0, above[i], 0)
            distances = abs (b - c), abs (a - c), abs (a + b - 2 * c)
            paeth = (a, b, c)[distances.index (min (distances))]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, paeth)[method]) & 255
        result += row
        above = row
    return width, height, bytes (result)

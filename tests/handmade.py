# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes models and pictures byte by byte, so that the tests need nothing but Python."""

import json
import random
import struct
import zipfile
import zlib


def unet_shapes (num_downs, ngf, input_nc=3, output_nc=3):
    """Names and shapes of a U-Net with batch norm, outermost first, as in PyTorch."""
    def channels (i):
        return ngf * min (2 ** i, 8)

    def norm (path, c):
        return {f'{path}.{name}': [c] for name in ('weight', 'bias', 'running_mean',
                                                   'running_var')}

    shapes = {'model.model.0.weight': [ngf, input_nc, 4, 4]}
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
    shapes['model.model.3.weight'] = [2 * ngf, output_nc, 4, 4]
    shapes['model.model.3.bias'] = [output_nc]
    return shapes


def volume (shape):
    result = 1
    for side in shape:
        result *= side
    return result


def trainable (shapes):
    """The number of parameters that training changes."""
    return sum (volume (shape) for name, shape in shapes.items () if '.running_' not in name)


def write_model (path, num_downs=6, ngf=4, input_nc=3, output_nc=3, **card):
    """Writes a model with random weights as safetensors, and returns its shapes."""
    shapes = unet_shapes (num_downs, ngf, input_nc, output_nc)
    generator = random.Random (1)
    header, data = {}, bytearray ()
    for name, shape in shapes.items ():
        low, high = (0.5, 1.5) if len (shape) == 1 else (-0.1, 0.1)
        values = [generator.uniform (low, high) for _ in range (min (volume (shape), 4096))]
        values = (values * (volume (shape) // len (values) + 1))[:volume (shape)]
        begin = len (data)
        data += struct.pack (f'<{len (values)}f', *values)
        header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [begin, len (data)]}

    keys = dict (format='1', net='unet', num_downs=str (num_downs), ngf=str (ngf),
                 input_nc=str (input_nc), output_nc=str (output_nc), norm='batch',
                 use_dropout='true', skip='true', inputs='rgb', output='rgb',
                 norm_statistics='running', dropout_at_apply='off', scale='native')
    keys.update (card)
    header['__metadata__'] = {f'p2p.{key}': value for key, value in keys.items ()}
    text = json.dumps (header).encode ()
    path.write_bytes (struct.pack ('<Q', len (text)) + text + data)
    return shapes


def read_tensors (path):
    """Name → (type, shape, bytes) of a safetensors file, and its metadata."""
    blob = path.read_bytes ()
    start = 8 + struct.unpack ('<Q', blob[:8])[0]
    header = json.loads (blob[8:start])
    metadata = header.pop ('__metadata__', {})
    return {name: (entry['dtype'], entry['shape'],
                   blob[slice (*(start + offset for offset in entry['data_offsets']))])
            for name, entry in header.items ()}, metadata


def write_png (path, width, height, pixel):
    """Writes a PNG.  pixel (x, y) returns three bytes."""
    rows = b''.join (b'\0' + b''.join (bytes (pixel (x, y)) for x in range (width))
                     for y in range (height))
    write_png_rows (path, width, height, rows)


def write_png_rows (path, width, height, rows, depth=8, kind=2, chunks=()):
    """Writes a PNG.  kind is 0 gray, 2 RGB, 4 gray and alpha, 6 RGB and alpha.  chunks are pairs of
    name and content."""
    def chunk (name, data):
        return (struct.pack ('>I', len (data)) + name + data
                + struct.pack ('>I', zlib.crc32 (name + data)))

    header = struct.pack ('>IIBBBBB', width, height, depth, kind, 0, 0, 0)
    path.write_bytes (b'\x89PNG\r\n\x1a\n' + chunk (b'IHDR', header)
                      + b''.join (chunk (*more) for more in chunks)
                      + chunk (b'IDAT', zlib.compress (rows, 1)) + chunk (b'IEND', b''))


def read_chunks (path):
    """Names and contents of a PNG's chunks."""
    data, position = path.read_bytes (), 8
    while position < len (data):
        length, name = struct.unpack_from ('>I4s', data, position)
        yield name, data[position + 8:position + 8 + length]
        position += length + 12


def read_samples (path):
    """Width, height, bits per sample, samples per pixel, and the samples' bytes of a PNG.  It must
    not be interlaced and may have any filters."""
    chunks = list (read_chunks (path))
    width, height, depth, kind = struct.unpack_from ('>IIBB', dict (chunks)[b'IHDR'])
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    rows = zlib.decompress (b''.join (body for name, body in chunks if name == b'IDAT'))
    step = channels * depth // 8
    stride = step * width
    result, above = bytearray (), bytearray (stride)
    for y in range (height):
        method = rows[y * (stride + 1)]
        row = bytearray (rows[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range (stride):
            a, b, c = ((row[i - step], above[i], above[i - step]) if i >= step
                       else (0, above[i], 0))
            distances = abs (b - c), abs (a - c), abs (a + b - 2 * c)
            paeth = (a, b, c)[distances.index (min (distances))]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, paeth)[method]) & 255
        result += row
        above = row
    return width, height, depth, channels, bytes (result)


def read_png (path):
    """Width, height and pixel bytes of an RGB picture with 8 bits."""
    width, height, depth, channels, samples = read_samples (path)
    if (depth, channels) != (8, 3):
        raise ValueError (f'{path} has {channels} samples of {depth} bits')
    return width, height, samples


def write_profile (colorants, curve, space=b'RGB '):
    """An ICC profile.  colorants are three XYZ for RGB, or none for gray; curve is the content of
    the curve's tag."""
    def fixed (values):
        return b''.join (struct.pack ('>i', round (value * 65536)) for value in values)

    tags = {b'wtpt': b'XYZ \0\0\0\0' + fixed ((0.9642, 1, 0.8249))}
    for name, xyz in zip ((b'rXYZ', b'gXYZ', b'bXYZ'), colorants):
        tags[name] = b'XYZ \0\0\0\0' + fixed (xyz)
    for name in (b'rTRC', b'gTRC', b'bTRC') if colorants else (b'kTRC',):
        tags[name] = curve + bytes (-len (curve) % 4)

    table, data = struct.pack ('>I', len (tags)), b''
    for name, content in tags.items ():
        table += struct.pack ('>4sII', name, 132 + 12 * len (tags) + len (data), len (content))
        data += content
    header = (struct.pack ('>I', 0x04300000) + b'mntr' + space + b'XYZ ' + bytes (12)
              + b'acsp' + bytes (28) + fixed ((0.9642, 1, 0.8249)) + bytes (48))
    size = 8 + len (header) + len (table) + len (data)
    return struct.pack ('>II', size, 0) + header + table + data


def write_table_profile ():
    """An RGB profile of version 2 whose 16-bit tables give Lab.  Lab is a linear function of the
    samples' squares, so every interpolation method gives the same result."""
    corners = [(r, g, b) for r in (0, 1) for g in (0, 1) for b in (0, 1)]
    square = [round ((i / 255) ** 2 * 65535) for i in range (256)]
    lab = [(100 * (0.3 * r + 0.6 * g + 0.1 * b), 80 * (r - g), 60 * (0.5 * r + 0.5 * g - b))
           for r, g, b in corners]
    table = (b'mft2\0\0\0\0\3\3\2\0' + struct.pack ('>9i', *(65536, 0, 0, 0) * 2, 65536)
             + struct.pack ('>HH', 256, 2) + struct.pack ('>256H', *square) * 3
             + b''.join (struct.pack ('>3H', round (x * 652.8), round ((a + 128) * 256),
                                      round ((c + 128) * 256)) for x, a, c in lab)
             + struct.pack ('>2H', 0, 65535) * 3)
    white = b'XYZ \0\0\0\0' + struct.pack ('>3i', 0xf6d6, 0x10000, 0xd32d)
    header = struct.pack ('>I', 0x02400000) + b'mntrRGB Lab ' + bytes (12) + b'acsp' + bytes (28)
    header += struct.pack ('>3i', 0xf6d6, 0x10000, 0xd32d) + bytes (48)
    entries = struct.pack ('>I4sII4sII', 2, b'wtpt', 156, 20, b'A2B0', 176, len (table))
    return (struct.pack ('>II', 176 + len (table), 0) + header + entries + white + table)


# XYZ for D50 of red, green and blue, as published, and the curve.
ADOBE = (((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),
         b'curv\0\0\0\0\0\0\0\1\x02\x33')


# ---- Files of PyTorch ---------------------------------------------------------------------

def text (value):
    """A text as opcodes of a pickle."""
    return b'X' + struct.pack ('<I', len (value)) + value.encode ()


def integers (values):
    return b'(' + b''.join (b'J' + struct.pack ('<i', value) for value in values) + b't'


def strides (shape, channels_last):
    order = [0, 2, 3, 1] if channels_last and len (shape) == 4 else range (len (shape))
    result, step = [0] * len (shape), 1
    for i in reversed (list (order)):
        result[i] = step
        step *= shape[i]
    return result


def pickle_state (shapes, kind='Float', channels_last=False):
    """A state dict as PyTorch pickles it.  Tensor number i is in the storage with the key i."""
    pickle = b'\x80\x02}('
    for key, (name, shape) in enumerate (shapes.items ()):
        pickle += (text (name) + b'ctorch._utils\n_rebuild_tensor_v2\n((' + text ('storage')
                   + f'ctorch\n{kind}Storage\n'.encode () + text (str (key)) + text ('cpu')
                   + b'J' + struct.pack ('<i', volume (shape)) + b'tQK\0' + integers (shape)
                   + integers (strides (shape, channels_last))
                   + b'\x89ccollections\nOrderedDict\n)RtR')
    return pickle + b'u.'


def write_torch (path, shapes, kind='Float', width=4, channels_last=False):
    """Writes a zip file of PyTorch whose weights are zeros."""
    with zipfile.ZipFile (path, 'w') as container:
        container.writestr ('m/data.pkl', pickle_state (shapes, kind, channels_last))
        for key, shape in enumerate (shapes.values ()):
            with container.open (f'm/data/{key}', 'w', force_zip64=True) as member:
                write_zeros (member, width * volume (shape))


def write_zeros (file, size):
    block = bytes (1 << 20)
    for begin in range (0, size, len (block)):
        file.write (block[:size - begin])


def write_legacy (path, shapes, kind='Float', width=4, channels_last=False):
    """Writes a file of PyTorch before 1.6 whose weights are zeros; they take no space on the
    disk."""
    with open (path, 'wb') as file:
        file.write (LEGACY_HEAD + pickle_state (shapes, kind, channels_last) + b'\x80\x02]('
                    + b''.join (text (str (key)) for key in range (len (shapes))) + b'e.')
        for shape in shapes.values ():
            file.write (struct.pack ('<Q', volume (shape)))
            file.seek (width * volume (shape), 1)
        file.truncate ()


# The magic number, the format's number, and the statement that numbers are little-endian.
LEGACY_HEAD = (b'\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.' + b'\x80\x02M\xe9\x03.'
               + b'\x80\x02}' + text ('little_endian') + b'\x88s.')

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests translate, and with what: pictures, and model files of small U-Nets with random
weights, which run fast."""

import gettext
import json
import struct
import subprocess

import numpy as np

WIDTH, HEIGHT = 96, 64
NUM_DOWNS, NGF = 6, 4
# The kinds of images in the matrix: number of color channels, model.  SELECTED is a rectangle.
# CROP is what a network that needs multiples of 64 pixels sees around it: as much on both sides as
# fits inside the layer.
KINDS = [(3, 'steady'), (1, 'steady'), (1, 'steady-gray')]
SELECTED = 20, 10, 40, 30
CROP = 8, 0, 64, 64
HINTS = 'lines,hint-rgb,hint-mask,spread-rgb,spread-reach'
HINT_PLACE = 30, 20                              # place of the layer with hints
NARROW = [(1, 1), (1, 9), (9, 1), (3, 5000)]     # width, height
COLORS = [(250, 10, 10), (20, 200, 30), (0, 40, 220), (240, 230, 20)]
PALETTE = ','.join (f'color{i}=#{r:02x}{g:02x}{b:02x}' for i, (r, g, b) in enumerate (COLORS))


def picture (channels, seed=1):
    """Soft waves with some grain, [height, width, channels]; alpha has every value."""
    rng = np.random.RandomState (seed)
    y, x = np.mgrid[:HEIGHT, :WIDTH] / 16.0
    planes = [127.5 + 60 * np.sin (x * rng.uniform (1, 3) + y * rng.uniform (1, 3)) +
              rng.uniform (-60, 60, x.shape) for _ in range (channels)]
    pixels = np.stack (planes, 2).astype (np.uint8)
    if channels in (2, 4):
        pixels[..., -1] = np.arange (HEIGHT * WIDTH).reshape (HEIGHT, WIDTH) % 256
    return pixels


def exact_picture (channels):
    """Grain that has only sRGB levels whose linear light is also an 8-bit level."""
    levels = np.arange (256) / 255
    light = np.where (levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    nearest = np.round (light * 255) / 255
    back = np.where (nearest <= 0.0031308, 12.92 * nearest, 1.055 * nearest ** (1 / 2.4) - 0.055)
    exact = np.nonzero (np.abs (back - levels) * 255 < 0.03)[0]
    pixels = picture (channels, 7)
    colors = pixels[..., :channels - (channels % 2 == 0)]
    colors[...] = exact[colors.astype (int) * len (exact) // 256]
    return pixels


def narrow_picture (width, height):
    return np.tile (picture (4), (-(-height // HEIGHT), 1, 1))[:height, :width]


def hint_picture ():
    """Dots of color, one of them soft, on a layer smaller than the picture."""
    pixels = np.zeros ((16, 24, 4), np.uint8)
    pixels[2:6, 2:7] = 200, 40, 60, 255
    pixels[8:14, 12:20] = 30, 90, 220, 128
    return pixels


def wide_picture ():
    """A picture that is large enough for several tiles."""
    return np.concatenate ([picture (3, seed) for seed in (1, 2, 3)], 1)


class Tensors (dict):
    """Random weights under the names of the public implementation.  A gain of about 0.25 keeps the
    spread of the values in a U-Net; with a larger gain the picture shows more in the result."""

    def __init__ (self, seed, gain):
        super ().__init__ ()
        self.rng, self.gain = np.random.RandomState (seed), gain

    def conv (self, name, *shape):
        self[name + '.weight'] = self.rng.normal (0, self.gain / np.sqrt (shape[1]), shape)

    def bias (self, name, size):
        self[name + '.bias'] = self.rng.normal (0, 0.1, size)

    def norm (self, name, size):
        self[name + '.weight'] = self.rng.normal (1, 0.2, size)
        self[name + '.bias'] = self.rng.normal (0, 0.2, size)
        self[name + '.running_mean'] = self.rng.normal (0, 0.2, size)
        self[name + '.running_var'] = self.rng.uniform (0.5, 1.5, size)


def unet (to, input_nc, output_nc):
    channels = [NGF * min (2 ** level, 8) for level in range (NUM_DOWNS)]
    prefix = 'model.model'
    for level in range (NUM_DOWNS):
        outer, inner = level == 0, level == NUM_DOWNS - 1
        below = channels[level - 1] if level else input_nc
        back = channels[level - 1] if level else output_nc
        deep = channels[level] * (1 if inner else 2)
        down, up = (0, 3) if outer else (1, 3) if inner else (1, 5)

        to.conv (f'{prefix}.{down}', channels[level], below, 4, 4)
        to.conv (f'{prefix}.{up}', deep, back, 4, 4)
        if outer:
            to.bias (f'{prefix}.{up}', back)
        else:
            to.norm (f'{prefix}.{up + 1}', back)
        if not outer and not inner:
            to.norm (f'{prefix}.{down + 1}', channels[level])
        prefix += '.1.model' if outer else '.3.model'
    return {'num_downs': NUM_DOWNS, 'skip': 'true'}


def resnet (to, input_nc, output_nc):
    """Adds the weights of a ResNet with one block."""
    for layer, *shape in ((1, NGF, input_nc, 7, 7), (4, 2 * NGF, NGF, 3, 3),
                          (7, 4 * NGF, 2 * NGF, 3, 3)):
        to.conv (f'model.{layer}', *shape)
        to.norm (f'model.{layer + 1}', shape[0])
    for layer in (1, 5):
        to.conv (f'model.10.conv_block.{layer}', 4 * NGF, 4 * NGF, 3, 3)
        to.norm (f'model.10.conv_block.{layer + 1}', 4 * NGF)
    for layer, shape in ((11, (4 * NGF, 2 * NGF, 3, 3)), (14, (2 * NGF, NGF, 3, 3))):
        to.conv (f'model.{layer}', *shape)
        to.norm (f'model.{layer + 1}', shape[1])
    to.conv ('model.18', output_nc, NGF, 7, 7)
    to.bias ('model.18', output_nc)
    return {'n_blocks': 1}


def write_model (path, title, net=unet, input_nc=3, output_nc=3, seed=1, gain=0.6, **more):
    tensors = Tensors (seed, gain)
    card = {'format': 1, 'net': net.__name__, **net (tensors, input_nc, output_nc), 'ngf': NGF,
            'input_nc': input_nc, 'output_nc': output_nc, 'norm': 'batch', 'use_dropout': 'true',
            'title': title, 'description': 'Random weights, for the tests alone.',
            'inputs': 'rgb' if input_nc == 3 else 'gray',
            'output': 'rgb' if output_nc == 3 else 'gray',
            'scale': 'native', 'norm_statistics': 'image', 'dropout_at_apply': 'off', **more}
    header = {'__metadata__': {f'p2p.{key}': str (value) for key, value in card.items ()}}
    data = b''

    for name, values in tensors.items ():
        raw = np.asarray (values, '<f4').tobytes ()
        header[name] = {'dtype': 'F32', 'shape': list (values.shape),
                        'data_offsets': [len (data), len (data) + len (raw)]}
        data += raw

    text = json.dumps (header).encode ()
    text += b' ' * (-len (text) % 8)
    path.write_bytes (struct.pack ('<Q', len (text)) + text + data)


def write_trained (path, names=()):
    """Writes weights as PyTorch saves them, without a card.  With names, writes one network under
    each name."""
    import torch

    def weights (seed):
        tensors = Tensors (seed, 0.6)
        unet (tensors, 3, 3)
        return {name: torch.tensor (np.asarray (value, '<f4')) for name, value in tensors.items ()}
    torch.save ({name: weights (seed) for seed, name in enumerate (names)} if names else
                weights (5), path)


def write_wordy (catalogue, path):
    """Writes a catalog whose texts are the English ones, two fifths longer."""
    with open (catalogue, 'rb') as file:
        texts = [text for text in gettext.GNUTranslations (file)._catalog
                 if isinstance (text, str) and text and '\n' not in text]
    lines = ['msgid ""', r'msgstr "Content-Type: text/plain; charset=UTF-8\n"']
    for text in texts:
        more = ('and so on ' * len (text))[:len (text) * 2 // 5].strip ()
        lines += [f'msgid {json.dumps (text, ensure_ascii=False)}',
                  f'msgstr {json.dumps (f"{text} {more}", ensure_ascii=False)}']
    path.parent.mkdir (parents=True)
    subprocess.run (['msgfmt', '-', '-o', path], check=True, text=True, input='\n'.join (lines))

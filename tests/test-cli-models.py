#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: what the pix2pix program says about model files, and how it uses trained weights in the
user's folder.  test-cli-models.py PROGRAM

Needs nothing but Python: models are made byte by byte, and .pth files by `pix2pix export`, which
test-export.py checks against PyTorch.
"""

import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import zipfile

from handmade import read_tensors, trainable, unet_shapes, volume, write_model, write_png
from program import ENVIRONMENT, FOLDER, MODELS, PROGRAM, check, new_folder, run, run_tests

CACHE = FOLDER / 'cache' / 'pix2pix' / 'models'
CHANNELS = 2


# ---- Files --------------------------------------------------------------------------------

def write_bare (path, shapes, value=0.1):
    """A safetensors file without a card, in which all numbers are the same."""
    header, data = {}, bytearray ()
    for name, shape in shapes.items ():
        begin = len (data)
        data += struct.pack ('<f', value) * volume (shape)
        header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [begin, len (data)]}
    text = json.dumps (header).encode ()
    path.write_bytes (struct.pack ('<Q', len (text)) + text + data)


def write_pth (path, value=0.1):
    """A .pth of a small U-Net, in which all numbers are the same."""
    write_bare (FOLDER / 'bare.safetensors', unet_shapes (5, CHANNELS), value)
    run ('export', FOLDER / 'bare.safetensors', '-o', FOLDER / 'bare.pth', '-q')
    shutil.move (FOLDER / 'bare.pth', path)


def rewrite (source, target, member, change):
    """Copies a .pth and changes one of its members."""
    with zipfile.ZipFile (source) as old, zipfile.ZipFile (target, 'w') as new:
        for info in old.infolist ():
            data = old.read (info)
            new.writestr (info.filename, change (data) if info.filename == member else data)


def use (model, status=0, **options):
    return run ('apply', '--force', '--model', model, FOLDER / 'a.png', '-o', FOLDER / 'b.png',
                status=status, **options)[1]


def value_of (path):
    """The number with which write_pth () filled the model."""
    data = read_tensors (path)[0]['model.model.0.weight'][2]
    return round (struct.unpack_from ('<f', data)[0], 3)


def files (folder):
    return sorted (os.listdir (folder)) if folder.exists () else []


def listed (**options):
    return {model['id']: model for model in json.loads (run ('models', '--json', **options)[0])}


class Home:
    """A separate home of a user, with folders for models and for the cache."""

    def __init__ (self, name):
        self.top = new_folder (name)
        self.models = self.top / 'data' / 'pix2pix' / 'models'
        self.cache = self.top / 'cache' / 'pix2pix' / 'models'
        self.models.mkdir (parents=True)
        self.options = dict (env=dict (ENVIRONMENT, XDG_DATA_HOME=str (self.top / 'data'),
                                       XDG_CACHE_HOME=str (self.top / 'cache')))


# ---- info ---------------------------------------------------------------------------------

def test_info_untold ():
    """info of a .pth: its container, the network, and what is assumed because no card says it"""
    write_pth (FOLDER / 'info.pth')
    info = json.loads (run ('info', FOLDER / 'info.pth', '--json')[0])
    check (info['container'] == 'PyTorch (zip)' and info['found_under'] is None, info)
    expected = {'net': 'unet', 'num_downs': 5, 'ngf': CHANNELS, 'input_nc': 3, 'output_nc': 3,
                'norm': 'batch', 'use_dropout': True, 'skip': True}
    check (expected.items () <= info['network'].items (), info['network'])
    check (info['untold'] == {'task': None, 'inputs': 'rgb', 'scale': 'native',
                              'norm_statistics': 'image', 'use_dropout': 'true',
                              'dropout_at_apply': 'off'}, info['untold'])
    text, _ = run ('info', FOLDER / 'info.pth')
    for line in ('PyTorch (zip)', 'norm_statistics    image', 'dropout_at_apply   off',
                 f'{trainable (unet_shapes (5, CHANNELS))} parameters', '--card KEY=VALUE'):
        check (line in text, f'{line} is not in {text}')


def test_info_told ():
    """info of a model whose card says everything: nothing is assumed"""
    write_model (FOLDER / 'told.safetensors', num_downs=5, ngf=1, task='noise-to-noise')
    info = json.loads (run ('info', FOLDER / 'told.safetensors', '--json')[0])
    check (info['container'] == 'safetensors', info['container'])
    check (info['untold'] == {}, info['untold'])
    check ('KEY=VALUE' not in run ('info', FOLDER / 'told.safetensors')[0], 'it said so')


def refused (shapes, value=0.1):
    write_bare (FOLDER / 'refused.safetensors', shapes, value)
    return run ('info', FOLDER / 'refused.safetensors', status=1)[1]


def test_stranger ():
    """a discriminator: info says what it seems to be, its first weights, and what can be opened"""
    message = refused ({'model.0.weight': [4, 6, 4, 4], 'model.0.bias': [4],
                        'model.2.weight': [8, 4, 4, 4], 'model.2.bias': [8]})
    for text in ('refused.safetensors: ', 'PatchGAN discriminator', 'model.2.weight (8×4×4×4)',
                 ' and 1 more', 'What can be opened: '):
        check (text in message, message)


def test_nearly ():
    """almost a U-Net: info says which one, and what differs"""
    message = refused (dict (unet_shapes (5, CHANNELS), **{'attention.weight': [4, 4]}))
    for text in ('nearest network that can be opened is: unet, num_downs 5, ngf 2',
                 'Unexpected weights:', 'attention.weight (4×4)', 'What can be opened: '):
        check (text in message, message)


def test_not_finite ():
    """weights that are NaN or infinite are refused by name; listing does not look at them"""
    for value in float ('nan'), float ('inf'), float ('-inf'):
        message = refused (unet_shapes (5, CHANNELS), value)
        check ('Weight “model.model.0.weight” holds numbers that are not finite' in message,
               message)
    home = Home ('not-finite')
    write_pth (FOLDER / 'sound.pth')
    rewrite (FOLDER / 'sound.pth', home.models / 'failed.pth', 'archive/data/0',
             lambda data: data[:-4] + struct.pack ('<f', float ('nan')))
    check ('failed' in listed (**home.options), 'it is not listed')
    errors = use ('failed', status=1, **home.options)
    check ('failed.pth: Weight “model.model.0.weight” holds' in errors, errors)
    check (files (home.models) == ['failed.pth'], files (home.models))


# ---- export -------------------------------------------------------------------------------

def test_export_import ():
    """export and import: the same tensors, bit for bit, as F32 and as F16"""
    write_model (FOLDER / 'full.safetensors', num_downs=5, ngf=2)
    run ('import', FOLDER / 'full.safetensors', '-o', FOLDER / 'half.safetensors', '--f16', '-q')
    for name in 'full', 'half':
        run ('export', FOLDER / f'{name}.safetensors', '-o', FOLDER / 'back.pth', '-q')
        run ('import', FOLDER / 'back.pth', '-o', FOLDER / 'back.safetensors', '-q')
        check (read_tensors (FOLDER / 'back.safetensors')[0]
               == read_tensors (FOLDER / f'{name}.safetensors')[0], f'{name} has changed')


def test_export_refuses ():
    """export: wrong arguments give status 2, unreadable or unwritable files 1; no file is left"""
    folder = new_folder ('export')
    for arguments, text, status in (
            ((), 'name a model', 2), (('full', '-o', folder / 'out.pt'), 'ending in .pth', 2),
            (('full',), 'ending in .pth', 2),
            (('full', 'more', '-o', folder / 'o.pth'), '“more”', 2),
            (('nothing', '-o', folder / 'out.pth'), '“nothing”', 1),
            ((FOLDER / 'full.safetensors', '-o', folder / 'none' / 'out.pth'), 'out.pth', 1)):
        _, errors = run ('export', *arguments, status=status)
        check (text in errors, errors)
    check (files (folder) == [], files (folder))


def small_disk ():
    """Limits files to 20 000 bytes, which acts like a full disk."""
    signal.signal (signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit (resource.RLIMIT_FSIZE, (20000, 20000))


def test_export_full_disk ():
    """export to a full disk: an error, and the old file stays"""
    folder = new_folder ('full-disk')
    (folder / 'out.pth').write_text ('old')
    _, errors = run ('export', FOLDER / 'full.safetensors', '-o', folder / 'out.pth', status=1,
                     preexec_fn=small_disk)
    check ('File too large' in errors, errors)
    check (files (folder) == ['out.pth'], files (folder))
    check ((folder / 'out.pth').read_text () == 'old', 'the file has changed')


# ---- Import to where models are found ----------------------------------------------------

def test_import_untitled ():
    """import without --output: without a title the file's name is used; --f16 halves the size"""
    home = Home ('imported')
    write_pth (FOLDER / 'My net.v2.pth')
    run ('import', FOLDER / 'My net.v2.pth', '-q', **home.options)
    check (list (listed (**home.options))[:1] == ['My net.v2'], listed (**home.options))
    whole = (home.models / 'My net.v2.safetensors').stat ().st_size
    run ('import', FOLDER / 'My net.v2.pth', '-q', '--f16', '--force', **home.options)
    check ((home.models / 'My net.v2.safetensors').stat ().st_size < 0.7 * whole, 'size')


# ---- Trained weights in the user's folder -------------------------------------------------

def test_listed ():
    """a .pth and a .pt are listed with their id as title and not changed; others are not listed"""
    home = Home ('listed')
    for name in 'house.pth', 'garden.pt':
        write_pth (home.models / name)
    (home.models / 'notes.pth').write_text ('no model')
    models = listed (**home.options)
    for name in 'house.pth', 'garden.pt':
        model = models[name.split ('.')[0]]
        check (model['title'] == model['id'] and model['convert'], model)
        check (model['path'] == str (home.models / name), model)
    check ('notes' not in models, models)
    for arguments in ('models',), ('models', '--json'):
        errors = run (*arguments, **home.options)[1]
        check (errors.startswith ('Not listed: notes.pth: This is not a model file.'), errors)
        check (len (errors.splitlines ()) == 1, errors)
    check ('on first use' in run ('models', **home.options)[0], 'it is not said')
    run ('info', 'house', **home.options)
    check (files (home.models) == ['garden.pt', 'house.pth', 'notes.pth'], files (home.models))


def test_listing_reads_headers ():
    """listing does not read numbers: a .pth with a damaged one is listed, and refused when used"""
    home = Home ('headers')
    write_pth (home.models / 'house.pth', 0.3)
    data = bytearray ((home.models / 'house.pth').read_bytes ())
    data[data.index (struct.pack ('<f', 0.3))] ^= 1
    (home.models / 'house.pth').write_bytes (data)
    check ('house' in listed (**home.options), 'it is not listed')
    errors = use ('house', status=1, **home.options)
    check ('house.pth: ' in errors and 'damaged' in errors, errors)


def test_first_use ():
    """the first use makes a model file beside the .pth with the same numbers; later uses take it"""
    home = Home ('first-use')
    write_pth (home.models / 'house.pth', 0.3)
    use ('house', **home.options)
    made = home.models / 'house.safetensors'
    check (files (home.models) == ['house.pth', 'house.safetensors'], files (home.models))
    check (files (home.cache) == [], files (home.cache))
    check (value_of (made) == 0.3, value_of (made))
    check ({tensor[0] for tensor in read_tensors (made)[0].values ()} == {'F32'}, 'not F32')
    before = made.stat ()
    use ('house', **home.options)
    after = made.stat ()
    check ((before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns),
           'it was made again')
    model = listed (**home.options)['house']
    check (model['path'] == str (made) and not model['convert'], model)


def test_changed ():
    """when the .pth changes the file is made again, and keeps what people wrote on its card"""
    home = Home ('changed')
    made = home.models / 'house.safetensors'
    write_pth (home.models / 'house.pth', 0.3)
    use ('house', **home.options)
    run ('import', made, '-o', made, '-q', '--card', 'title=My house', '--card', 'scale=fit:64')
    check (listed (**home.options)['house']['title'] == 'My house', 'the title is not listed')
    write_pth (home.models / 'house.pth', 0.4)
    model = listed (**home.options)['house']
    check (model['convert'] and model['title'] == 'My house', model)
    use ('house', **home.options)
    card = read_tensors (made)[1]
    check (value_of (made) == 0.4, value_of (made))
    check ((card['p2p.title'], card['p2p.scale']) == ('My house', 'fit:64'), card)
    check (files (home.models) == ['house.pth', 'house.safetensors'], files (home.models))


def test_own_model ():
    """a user's own model with the name of a .pth has precedence and is never replaced"""
    home = Home ('own')
    write_pth (home.models / 'house.pth', 0.3)
    run ('import', home.models / 'house.pth', '-o', home.models / 'house.safetensors', '-q',
         '--card', 'title=Mine')
    write_pth (home.models / 'house.pth', 0.4)
    before = (home.models / 'house.safetensors').read_bytes ()
    use ('house', **home.options)
    check (listed (**home.options)['house']['title'] == 'Mine', 'another is listed')
    use (home.models / 'house.pth', **home.options)
    check ((home.models / 'house.safetensors').read_bytes () == before, 'it has changed')
    check (len (files (home.cache)) == 1, files (home.cache))


def test_cache ():
    """if the folder is not writable, the model file goes into the cache folder"""
    home = Home ('read-only')
    write_pth (home.models / 'house.pth', 0.3)
    # root ignores permissions, but a folder in the file's place blocks it too.
    if os.geteuid () == 0:
        (home.models / 'house.safetensors').mkdir ()
    else:
        home.models.chmod (0o555)
    use ('house', **home.options)
    made = files (home.cache)
    check (len (made) == 1 and made[0].startswith ('house-'), made)
    model = listed (**home.options)['house']
    check ((model['id'], model['title'], model['path'])
           == ('house', 'house', str (home.cache / made[0])), model)
    home.models.chmod (0o755)
    write_pth (home.models / 'house.pth', 0.4)
    home.models.chmod (0o555)
    use ('house', **home.options)
    check (files (home.cache) == made, files (home.cache))
    check (value_of (home.cache / made[0]) == 0.4, 'it was not made again')
    home.models.chmod (0o755)


def test_cache_names ():
    """files of the same name in two folders have separate model files in one cache"""
    homes = Home ('one'), Home ('two')
    for home, value in zip (homes, (0.3, 0.4)):
        write_pth (home.models / 'house.pth', value)
        (home.models / 'house.safetensors').mkdir ()
        home.options['env']['XDG_CACHE_HOME'] = str (homes[0].top / 'cache')
        use ('house', **home.options)
    values = sorted (value_of (homes[0].cache / name) for name in files (homes[0].cache))
    check (values == [0.3, 0.4], values)


def test_nowhere ():
    """if nothing can be written at all, the .pth itself is used, and no file is left behind"""
    home = Home ('nowhere')
    write_pth (home.models / 'house.pth', 0.3)
    use ('house', preexec_fn=small_disk, **home.options)
    check (files (home.models) == ['house.pth'], files (home.models))
    check (files (home.cache) == [], files (home.cache))


def test_at_once ():
    """processes that use a new .pth at the same time all succeed and leave one model file"""
    for turn in range (3):
        home = Home (f'at-once-{turn}')
        write_pth (home.models / 'house.pth', 0.3)
        processes = [subprocess.Popen ([PROGRAM, 'apply', '--model', 'house', FOLDER / 'a.png',
                                        '-o', home.top / f'{i}.png'], stderr=subprocess.PIPE,
                                       **home.options) for i in range (4)]
        for process in processes:
            errors = process.communicate (timeout=60)[1]
            check (process.returncode == 0, errors)
        check (files (home.models) == ['house.pth', 'house.safetensors'], files (home.models))
        check (len (read_tensors (home.models / 'house.safetensors')[0])
               == len (unet_shapes (5, CHANNELS)), 'tensors are missing')


def test_elsewhere ():
    """a .pth given by its path is opened as it is, and no file is made from it"""
    folder = new_folder ('elsewhere')
    write_pth (folder / 'house.pth')
    use (folder / 'house.pth')
    check (files (folder) == ['house.pth'], files (folder))
    check (files (CACHE) == [], files (CACHE))


def test_unusable ():
    """a .pth that cannot be used is not listed; opening it by its id says why"""
    home = Home ('unusable')
    write_pth (home.models / 'cut.pth')
    data = (home.models / 'cut.pth').read_bytes ()
    (home.models / 'cut.pth').write_bytes (data[:len (data) // 2])
    check ('cut' not in listed (**home.options), 'it is listed')
    errors = use ('cut', status=1, **home.options)
    check ('cut.pth: ' in errors and 'damaged' in errors, errors)
    check (files (home.models) == ['cut.pth'], files (home.models))


MODELS.mkdir (parents=True)
write_png (FOLDER / 'a.png', 40, 30, lambda x, y: (2 * x, 3 * y, 0))
run_tests (globals ())

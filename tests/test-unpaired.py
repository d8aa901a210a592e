#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix train --recipe cyclegan`: two folders of pictures that do not belong together give
two models, and nothing is lost.  test-unpaired.py PROGRAM

Needs nothing but Python.  The pictures are made here, and the networks are small.
"""

import json
import random
import subprocess

from handmade import read_png, read_tensors, write_model, write_png
from program import ENVIRONMENT, FOLDER, PROGRAM, check, new_folder, run, run_tests
from training import begin, check_same_files, metadata, read_log, train

SIDE = 32


def make (name, n, colours, side=SIDE):
    """n pictures of 16 blocks in these colors, which vary a little."""
    folder = FOLDER / name
    folder.mkdir (parents=True)
    for i in range (n):
        chance = random.Random (f'{name} {i}')
        blocks = [bytes (min (255, c + chance.randrange (20)) for c in chance.choice (colours))
                  for _ in range (16)]
        write_png (folder / f'{i}.png', side, side,
                   lambda x, y: blocks[x * 4 // side * 4 + y * 4 // side])


WARM, COLD = ((200, 80, 20), (230, 180, 60)), ((20, 60, 150), (60, 160, 200))
DATA = new_folder ('data-set')
for kind, count, colours in (('trainA', 6, WARM), ('trainB', 9, COLD), ('valA', 2, WARM),
                             ('valB', 3, COLD)):
    make (f'data-set/{kind}', count, colours)
NET = ('--recipe', 'cyclegan', '--netG', 'resnet_1blocks', '--crop-size', SIDE, '--load-size', 36,
       '--ngf', 4, '--ndf', 4, '--n-layers-D', 1, '--pool-size', 4)
COMMON = '--data', DATA, *NET
USUAL = (*COMMON, '--val', DATA, '--n-epochs', 3, '--n-epochs-decay', 2, '--print-freq', 4,
         '--ema', 0.9, '--save-epoch-freq', 2)
MODELS = 'model.safetensors', 'model-back.safetensors', 'best.safetensors', 'best-back.safetensors'
RESULTS = *MODELS, 'log.csv', 'samples/epoch-0005.png'


def straight ():
    """The folder of a training that was not interrupted."""
    folder = FOLDER / 'straight'
    if not folder.exists ():
        train ('straight', *USUAL)
    return folder


def check_same (name):
    check_same_files (name, straight ().name, RESULTS)


def resume (name, **options):
    return subprocess.Popen ([PROGRAM, 'train', '--resume', FOLDER / name], env=ENVIRONMENT,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


# ---- Output files -------------------------------------------------------------------------

def test_folder ():
    """a run leaves a model for each way, and nothing that a training with pairs does not leave"""
    names = {path.name for path in straight ().iterdir ()}
    check (names == {*MODELS, 'checkpoint.safetensors', 'log.csv', 'samples', 'report.html'}, names)


def test_epoch ():
    """an epoch has as many steps as the larger folder has pictures"""
    straight ()
    check (read_log ('straight')[-1]['step'] == '45', read_log ('straight')[-1])


def test_log ():
    """log.csv has the losses of both ways, the cycle's error and the distance to the other kind"""
    straight ()
    row = read_log ('straight')[-1]
    for name in 'G_A', 'cycle_A', 'idt_A', 'G_B', 'cycle_B', 'idt_B', 'D_A', 'D_B', 'val_cycle', \
            'val_style':
        check (float (row[name]) > 0, (name, row))
    check (row['val_L1'] == '', row)


def test_style ():
    """results take the colors of the other folder, and their distance to it falls"""
    train ('colours', *COMMON, '--val', DATA, '--n-epochs', 60, '--n-epochs-decay', 0, '--lr',
           0.002, '--ngf', 8, '--ndf', 8, '--lambda-identity', 0, '--lambda-A', 2, '--lambda-B', 2,
           '--save-epoch-freq', 60)
    rows = [float (row['val_style']) for row in read_log ('colours') if row['val_style']]
    check (rows[-1] < 0.7 * rows[0], rows)
    run ('apply', '-m', FOLDER / 'colours/best.safetensors', DATA / 'valA/0.png', '-o',
         FOLDER / 'cold.png')
    pixels = read_png (FOLDER / 'cold.png')[2]
    check (sum (pixels[2::3]) > sum (pixels[0::3]), 'more red than blue')


def test_samples ():
    """a sheet of samples shows inputs, results and what they are turned back to, of both ways"""
    width, height, _ = read_png (straight () / 'samples/epoch-0005.png')
    check ((width, height) == (3 * SIDE + 8, 5 * SIDE + 16), (width, height))


def test_cards ():
    """the cards say which way each model goes"""
    train ('titled', *COMMON, '--n-epochs', 1, '--n-epochs-decay', 0, '--card', 'title=Cold',
           '--card', 'title.de=Kalt')
    card, back = (metadata (FOLDER / 'titled' / name) for name in MODELS[:2])
    check ((card['p2p.title'], card['p2p.title.de']) == ('Cold', 'Kalt'), card)
    check ((back['p2p.title'], back['p2p.title.de']) == ('Cold (B → A)', 'Kalt (B → A)'), back)
    check ('--recipe cyclegan' in card['p2p.options'] and card['p2p.net'] == 'resnet', card)


def test_import ():
    """the training ends with a command for each model, and these give two models"""
    output, _ = train ('kept', *COMMON, '--n-epochs', 1, '--n-epochs-decay', 0)
    lines = [line.split () for line in output.splitlines () if 'pix2pix import' in line]
    check (len (lines) == 2, output)
    for line in lines:
        run ('import', line[2], '--card', ' '.join (line[4:]).strip ("'"), '-q')
    listed, _ = run ('models')
    check ('kept\n' in listed and 'kept (B → A)' in listed, listed)


def test_direction ():
    """--direction BtoA exchanges the folders, and nothing else"""
    train ('there', *COMMON, '--n-epochs', 1, '--n-epochs-decay', 0)
    other = new_folder ('exchanged')
    (other / 'trainA').symlink_to (DATA / 'trainB')
    (other / 'trainB').symlink_to (DATA / 'trainA')
    train ('back', '--data', other, *NET, '--direction', 'BtoA', '--n-epochs', 1,
           '--n-epochs-decay', 0)
    for name in MODELS[:2]:
        one, other = (read_tensors (FOLDER / name_of_run / name)[0]
                      for name_of_run in ('there', 'back'))
        check (one == other, name)


def evaluated (*options, model='model.safetensors', status=0):
    return run ('eval', '-m', straight () / model, '--data', DATA, '--mode', 'unpaired', *options,
                status=status)


def test_eval ():
    """eval of both models gives the metrics of their last validation"""
    output, _ = evaluated ('--back', straight () / 'model-back.safetensors', '--json')
    result, row = json.loads (output), read_log ('straight')[-1]
    check (result['pictures'] == 2, result)
    for key in 'cycle', 'style':
        check (abs (result[key] - float (row[f'val_{key}'])) < 1e-5 * result[key], (result, row))


def test_back ():
    """the card of the way back has the style that eval finds for it"""
    for name in MODELS[:2]:
        direction = 'BtoA' if 'back' in name else 'AtoB'
        result = json.loads (evaluated ('--direction', direction, '--json', model=name)[0])
        metrics = metadata (straight () / name)['p2p.metrics']
        check (f' style {result["style"]:.2f} ' in metrics, (name, result, metrics))


def test_eval_alone ():
    """eval of one model gives its distance to the other folder, and no error of a cycle"""
    result = json.loads (evaluated ('--json')[0])
    check (result['style'] > 0 and 'cycle' not in result and 'l1' not in result, result)


def test_eval_kinds ():
    """eval of a model that makes gray from RGB with alpha, and of one that goes back"""
    there, back = FOLDER / 'there.safetensors', FOLDER / 'back.safetensors'
    write_model (there, num_downs=5, input_nc=4, output_nc=1, inputs='rgba', output='gray')
    write_model (back, num_downs=5, input_nc=1, output_nc=4, inputs='gray', output='rgba')
    words = 'eval', '--data', DATA, '--mode', 'unpaired', '-m', there, '--back'
    result = json.loads (run (*words, back, '--json')[0])
    check (result['cycle'] > 0 and result['style'] > 0, result)
    _, errors = run (*words, there, status=1)
    check ('name the model of the way back' in errors, errors)


def test_eval_unreadable ():
    """eval is an error when no picture of the other folder can be read"""
    make ('blind/A', 1, WARM)
    make ('blind/B', 1, COLD)
    bad = FOLDER / 'blind/B/0.png'
    bad.write_bytes (bad.read_bytes ()[:60])
    _, errors = run ('eval', '-m', straight () / 'model.safetensors', '--data', FOLDER / 'blind',
                     '--mode', 'unpaired', status=1)
    check ('0.png' in errors and 'can be ' in errors, errors)


def test_report ():
    """report.html has a chart for the GAN losses, for the cycles, and for each validation"""
    page = (straight () / 'report.html').read_text ('utf-8')
    check (page.count ('<svg') == 4 and page.count ('<polyline') == 10,
           (page.count ('<svg'), page.count ('<polyline')))
    check ('cycle_A' in page and 'turned back to' in page, 'words')


# ---- Nothing is lost ----------------------------------------------------------------------

def test_threads ():
    """any number of threads gives the same bits"""
    train ('threads', *USUAL, '--threads', 3)
    check_same ('threads')


def test_stop ():
    """stopped and resumed, a training gives the same bits: pools are kept"""
    process = begin ('stopped', *USUAL)
    for _ in range (6):
        process.stdout.readline ()
    process.terminate ()
    process.communicate (timeout=60)
    process = resume ('stopped')
    _, errors = process.communicate (timeout=60)
    check (process.returncode == 0, errors)
    check_same ('stopped')


def test_kill ():
    """killed and resumed, a training gives the same bits"""
    process = begin ('killed', *USUAL, '--save-minutes', 0.0001)
    for _ in range (5):
        process.stdout.readline ()
    process.kill ()
    process.communicate ()
    process = resume ('killed')
    _, errors = process.communicate (timeout=60)
    check (process.returncode == 0, errors)
    check_same ('killed')


# ---- What is refused ----------------------------------------------------------------------

def refused (*options):
    return train ('refused', *options, status=2)[1]


def test_recipe_only ():
    """options of one recipe are refused with the other"""
    check ('--lambda-A is for --recipe cyclegan' in refused ('--data', DATA, '--lambda-A', 5), '1')
    check ('--lambda-L1 is not for --recipe cyclegan' in refused (*COMMON, '--lambda-L1', 5), '2')
    check ('--mode unpaired is for --recipe cyclegan'
           in refused ('--data', DATA, '--mode', 'unpaired'), '3')
    check ('leave out --mode' in refused (*COMMON, '--mode', 'folders'), '4')


def test_kinds ():
    """inputs and outputs of different kinds are refused, because a model goes each way"""
    check ('must be the same' in refused (*COMMON, '--inputs', 'gray'), 'gray')


def test_shapes ():
    """whole pictures of any shape are refused"""
    check ('pictures of one size' in refused (*COMMON, '--preprocess', 'none'), 'none')


def test_folders ():
    """a folder without A and B is refused, and the message says what is missing"""
    _, errors = train ('nothing', '--data', DATA / 'trainA', *NET, status=1)
    check ('no folders A and B' in errors and '--mode unpaired' in errors, errors)


def test_changed_data ():
    """a training does not go on with another number of pictures in the second folder"""
    make ('more/trainA', 2, WARM)
    make ('more/trainB', 3, COLD)
    train ('grown', '--data', FOLDER / 'more', *NET, '--n-epochs', 1, '--n-epochs-decay', 0)
    write_png (FOLDER / 'more/trainB/new.png', SIDE, SIDE, lambda x, y: bytes (3))
    _, errors = run ('train', '--resume', FOLDER / 'grown', '--n-epochs', 2, status=1)
    check ('holds 6 pictures now, but held 5' in errors, errors)


def test_unreadable ():
    """a picture that cannot be read is left out, on either side"""
    make ('spoilt/trainA', 2, WARM)
    make ('spoilt/trainB', 2, COLD)
    (FOLDER / 'spoilt/trainB/bad.png').write_bytes (b'no picture')
    _, errors = train ('spoilt-run', '--data', FOLDER / 'spoilt', *NET, '--n-epochs', 1,
                       '--n-epochs-decay', 0)
    check ('left out' in errors and 'bad.png' in errors, errors)


def test_public_names ():
    """--model cycle_gan, --lambda_identity and --pool_size of the public implementation work"""
    train ('public', '--dataroot', DATA, '--model', 'cycle_gan', '--lambda_identity', 0,
           '--pool_size', 0, *NET[2:-2], '--n_epochs', 1, '--n_epochs_decay', 0)
    check (float (read_log ('public')[-1]['idt_A']) == 0, read_log ('public'))


def test_scale ():
    """a U-Net that learned without pairs works at a picture's own size, with a frame around it"""
    train ('unet', '--data', DATA, '--recipe', 'cyclegan', '--netG', 'unet_32', '--ngf', 4, '--ndf',
           4, '--n-layers-D', 1, '--crop-size', SIDE, '--load-size', 36, '--n-epochs', 1,
           '--n-epochs-decay', 0)
    for model in MODELS[:2]:
        card = json.loads (run ('info', '--json', FOLDER / 'unet' / model)[0])['card']
        check (card['scale'] == 'native' and card['frame'] == '64', card)


def test_preset ():
    """--preset unpaired-cpu trains both ways"""
    output, _ = train ('preset', '--preset', 'unpaired-cpu', '--data', DATA, '--ngf', 4, '--ndf', 4,
                       '--crop-size', SIDE, '--load-size', 36, '--dry-run')
    check ('network G_B' in output and 'network D_B' in output, output)


run_tests (globals ())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: `pix2pix train` with several ranks, which MPI starts: the same bits with any number of them,
and all stop together whatever happens to one.  test-ranks.py PROGRAM [MPIRUN]

MPIRUN must belong to the MPI that the program is built with.  Nothing here needs a second machine.
"""

import ctypes
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time

from handmade import write_png
from program import ENVIRONMENT, FOLDER, PROGRAM, Skip, check, new_folder, run, run_tests
from training import NET, SIDE, VAL, check_same_files, make_pairs, metadata, read_log

MPIRUN = sys.argv[2] if len (sys.argv) > 2 else None
ALONE = dict (ENVIRONMENT, OPENBLAS_NUM_THREADS='1')
# Open MPI refuses root, more ranks than processors, and to bind more ranks than processors, unless
# it is told.  MPICH ignores these.
TOGETHER = dict (ALONE, OMPI_ALLOW_RUN_AS_ROOT='1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM='1',
                 OMPI_MCA_rmaps_base_oversubscribe='1', OMPI_MCA_hwloc_base_binding_policy='none',
                 PRTE_MCA_rmaps_default_mapping_policy=':oversubscribe',
                 PRTE_MCA_hwloc_default_binding_policy='none')

DATA = make_pairs ('many', 13)
PAIRS = ('--data', DATA, '--val', VAL, *NET, '--n-epochs', 3, '--n-epochs-decay', 1,
         '--print-freq', 1, '--val-epoch-freq', 2, '--threads', 1, '--ema', 0.9, '--quiet')
RESULTS = ('log.csv', 'model.safetensors', 'best.safetensors', 'checkpoint.safetensors',
           'samples/epoch-0004.png')


def make_unpaired ():
    """Two folders of blocks in colors of two kinds."""
    for kind, n, reddish in (('trainA', 9, 1), ('trainB', 13, 0), ('valA', 5, 1), ('valB', 3, 0)):
        folder = new_folder (f'unpaired/{kind}')
        for i in range (n):
            chance = random.Random (f'{kind} {i}')
            colors = [bytes ((chance.randrange (256) * reddish, chance.randrange (256), 90))
                      for _ in range (16)]
            write_png (folder / f'{i}.png', SIDE, SIDE,
                       lambda x, y, colors=colors: colors[x // 8 * 4 + y // 8])


new_folder ('unpaired')
make_unpaired ()
UNPAIRED = ('--data', FOLDER / 'unpaired', '--val', FOLDER / 'unpaired', '--recipe',
            'cyclegan', '--netG', 'resnet_1blocks', '--norm', 'batch', '--crop-size', SIDE,
            '--load-size', 36, '--ngf', 4, '--ndf', 4, '--n-layers-D', 1, '--pool-size', 3,
            '--identity-steps', 1, '--cycle-noise', 0.1, '--n-epochs', 2, '--n-epochs-decay', 1,
            '--print-freq', 1, '--threads', 1, '--quiet')


def needs_mpi ():
    if not MPIRUN:
        raise Skip ('the program is built without MPI, so NOTHING about ranks is tested')


def command (n, *arguments):
    return [MPIRUN, '-n', str (n), PROGRAM, 'train', *map (str, arguments)]


def together (n, *arguments, status=0, cwd=None):
    """Runs n ranks and returns what they wrote to standard output and standard error."""
    needs_mpi ()
    done = subprocess.run (command (n, *arguments), env=TOGETHER, capture_output=True, text=True,
                           timeout=300, cwd=cwd)
    check ((done.returncode == 0) == (status == 0),
           f'exit status {done.returncode} of {n} ranks {arguments}: {done.stderr}')
    return done.stdout, done.stderr


def alone (*arguments, cwd=None):
    return run ('train', *arguments, env=ALONE, cwd=cwd)


def straight ():
    """The folder of a training of one process."""
    if not (FOLDER / 'alone').exists ():
        alone ('-o', FOLDER / 'alone', *PAIRS, '--accumulate', 4)
    return 'alone'


def step_of (name):
    return int (metadata (FOLDER / name / 'checkpoint.safetensors')['state.step'])


def damage (path):
    """Damages a picture so that it shows only when it is read."""
    pixels = bytearray (path.read_bytes ())
    pixels[len (pixels) // 2:len (pixels) // 2 + 40] = bytes (40)
    path.write_bytes (pixels)


def begin (n, *arguments):
    """Starts n ranks and returns them when the first row is in the log."""
    needs_mpi ()
    process = subprocess.Popen (command (n, *arguments), env=TOGETHER, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, start_new_session=True)
    log = arguments[arguments.index ('-o') + 1] / 'log.csv'
    for _ in range (4000):
        if log.exists () and len (log.read_text ().splitlines ()) > 1:
            return process
        time.sleep (0.05)
    process.kill ()
    raise AssertionError ('the training does not begin')


def wait_for_opening (path):
    """Waits until a file is opened."""
    libc = ctypes.CDLL (None)
    watch = libc.inotify_init ()
    libc.inotify_add_watch (watch, os.fsencode (path.parent), 0x20)     # IN_OPEN
    while os.fsencode (path.name) not in os.read (watch, 4096):
        pass
    os.close (watch)


def rank_pids (process, n):
    """The processes of the ranks, from their parents' lists."""
    found, left = [], [process.pid]
    while left:
        pid = left.pop ()
        with open (f'/proc/{pid}/task/{pid}/children') as file:
            left += map (int, file.read ().split ())
        if os.readlink (f'/proc/{pid}/exe') == os.path.realpath (PROGRAM):
            found.append (pid)
    check (len (found) == n, found)
    return sorted (found)


# ---- The same bits ------------------------------------------------------------------------

def test_pairs ():
    """1, 2, 3 and 4 ranks train pairs to the same log, models, samples and checkpoint"""
    for n in 2, 3, 4:
        together (n, '-o', FOLDER / f'ranks-{n}', *PAIRS, '--accumulate', 4)
        check_same_files (straight (), f'ranks-{n}', RESULTS)


def test_uneven ():
    """so do 2 and 3 ranks that share five batches of two, without a GAN loss"""
    options = (*PAIRS, '--accumulate', 5, '--batch-size', 2, '--lambda-GAN', 0)
    alone ('-o', FOLDER / 'uneven', *options)
    for n in 2, 3:
        together (n, '-o', FOLDER / f'uneven-{n}', *options)
        check_same_files ('uneven', f'uneven-{n}', ('log.csv', 'checkpoint.safetensors'))


def test_unpaired ():
    """so do 2 and 3 ranks with two folders of pictures that are no pairs, and their pools"""
    alone ('-o', FOLDER / 'ways', *UNPAIRED, '--accumulate', 3)
    for n in 2, 3:
        together (n, '-o', FOLDER / f'ways-{n}', *UNPAIRED, '--accumulate', 3)
        check_same_files ('ways', f'ways-{n}',
                          ('log.csv', 'model-back.safetensors', 'checkpoint.safetensors'))


def test_teacher ():
    """so do 2 ranks that learn from a teacher"""
    options = (*PAIRS, '--accumulate', 2, '--teacher', FOLDER / straight () / 'model.safetensors')
    alone ('-o', FOLDER / 'taught', *options)
    together (2, '-o', FOLDER / 'taught-2', *options)
    check_same_files ('taught', 'taught-2', ('log.csv', 'checkpoint.safetensors'))


def test_damaged ():
    """damaged pictures to train and to validate with are left out by 3 ranks as by one process"""
    data, val = FOLDER / 'damaged', FOLDER / 'damaged-val'
    shutil.copytree (DATA, data)
    shutil.copytree (VAL, val)
    bad = data / '7.png', val / '1.png'
    for path in bad:
        damage (path)
    options = ('--data', data, '--val', val, *PAIRS[4:], '--accumulate', 3)
    _, wanted = alone ('-o', FOLDER / 'left-out', *options)
    _, err = together (3, '-o', FOLDER / 'left-out-3', *options)
    for path in bad:
        check (str (path) in wanted and err.count (str (path)) == 1, (err, wanted))
    check_same_files ('left-out', 'left-out-3', RESULTS)


def test_half ():
    """rounded gradients give the same bits with 1 and 3 ranks, and other ones than floats"""
    options = (*PAIRS, '--accumulate', 4, '--gradients', 'half')
    alone ('-o', FOLDER / 'half', *options)
    together (3, '-o', FOLDER / 'half-3', *options)
    check_same_files ('half', 'half-3', RESULTS)
    check ((FOLDER / 'half/log.csv').read_text ()
           != (FOLDER / straight () / 'log.csv').read_text (), 'nothing is rounded')
    kept = metadata (FOLDER / 'half-3/checkpoint.safetensors')['option.gradients']
    check (kept == 'half', f'to go on, the checkpoint has {kept}')


def test_one_rank ():
    """a single rank is a training like any other"""
    together (1, '-o', FOLDER / 'single', *PAIRS, '--accumulate', 4)
    check_same_files (straight (), 'single', RESULTS)


# ---- Stopping together --------------------------------------------------------------------

def test_resume ():
    """stopped by a signal to one of 4 ranks, and resumed by 1 and then 2, it gives the same bits"""
    needs_mpi ()
    whole = (*PAIRS, '--accumulate', 4, '--n-epochs', 100)
    alone ('-o', FOLDER / 'long', *whole)
    process = begin (4, '-o', FOLDER / 'stopped', *whole)
    os.kill (rank_pids (process, 4)[2], signal.SIGTERM)
    out, err = process.communicate (timeout=300)
    check (process.returncode == 0 and 'pix2pix train --resume' in out, (out, err))
    steps = [step_of ('stopped')]
    for n in 1, 2:
        if n == 1:
            process = subprocess.Popen ([PROGRAM, 'train', '--resume', FOLDER / 'stopped'],
                                        env=ALONE, stdout=subprocess.PIPE, text=True)
        else:
            process = subprocess.Popen (command (n, '--resume', FOLDER / 'stopped'), env=TOGETHER,
                                        stdout=subprocess.PIPE, text=True)
        if n == 1:
            process.stdout.readline ()
            process.send_signal (signal.SIGTERM)
        process.communicate (timeout=300)
        check (process.returncode == 0, process.returncode)
        steps.append (step_of ('stopped'))
    check (0 < steps[0] < steps[1] < steps[2] == 303, steps)
    check_same_files ('long', 'stopped', ('log.csv', 'model.safetensors', 'best.safetensors'))


def test_killed ():
    """if a rank is killed, the others end too, and the training can be resumed"""
    needs_mpi ()
    process = begin (3, '-o', FOLDER / 'killed', *PAIRS, '--accumulate', 3, '--n-epochs', 4000,
                     '--save-epoch-freq', 1)
    for _ in range (4000):
        if (FOLDER / 'killed/checkpoint.safetensors').exists ():
            break
        time.sleep (0.05)
    os.kill (rank_pids (process, 3)[1], signal.SIGKILL)
    process.communicate (timeout=300)
    check (process.returncode != 0, 'mpirun succeeded')
    before = step_of ('killed')
    process = subprocess.Popen (command (2, '--resume', FOLDER / 'killed'), env=TOGETHER,
                                stdout=subprocess.PIPE, text=True)
    process.stdout.readline ()
    process.send_signal (signal.SIGINT)
    process.communicate (timeout=300)
    check (step_of ('killed') >= before > 0, before)


def test_stop_validation ():
    """a signal to one of 3 ranks while all validate stops them there, and resuming repeats it"""
    needs_mpi ()
    many = new_folder ('many-val')
    for i in range (2000):      # none of them finishes them before the signal
        os.link (VAL / '0.png', many / f'{i:04}.png')
    options = (*PAIRS[4:], '--n-epochs', 2, '--n-epochs-decay', 0, '--accumulate', 3)
    process = begin (3, '-o', FOLDER / 'halted', '--data', DATA, '--val', many, *options)
    wait_for_opening (many / '0020.png')        # samples have opened only the first four
    os.kill (rank_pids (process, 3)[1], signal.SIGTERM)
    out, err = process.communicate (timeout=300)
    check (process.returncode == 0 and 'pix2pix train --resume' in out, (out, err))
    epochs = metadata (FOLDER / 'halted/checkpoint.safetensors')['state.epochs-ended']
    check ((epochs, step_of ('halted')) == ('1', 8), (epochs, step_of ('halted')))
    together (2, '--resume', FOLDER / 'halted', '--val', VAL)
    alone ('-o', FOLDER / 'whole', *PAIRS[:4], *options)
    check_same_files ('whole', 'halted', ('log.csv', 'best.safetensors'))


def check_unreadable (folder, file):
    """Trains with two ranks that work in folders of their own, and rank 1 cannot read a file."""
    needs_mpi ()
    here, there = (new_folder (f'{side}-{folder}') for side in ('here', 'there'))
    for side in here, there:
        shutil.copytree (DATA, side / 'data')
        shutil.copytree (VAL, side / 'val')
    damage (there / folder / file)
    out, own = FOLDER / f'unread-{folder}', '/proc/self/cwd'
    options = ('--data', f'{own}/data', '--val', f'{own}/val', *PAIRS[4:], '--accumulate', 2)
    train = PROGRAM, 'train', '-o', out, *options
    err = apart (*(('env', '-C', side, *train) for side in (here, there)))
    check (err.count ('All ranks must see the same pictures') == 1
           and 'rank 1, on ' in err and f'{own}/{folder}/{file}' in err, err)
    together (2, '--resume', out, cwd=here)
    alone ('-o', FOLDER / f'read-{folder}', *options, cwd=here)
    check_same_files (f'read-{folder}', out.name, ('log.csv', 'model.safetensors'))


def test_unreadable ():
    """a file that only one rank cannot read stops all with a checkpoint and names both"""
    check_unreadable ('data', '7.png')


def test_unreadable_validation ():
    """so does a file of the validation, which ranks share: rank 1 of 2 reads the second file"""
    check_unreadable ('val', '1.png')


def test_unwritable ():
    """a file that rank 0 cannot write ends all, with the message that one process gives"""
    needs_mpi ()
    (new_folder ('unwritable') / 'model.safetensors' / 'in-the-way').mkdir (parents=True)
    _, err = together (2, '-o', FOLDER / 'unwritable', *PAIRS, '--accumulate', 2, status=1)
    check (err.count ('unwritable/model.safetensors') == 1, err)


# ---- Messages -----------------------------------------------------------------------------

def test_few_parts ():
    """more ranks than --accumulate makes parts are refused, with what to do"""
    _, err = together (3, '-o', FOLDER / 'few', *PAIRS, '--accumulate', 2, status=1)
    check (err.count ('--accumulate 3') == 1 and not (FOLDER / 'few').exists (), err)


def apart (*commands):
    """Runs two ranks, each with a command of its own, which fail.  Returns their messages."""
    needs_mpi ()
    script = FOLDER / 'apart.sh'
    cases = '\n'.join (f'{rank}) exec {shlex.join (map (str, command))} ;;'
                       for rank, command in enumerate (commands))
    script.write_text (f'#!/bin/sh\ncase ${{OMPI_COMM_WORLD_RANK-$PMI_RANK}} in\n{cases}\nesac\n')
    script.chmod (0o755)
    done = subprocess.run ([MPIRUN, '-n', '2', script], env=TOGETHER, capture_output=True,
                           text=True, timeout=300)
    check (done.returncode != 0, done.stderr)
    return done.stderr


def test_options_differ ():
    """ranks with different options do not begin, and the message names the option"""
    options = ('train', '-o', FOLDER / 'apart', *PAIRS, '--accumulate', 2, '--seed')
    err = apart (*((PROGRAM, *options, seed) for seed in range (2)))
    check (err.count ('--seed=') == 2, err)
    check (not (FOLDER / 'apart/checkpoint.safetensors').exists (), 'it was begun')


def test_builds_differ ():
    """nor do ranks with different builds of the program"""
    other = FOLDER / 'other-build'
    other.write_bytes (open (PROGRAM, 'rb').read () + b'another')
    other.chmod (0o755)
    options = ('train', '-o', FOLDER / 'builds', *PAIRS, '--accumulate', 2)
    err = apart ((PROGRAM, *options), (other, *options))
    check (err.count ('pix2pix=') == 2, err)


def test_usage ():
    """wrong usage and a training that is there already are reported once"""
    _, err = together (2, '-o', FOLDER / straight (), *PAIRS, '--accumulate', 4, status=1)
    check (err.count ('holds a training already') == 1, err)
    _, err = together (2, '-o', FOLDER / 'wrong', *PAIRS, '--dry-run', status=1)
    check (err.count ('mpirun') >= 1, err)


def test_without_mpi ():
    """a program that cannot join the other ranks says so, instead of training alone"""
    env = dict (ALONE, OMPI_COMM_WORLD_SIZE='2', PMI_SIZE='2')
    _, err = run ('train', '-o', FOLDER / 'lonely', *PAIRS, env=env, status=1)
    check ('would train alone' in err and not (FOLDER / 'lonely').exists (), err)


run_tests (globals ())

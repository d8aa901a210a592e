#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a training uses several machines: bench_ranks.py BUILD NGF BATCH THREADS

Measures a step of this machine alone, and calculates how long 2 to 16 such machines, each with
BATCH pictures in a step, would take to add their gradients over links of 1 and 10 Gbit/s:

    time to add = copying and adding + 2 · bytes · (ranks − 1) / ranks / (94 % of the link)
                  + 2 · buckets · time of a small exchange

A gradient has four bytes, or two with --gradients half.  94 % of an Ethernet link are left for the
data in TCP's packets.  Nothing overlaps, so a step takes the sum of both times, and the efficiency
is the step alone divided by that.

The formula is checked with four ranks in network namespaces of their own, whose links are shaped to
these speeds.  That needs root, iproute2 and Open MPI.  All four ranks share the processors of this
machine.  If these are too few to move 10 Gbit/s, or have other work, the measured times are longer,
and so is a small exchange, which takes about 100 µs between idle machines on one switch.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from handmade import write_png

BUCKET, RANKS, LINKS, ROUNDS = 262144, 4, (1, 10), 3
BYTES = {'float': 4, 'half': 2}
MOST = 8_000_000     # floats with which the formula is checked
SMALL = 100e-6       # seconds of a small exchange between idle machines
PREFIX, NET = f'p2p{os.getpid () % 10000}', '10.77.33'


def step_alone (program, ngf, batch, threads):
    """Seconds of a step, and the number of trained parameters."""
    with tempfile.TemporaryDirectory () as folder:
        data = pathlib.Path (folder) / 'data'
        data.mkdir ()
        for i in range (int (batch)):
            write_png (data / f'{i}.png', 512, 256, lambda x, y: bytes ((x % 256, y, 90)))
        told = subprocess.run (
            [program, 'train', '--dry-run', '-o', f'{folder}/run', '--data', data, '--mode',
             'aligned', '--ngf', ngf, '--ndf', ngf, '--batch-size', batch, '--threads', threads],
            check=True, capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout
    lines = [line.split () for line in told.splitlines ()]
    time = next (line for line in lines if line[0] == 'time')
    return (float (time[time.index ('ms') - 1]) / 1000,
            sum (int (line[2]) for line in lines if line[0] == 'network'))


def calculated (n, ranks, gigabits, kind, own, small):
    """Seconds for the sum of n gradients.  own: seconds of copying and adding; small: of an
    exchange of a few bytes."""
    there = 2 * BYTES[kind] * n * (ranks - 1) / ranks * 8 / (0.94e9 * gigabits)
    return own + there + 2 * -(-n // BUCKET) * small


class Machines:
    """Network namespaces on a bridge.  The agent, which mpirun takes for ssh, runs commands there;
    each has a host name of its own, because Open MPI takes a name for a machine."""

    def __init__ (self, folder):
        self.agent = pathlib.Path (folder) / 'agent'
        self.agent.write_text (
            f'#!/bin/sh\nn=${{1##*.}}; shift\n'
            f'exec ip netns exec {PREFIX}n$n unshare --uts sh -c "hostname h$n; $*"\n')
        self.agent.chmod (0o755)

    def ip (self, line):
        subprocess.run (['ip', *line.split ()], check=True, capture_output=True)

    def __enter__ (self):
        self.ip (f'link add {PREFIX}b type bridge')
        self.ip (f'addr add {NET}.254/24 dev {PREFIX}b')
        self.ip (f'link set {PREFIX}b up')
        for i in range (1, RANKS + 1):
            self.ip (f'netns add {PREFIX}n{i}')
            self.ip (f'link add {PREFIX}v{i} type veth peer name eth0 netns {PREFIX}n{i}')
            self.ip (f'link set {PREFIX}v{i} master {PREFIX}b up')
            self.ip (f'-n {PREFIX}n{i} addr add {NET}.{i}/24 dev eth0')
            self.ip (f'-n {PREFIX}n{i} link set eth0 up')
            self.ip (f'-n {PREFIX}n{i} link set lo up')
        return self

    def __exit__ (self, *_):
        for i in range (1, RANKS + 1):
            subprocess.run (['ip', 'netns', 'del', f'{PREFIX}n{i}'], capture_output=True)
        subprocess.run (['ip', 'link', 'del', f'{PREFIX}b'], capture_output=True)

    def shape (self, gigabits):
        """Limits what leaves a machine and what reaches it."""
        for i in range (1, RANKS + 1):
            for where, device in ((['-n', f'{PREFIX}n{i}'], 'eth0'), ([], f'{PREFIX}v{i}')):
                subprocess.run (['tc', *where, 'qdisc', 'replace', 'dev', device, 'root', 'tbf',
                                 'rate', f'{gigabits}gbit', 'burst', '512kb', 'latency', '20ms'],
                                check=True, capture_output=True)

    def measure (self, program, n, kind):
        """Seconds of a sum of n gradients, and those in it of copying and adding."""
        hosts = ','.join (f'{NET}.{i}' for i in range (1, RANKS + 1))
        mca = {'plm_rsh_agent': self.agent, 'oob_tcp_if_include': f'{NET}.0/24', 'btl': 'tcp,self',
               'btl_tcp_if_include': f'{NET}.0/24', 'pml': 'ob1'}
        done = subprocess.run (
            ['mpirun.openmpi', '--allow-run-as-root', '--host', hosts, '-n', str (RANKS),
             '--bind-to', 'none', *(str (word) for item in mca.items ()
                                    for word in ('--mca', *item)), program, str (n), str (ROUNDS),
             kind],
            check=True, capture_output=True, text=True, timeout=600).stdout.split ()
        return [float (number) / 1000 for number in done]


def check (program, n):
    """Prints calculated and measured times for the sum of n gradients, and returns the measured
    seconds of copying and adding one of them, by kind."""
    owns = {}
    with tempfile.TemporaryDirectory () as folder, Machines (folder) as machines:
        machines.shape (LINKS[-1])
        small = machines.measure (program, 64, 'float')[0] / 2
        print (f'sums of {4 * n / 1e6:.0f} MB; a small exchange of {RANKS} ranks takes '
               f'{1e6 * small:.0f} µs here')
        for gigabits in LINKS:
            machines.shape (gigabits)
            for kind in BYTES:
                whole, own = machines.measure (program, n, kind)
                owns[kind] = own / n
                print (f'{RANKS} ranks, {gigabits:2} Gbit/s, {kind:5}: measured {whole:6.2f} s, '
                       f'calculated {calculated (n, RANKS, gigabits, kind, own, small):6.2f} s')
    return owns


def main (build, ngf, batch, threads):
    build = pathlib.Path (build).resolve ()
    alone, n = step_alone (build / 'core/pix2pix', ngf, batch, threads)
    print (f'unet_256, ngf and ndf {ngf}, {batch} pictures, {threads} threads: '
           f'{alone:.2f} s a step, {4 * n / 1e6:.0f} MB of gradients')
    owns = dict.fromkeys (BYTES, 2e-9)      # a machine that copies and adds 2 GB/s
    if os.geteuid () or not all (map (shutil.which, ('ip', 'tc', 'mpirun.openmpi'))):
        print ('SKIPPED: the check with shaped links, which needs root, iproute2 and Open MPI')
    else:
        try:
            owns = check (build / 'tests/bench-ranks', min (n, MOST))
        except (subprocess.SubprocessError, ValueError) as problem:
            print (f'SKIPPED: the check with shaped links: {problem} '
                   f'{getattr (problem, "stderr", "")}')
    print (f'efficiency, calculated for small exchanges of {1e6 * SMALL:.0f} µs')
    print (' ' * 18 + ''.join (f'{f"{link} Gbit/s, {kind}":>19}' for link in LINKS
                               for kind in BYTES))
    for ranks in 2, 4, 8, 16:
        steps = [alone + calculated (n, ranks, link, kind, n * owns[kind], SMALL)
                 for link in LINKS for kind in BYTES]
        print (f'{ranks:9} ranks   ' + ''.join (f'{alone / step:19.2f}' for step in steps))


if __name__ == '__main__':
    signal.signal (signal.SIGTERM, lambda *_: sys.exit (1))     # namespaces are removed then too
    main (*sys.argv[1:])

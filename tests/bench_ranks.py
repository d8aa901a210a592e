#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a training uses several machines: bench_ranks.py BUILD NGF BATCH THREADS

Measures, in turns, a step of this machine alone, and one in which it is the first of 2 to 16 such
machines, each with BATCH pictures in a step.  The others and the links between them, of 1 and
10 Gbit/s, are calculated (bench-ranks.c): bytes pass at 94 % of the link's speed, and each exchange
ends 50 µs after its last byte, so that the smallest sum, of two exchanges, takes 100 µs, as between
idle machines on one switch.  Everything else is what a rank really does: it adds what arrives, and
exchanges gradients while it computes others.  The efficiency is the time of the step alone divided
by that of the rank's.

The calculated link is checked with four ranks in network namespaces of their own, whose links are
shaped to these speeds, and which only add gradients.  That needs root, iproute2 and Open MPI.  All
four ranks share the processors of this machine.  If these are too few to move 10 Gbit/s, or have
other work, the measured times are longer.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

RANKS, LINKS, KINDS = 4, (1, 10), ('float', 'half')
CHECKED = 8_000_000     # gradients with which the calculated link is checked
LATENCY = 50            # microseconds, between idle machines
PREFIX, NET = f'p2p{os.getpid () % 10000}', '10.77.33'


def run (*words):
    """Milliseconds that bench-ranks prints."""
    return [float (word) for word in subprocess.run (
        [str (word) for word in words], check=True, capture_output=True, text=True,
        timeout=600).stdout.split ()]


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
        try:
            self.build ()
        except BaseException:
            self.__exit__ ()
            raise
        return self

    def build (self):
        """Makes the bridge and the namespaces."""
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
        """Milliseconds of a sum of n gradients."""
        hosts = ','.join (f'{NET}.{i}' for i in range (1, RANKS + 1))
        mca = {'plm_rsh_agent': self.agent, 'oob_tcp_if_include': f'{NET}.0/24', 'btl': 'tcp,self',
               'btl_tcp_if_include': f'{NET}.0/24', 'pml': 'ob1'}
        return run ('mpirun.openmpi', '--allow-run-as-root', '--host', hosts, '-n', RANKS,
                    '--bind-to', 'none', *(word for item in mca.items ()
                                           for word in ('--mca', *item)),
                    program, 'sum', n, kind)[0]


def check (program):
    """Prints calculated and measured times of sums."""
    with tempfile.TemporaryDirectory () as folder, Machines (folder) as machines:
        machines.shape (LINKS[-1])
        small = machines.measure (program, 64, 'float')
        print (f'sums of {CHECKED * 4 / 1e6:.0f} MB; the smallest sum of {RANKS} ranks takes '
               f'{1000 * small:.0f} µs here')
        for gigabits in LINKS:
            machines.shape (gigabits)
            for kind in KINDS:
                measured = machines.measure (program, CHECKED, kind)
                calculated = run (program, 'sum', CHECKED, kind, RANKS, gigabits, 500 * small)[0]
                print (f'{RANKS} ranks, {gigabits:2} Gbit/s, {kind:5}: measured '
                       f'{measured / 1000:6.3f} s, calculated {calculated / 1000:6.3f} s')


def main (build, ngf, batch, threads):
    program = pathlib.Path (build).resolve () / 'tests/bench-ranks'
    if os.geteuid () or not all (map (shutil.which, ('ip', 'tc', 'mpirun.openmpi'))):
        print ('SKIPPED: the check with shaped links, which needs root, iproute2 and Open MPI')
    else:
        try:
            check (program)
        except (subprocess.SubprocessError, ValueError, IndexError) as problem:
            print (f'SKIPPED: the check with shaped links: {problem} '
                   f'{getattr (problem, "stderr", "")}')
    print (f'unet_256, ngf and ndf {ngf}, {batch} pictures, {threads} threads: efficiency, and '
           'seconds of the step alone')
    print (' ' * 12 + ''.join (f'{f"{link} Gbit/s, {kind}":>21}' for link in LINKS
                               for kind in KINDS))
    for ranks in 2, 4, 8, 16:
        print (f'{ranks:6} ranks', end='')
        for link in LINKS:
            for kind in KINDS:
                alone, among = run (program, 'step', ngf, batch, threads, kind, ranks, link,
                                    LATENCY)
                print (f'{alone / among:12.2f} ({alone / 1000:.2f} s)', end='', flush=True)
        print ()


if __name__ == '__main__':
    signal.signal (signal.SIGTERM, lambda *_: sys.exit (1))     # namespaces are removed then too
    main (*sys.argv[1:])

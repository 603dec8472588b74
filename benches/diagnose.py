#!/usr/bin/env python3
"""Measures `netfault diagnose tcp` on a healthy target of this host, alone and beside many other sockets, with
`ss -tanp` in the same run, and prints medians and ratios.

    benches/diagnose.py [BINARY] [SOCKETS, default 20000] [ROUNDS, default 15]

Needs Linux and ss(8); everything stays on loopback."""

import resource
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time


def main(binary="target/release/netfault", sockets=20000, rounds=15):
    sockets, rounds = int(sockets), int(rounds)
    if not shutil.which("ss"):
        sys.exit("skipped: needs ss(8)")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    target = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=accept, args=(target,), daemon=True).start()
    address = "%s:%d" % target.getsockname()
    commands = {"netfault diagnose tcp": [binary, "diagnose", "tcp", address], "ss -tanp": ["ss", "-tanp"]}

    print(f"alone: {table(commands, rounds)}")
    room = (hard - 1000) // 2 * 2
    crowd = connections(min(sockets, room) // 2)
    print(f"beside {2 * len(crowd)} sockets of other connections: {table(commands, rounds)}")


def accept(listener):
    kept = []
    while True:
        kept.append(listener.accept()[0])


def connections(count):
    """Both ends of as many connections, from several addresses so that the ports suffice."""
    kept = []
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    for number in range(count):
        client = socket.socket()
        client.bind((f"127.0.1.{1 + number % 4}", 0))
        client.connect(listener.getsockname())
        kept.append((client, listener.accept()[0]))
    return kept


def table(commands, rounds):
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            times[name].append(1000 * (time.perf_counter() - began))
    medians = {name: statistics.median(each) for name, each in times.items()}
    ours, theirs = medians.values()
    return ", ".join(f"{name} {median:.1f} ms" for name, median in medians.items()) + f", ratio {ours / theirs:.2f}"


main(*sys.argv[1:])

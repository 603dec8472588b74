#!/usr/bin/env python3
"""Measures how exact the toxics of `netfault proxy` are: latency beside a bare sleep in the same loop, whether a stream
keeps its bandwidth under latency, and what bandwidth really lets through.

    benches/toxics.py [ROUNDS of the latency, default 100]

NETFAULT is the binary (default: the release build). Exit 1 when a goal is missed.
"""

import os
import pathlib
import socket
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NETFAULT = os.environ.get("NETFAULT", ROOT / "target/release/netfault")
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
missed = 0


class Proxy:
    """A proxy with one toxic, in front of a listener of ours."""

    def __init__(self, *toxics):
        self.listener = socket.create_server(("127.0.0.1", 0))
        upstream = "127.0.0.1:%d" % self.listener.getsockname()[1]
        arguments = [word for toxic in toxics for word in ("--toxic", toxic)]
        self.process = subprocess.Popen([NETFAULT, "proxy", "--listen", "0", "--upstream", upstream, *arguments],
                                        stdout=subprocess.PIPE, text=True)
        host, port = self.process.stdout.readline().split()[2].split(":")
        self.address = host, int(port)

    def pair(self):
        client = socket.create_connection(self.address)
        server, _ = self.listener.accept()
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client, server

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.listener.close()


def goal(met, text):
    global missed
    missed += not met
    print(f"    {text}: {'met' if met else 'MISSED'}")


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def echo(server):
    while data := server.recv(4096):
        server.sendall(data)


def latency():
    print(f"latency of 100 ms, {ROUNDS} round trips, each beside a sleep of 100 ms")
    with Proxy("latency:latency=100") as proxy:
        client, server = proxy.pair()
        threading.Thread(target=echo, args=(server,), daemon=True).start()
        trips, sleeps = [], []
        for _ in range(ROUNDS):
            before = time.perf_counter()
            time.sleep(0.1)
            sleeps.append(time.perf_counter() - before)
            before = time.perf_counter()
            client.sendall(b"x" * 64)
            client.recv(4096)
            trips.append(time.perf_counter() - before)
        client.close()
    for name, values in (("sleep", sleeps), ("round trip", trips)):
        print(f"  {name:<11} p50 {statistics.median(values) * 1e3:7.2f} ms   p99 {percentile(values, 0.99) * 1e3:7.2f} ms")
    beyond = [1e3 * (of(trips) - of(sleeps)) for of in (statistics.median, lambda all: percentile(all, 0.99))]
    goal(beyond[0] <= 1, f"p50 {beyond[0]:.2f} ms beyond the sleep, goal ≤ 1")
    goal(beyond[1] <= 10, f"p99 {beyond[1]:.2f} ms beyond the sleep, goal ≤ 10")


def send(client, stop, chunk=b"x" * 65536):
    client.settimeout(0.2)
    while not stop.is_set():
        try:
            client.sendall(chunk)
        except (TimeoutError, OSError):
            pass


def rate(seconds, *toxics):
    """Bytes a second that arrive, counted from the first one."""
    with Proxy(*toxics) as proxy:
        client, server = proxy.pair()
        stop = threading.Event()
        sender = threading.Thread(target=send, args=(client, stop))
        sender.start()
        received = 0
        server.recv(1)
        start = time.perf_counter()
        while (now := time.perf_counter()) < start + seconds:
            received += len(server.recv(1 << 20))
        stop.set()
        server.close()
        client.close()
        sender.join()
        return received / (now - start)


def streams():
    print("a stream under latency, beside one without a toxic")
    plain, late = rate(3), rate(3, "latency:latency=100,stream=upstream")
    print(f"  without {plain / 1e6:.0f} MB/s, with {late / 1e6:.0f} MB/s")
    # 32 MiB are on their way at most: 335 MB/s at 100 ms.
    wanted = min(0.5 * plain, 250e6)
    goal(late >= wanted, f"goal ≥ half of it, or 250 MB/s: ≥ {wanted / 1e6:.0f}")
    print("bandwidth over 5 s")
    for kilobytes in (10, 1_000, 100_000):
        found = rate(5, f"bandwidth:rate={kilobytes},stream=upstream") / 1000
        off = abs(found - kilobytes) / kilobytes
        goal(off <= 0.02, f"{kilobytes:>7} KB/s asked, {found:10.1f} found, {100 * off:.2f} % off, goal ≤ 2 %")


latency()
streams()
sys.exit(1 if missed else 0)

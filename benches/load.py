#!/usr/bin/env python3
"""Compares `netfault load` with another load generator, netload, in turns in the same run against the same `netfault
serve` on loopback: the request rate that each can drive in a closed loop with as many connections, and the latencies
that each sees in an open loop at one moderate rate.

    benches/load.py [BINARY] [SECONDS A MEASUREMENT, default 3] [ROUNDS, default 3]

netload's sources are in ../shared/tools/netload, or where NETLOAD says; it is built with cargo. Needs Linux. Ends with 1
when a goal is missed."""

import json
import os
import pathlib
import statistics
import subprocess
import sys

CONNECTIONS = 64
RATE = 2000
# Of netload's rate.
DRIVEN = 0.5
# Medians agree within a factor, or within what wake-ups of two programs differ by, in microseconds.
FACTOR, NEAR = 1.5, 60


def main(binary="target/release/netfault", seconds=3, rounds=3):
    seconds, rounds = int(seconds), int(rounds)
    sources = pathlib.Path(os.environ.get("NETLOAD", "../shared/tools/netload"))
    target = pathlib.Path("target/netload").resolve()
    subprocess.run(["cargo", "build", "--quiet", "--release", "--manifest-path", sources / "Cargo.toml"], check=True,
                   env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    netload = target / "release" / "netload"
    server = subprocess.Popen([binary, "serve", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    met = True
    try:
        ports = dict(server.stdout.readline().split()[1:] for _ in range(2))
        for protocol, address in ports.items():
            port = address.rsplit(":", 1)[1]
            ours = [binary, "load", protocol, address, "--format", "json", "--duration", f"{seconds}s"]
            theirs = [netload, "rr", "--proto", protocol, "--port", port, "--duration", str(seconds)]
            met &= rates(protocol, ours, theirs, rounds)
            met &= latencies(protocol, ours, theirs, rounds)
    finally:
        server.terminate()
        server.wait()
    sys.exit(0 if met else 1)


def rates(protocol, ours, theirs, rounds):
    """The rate of a closed loop; the goal is a share of netload's."""
    ours = [*ours, "--concurrency", str(CONNECTIONS), "--connections", str(CONNECTIONS)]
    theirs = [*theirs, "--conns", str(CONNECTIONS), "--depth", "1"]
    a, b = alternate(ours, theirs, rounds, lambda run: run["goodput_per_s"], lambda run: run["req_per_s"])
    met = a / b >= DRIVEN
    print(f"{protocol}, {CONNECTIONS} connections: netfault {a:,.0f}/s, netload {b:,.0f}/s, "
          f"ratio {a / b:.2f} (goal >= {DRIVEN}) {'yes' if met else 'NO'}")
    return met


def latencies(protocol, ours, theirs, rounds):
    """The median latency of an open loop, in microseconds."""
    ours = [*ours, "--rate", f"{RATE}/s", "--arrivals", "even", "--connections", "2"]
    theirs = [*theirs, "--conns", "2", "--rate", str(RATE)]
    met = True
    for rank in ("p50", "p99"):
        a, b = alternate(ours, theirs, rounds, lambda run: latency(run, rank), lambda run: run["lat_us"][rank])
        # The tail of a shared machine is told and not judged.
        agree = rank != "p50" or abs(a - b) <= NEAR or 1 / FACTOR <= a / b <= FACTOR
        verdict = ("yes" if agree else "NO") if rank == "p50" else "(not judged)"
        met &= agree
        print(f"{protocol}, {RATE}/s, {rank}: netfault {a:.0f} µs, netload {b:.0f} µs, "
              f"ratio {a / b:.2f} {verdict}")
    return met


def latency(run, rank):
    if run["overloaded"]:
        sys.exit(f"this machine is too busy to drive {RATE}/s: {run['driven_per_s']}/s were driven")
    return 1000 * run["latency_ms"][rank]


def alternate(ours, theirs, rounds, of_ours, of_theirs):
    """Medians of runs in turns."""
    values = ([], [])
    for _ in range(rounds):
        for kept, command, of in zip(values, (ours, theirs), (of_ours, of_theirs)):
            run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            kept.append(of(json.loads(run.stdout)))
    return [statistics.median(kept) for kept in values]


main(*sys.argv[1:])

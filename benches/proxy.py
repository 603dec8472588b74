#!/usr/bin/env python3
"""Measures `netfault proxy` beside nginx (stream) and haproxy, all in one run, and prints ratios with their goals.

    benches/proxy.py [SECONDS A MEASUREMENT, default 3] [ROUNDS, default 3]

The relay has one core, the load another. NETLOAD is the source directory of the load generator (default
../shared/tools/netload beside the repository), NETFAULT the binary (default: the release build).
Needs Linux, two cores, nginx with its stream module, haproxy. Exit 1 when a goal is missed, 3 when something is
missing. Absolute figures say more about the machine than about the programs.
"""

import json
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = sys.argv[1] if len(sys.argv) > 1 else "3"
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
ROOT = pathlib.Path(__file__).resolve().parent.parent
NETLOAD_SOURCE = os.environ.get("NETLOAD", ROOT / "../shared/tools/netload")
SINK, ECHO, UDP_ECHO = 17800, 17801, 17802
# of each relay: the port that leads to the sink, and the one that leads to the echo
PORTS = {"netfault": (17810, 17811), "nginx": (17820, 17821), "haproxy": (17830, 17831), "direct": (SINK, ECHO)}
UDP_PORT = 17812
running = []


def build():
    target = ROOT / "target"
    subprocess.run(
        ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", f"{NETLOAD_SOURCE}/Cargo.toml"],
        env={**os.environ, "CARGO_TARGET_DIR": str(target / "netload")}, check=True)
    if "NETFAULT" not in os.environ:
        subprocess.run(["cargo", "build", "--quiet", "--release", "--bin", "netfault"], cwd=ROOT, check=True)
    return target / "netload/release/netload", os.environ.get("NETFAULT", target / "release/netfault")


def start(cpu, *command, quiet=True):
    out = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(["taskset", "-c", str(cpu), *map(str, command)], stdout=out, stderr=out)
    running.append(process)
    return process


def wait_for(port):
    deadline = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                sys.exit(f"nothing listens on port {port}")
            threading.Event().wait(0.02)


def peers(work, netfault):
    (work / "nginx.conf").write_text(f"""
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.log;
worker_rlimit_nofile 16000;
events {{ worker_connections 16000; }}
stream {{ proxy_buffer_size 64k; proxy_timeout 600s; tcp_nodelay on;
  server {{ listen 127.0.0.1:{PORTS['nginx'][0]} backlog=4096; proxy_pass 127.0.0.1:{SINK}; }}
  server {{ listen 127.0.0.1:{PORTS['nginx'][1]} backlog=4096; proxy_pass 127.0.0.1:{ECHO}; }} }}
""")
    (work / "haproxy.cfg").write_text(f"""
global
  nbthread 1
  maxconn 6000
defaults
  mode tcp
  timeout connect 5s
  timeout client 600s
  timeout server 600s
listen sink
  bind 127.0.0.1:{PORTS['haproxy'][0]} backlog 4096
  server s 127.0.0.1:{SINK}
listen echo
  bind 127.0.0.1:{PORTS['haproxy'][1]} backlog 4096
  server s 127.0.0.1:{ECHO}
""")
    (work / "netfault.toml").write_text("".join(
        f'[[proxy]]\nname = "{name}"\nnetwork = "{network}"\nlisten = "127.0.0.1:{port}"\nupstream = "127.0.0.1:{to}"\n'
        for name, network, port, to in [
            ("sink", "tcp", PORTS["netfault"][0], SINK), ("echo", "tcp", PORTS["netfault"][1], ECHO),
            ("datagrams", "udp", UDP_PORT, UDP_ECHO)]))
    pids = {
        "netfault": start(0, netfault, "proxy", "--config", work / "netfault.toml", "--api", "127.0.0.1:0").pid,
        "haproxy": start(0, "haproxy", "-q", "-db", "-f", work / "haproxy.cfg").pid,
    }
    master = start(0, "nginx", "-p", work, "-c", work / "nginx.conf")
    for name in ("netfault", "nginx", "haproxy"):
        wait_for(PORTS[name][1])
    pids["nginx"] = int(subprocess.run(["pgrep", "-P", str(master.pid)], capture_output=True, text=True,
                                       check=True).stdout.split()[0])
    return pids


def load(*arguments):
    done = subprocess.run([str(netload), *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"netload {arguments}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def measure(rounds, names, of, run):
    """Rounds go over all relays in turn, so that a slow moment of the machine meets each of them."""
    figures = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            figures[name].append(of(run(name)))
    return {name: statistics.median(all) for name, all in figures.items()}


def table(title, unit, figures, goals, better="higher"):
    global missed
    print(f"\n{title} ({unit}; {better} is better)")
    for name, figure in figures.items():
        print(f"  {name:<12} {figure:12.2f}")
    ours = figures["netfault"]
    for other, goal in goals.items():
        ratio = ours / figures[other]
        met = ratio >= goal if better == "higher" else ratio <= goal
        missed += not met
        sign = "≥" if better == "higher" else "≤"
        print(f"  netfault / {other}: {ratio:.2f}, goal {sign} {goal}: {'met' if met else 'MISSED'}")


for tool in ("nginx", "haproxy", "taskset", "pgrep"):
    if not shutil.which(tool):
        print(f"skipped: needs {tool}")
        sys.exit(3)
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
netload, netfault = build()
missed = 0
try:
    with tempfile.TemporaryDirectory() as folder:
        start(1, netload, "echo", "--port", ECHO)
        start(1, netload, "udpecho", "--port", UDP_ECHO)
        wait_for(ECHO)
        pids = peers(pathlib.Path(folder), netfault)
        relays = list(PORTS)
        host = ("--host", "127.0.0.1", "--duration", SECONDS, "--pin", 1)

        figures = measure(ROUNDS, relays, lambda run: run["GB_per_s"], lambda name: load(
            "bulk", "--cheap", *host, "--port", PORTS[name][0], "--sink-port", SINK))
        table("Bulk, one stream", "GB/s", figures, {"nginx": 1.0})

        figures = measure(ROUNDS, relays, lambda run: run["req_per_s"], lambda name: load(
            "rr", "--proto", "tcp", *host, "--port", PORTS[name][1], "--conns", 64))
        table("Round trips, 64 connections", "per second", figures, {"haproxy": 1.0})

        figures = measure(ROUNDS, relays, lambda run: run["lat_us"]["p50"], lambda name: load(
            "rr", "--proto", "tcp", *host, "--port", PORTS[name][1], "--conns", 1))
        added = {name: figure - figures["direct"] for name, figure in figures.items() if name != "direct"}
        table("Added round-trip time, one connection, p50", "µs", added, {"nginx": 1.0}, "lower")

        names = ["direct", "netfault"]
        ports = {"direct": UDP_ECHO, "netfault": UDP_PORT}
        figures = measure(ROUNDS, names, lambda run: run["req_per_s"], lambda name: load(
            "rr", "--proto", "udp", *host, "--port", ports[name], "--depth", 64))
        table("UDP round trips, window 64", "per second", figures, {"direct": 0.4})

        figures = measure(1, [name for name in relays if name != "direct"], lambda run: run["kib_per_conn"],
                          lambda name: load("idle", "--host", "127.0.0.1", "--port", PORTS[name][0], "--sink-port",
                                            SINK, "--conns", 5000, "--server-pid", pids[name], "--hold", 2))
        table("Memory of an idle relayed connection, 5,000 of them", "KiB", figures, {}, "lower")
        if figures["netfault"] > 3.5:
            missed += 1
            print("  goal ≤ 3.5 KiB: MISSED")
finally:
    for process in running:
        process.terminate()
    for process in running:
        process.wait()
sys.exit(1 if missed else 0)

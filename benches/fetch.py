#!/usr/bin/env python3
"""Measures `netfault fetch` beside `curl` on pages of an nginx on loopback, in turns in the same run: the wall time of a
whole process for a small page over HTTP and over TLS, and the rate at which a body of 1 GB comes; prints medians and
ratios.

    benches/fetch.py [BINARY] [ROUNDS, default 30] [MEGABYTES, default 1000]

Needs Linux, nginx, BIND's named, openssl and curl; everything stays on loopback."""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / ".ci" / "fetch"))
from servers import servers  # noqa: E402


def main(binary="target/release/netfault", rounds=30, megabytes=1000):
    rounds, megabytes = int(rounds), int(megabytes)
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o755)
        with servers(folder) as ports:
            with open(f"{folder}/www/big.bin", "wb") as big:
                for _ in range(megabytes):
                    big.write(bytes(1_000_000))
            authority = f"{folder}/authority.pem"
            plain = f"http://127.0.0.1:{ports['plain']}"
            ours = [binary, "fetch", "--quiet", "--cacert", authority, "--resolver", f"127.0.0.1:{ports['dns']}"]
            theirs = ["curl", "--silent", "--compressed", "--output", "/dev/null", "--cacert", authority,
                      "--resolve", f"web.lab.test:{ports['tls']}:127.0.0.1"]
            pages = {"a page over HTTP": f"{plain}/page.html",
                     "a page over TLS, its name from BIND": f"https://web.lab.test:{ports['tls']}/page.html"}
            for name, url in pages.items():
                ms = compare([*ours, url], [*theirs, url], rounds)
                print(f"{name}: netfault {ms[0]:.2f} ms, curl {ms[1]:.2f} ms, ratio {ms[0] / ms[1]:.2f}")
            url = f"{plain}/big.bin"
            more = ["--max-bytes", "100GB", "--output", "/dev/null", url]
            ms = compare([*ours, *more], [*theirs, url], max(rounds // 5, 3))
            rates = [megabytes * 1000 / one for one in ms]
            print(f"{megabytes} MB to /dev/null: netfault {rates[0]:.0f} MB/s, curl {rates[1]:.0f} MB/s, "
                  f"ratio {rates[0] / rates[1]:.2f}")


def compare(ours, theirs, rounds):
    """Median milliseconds of each, in turns; the first round warms up."""
    times = ([], [])
    for _ in range(rounds + 1):
        for kept, command in zip(times, (ours, theirs)):
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            kept.append(1000 * (time.perf_counter() - began))
    return [statistics.median(kept[1:]) for kept in times]


main(*sys.argv[1:])

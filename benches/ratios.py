"""Prints the table of benches/serve.sh: ratios of medians, and whether each goal is met."""

import json
import pathlib
import statistics
import sys

work = pathlib.Path(sys.argv[1])
KEYS = {"rate": lambda run: run["req_per_s"], "p99": lambda run: run["lat_us"]["p99"]}


def median(load, server, key):
    runs = [json.loads(line) for line in (work / f"{load}.{server}").read_text().splitlines()]
    wrong = sum(run.get("bad_replies", 0) + run.get("errors", 0) for run in runs)
    assert wrong == 0, f"{load} {server}: {wrong} wrong replies or errors"
    return statistics.median(map(KEYS[key], runs))


GOALS = [
    ("TCP 64 connections, one request each", "tcp-1", "rate", "redis", 1.05),
    ("TCP 64 connections, one request each", "tcp-1", "rate", "echo", 0.85),
    ("TCP 64 connections, 16 requests each", "tcp-16", "rate", "redis", 2.0),
    ("TCP 64 connections, 16 requests each", "tcp-16", "rate", "echo", 0.75),
    ("TCP 64 connections, p99 (lower is better)", "tcp-1", "p99", "redis", 1.0),
    ("UDP window 64", "udp", "rate", "tokio", 2.5),
    ("UDP window 64", "udp", "rate", "tokio-1", None),
    ("UDP window 64", "udp", "rate", "udpecho", 0.85),
]
WORDS = {True: "yes", False: "NO", None: ""}
missed = 0


def row(what, beside, ratio, goal, met):
    global missed
    missed += met is False
    print(f"{what:<42} {beside:<9} {ratio:>8} {goal:>8}  {WORDS[met]}")


row_head = f"{'measured in one run':<42} {'beside':<9} {'ratio':>8} {'goal':>8}  met"
print(row_head)
for what, load, key, peer, goal in GOALS:
    ratio = median(load, "netfault", key) / median(load, peer, key)
    if goal is None:
        row(what, peer, f"{ratio:.2f}", "", None)
        continue
    met = ratio <= goal if key == "p99" else ratio >= goal
    row(what, peer, f"{ratio:.2f}", f"{'<=' if key == 'p99' else '>='} {goal}", met)
idle = json.loads((work / "idle").read_text())
assert idle["refused"] == 0, f"{idle['refused']} connections were refused"
row("KiB for each of 10,000 idle connections", "", f"{idle['kib_per_conn']:.2f}", "<= 4", idle["kib_per_conn"] <= 4)
print("absolute, for this machine now: " + ", ".join(
    f"{load} {median(load, 'netfault', 'rate'):,.0f}/s" for load in ("tcp-1", "tcp-16", "udp")))
sys.exit(1 if missed else 0)

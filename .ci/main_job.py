"""Runs `netfault reproduce --all --format json` twice as this user and, where this user is root, twice as nobody;
then all of it on virtual networks, and beside a load on every core. Every fault must happen, be judged as itself and be
recovered from. And nothing of a network may be left."""

import collections
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time

NOBODY = 65534
# what no call tells
WITHOUT_ERRNO = {
    "message/truncated-datagram", "message/partial-read", "message/not-utf8", "wrong-peer/self-connect",
    "wrong-peer/port-hijack", "name-resolution/no-such-name", "name-resolution/server-failure",
    "name-resolution/resolver-silent", "name-resolution/truncated-reply", "bad-response/short-body",
    "bad-response/error-status", "bad-response/not-http", "bad-response/no-reply", "bad-response/tls-handshake",
}
LIMIT = 30


def reproduce(binary, prefix, *more):
    began = time.monotonic()
    command = [*prefix, binary, "reproduce", "--all", "--format", "json", *more]
    run = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - began
    outcomes = json.loads(run.stdout)["outcomes"]
    told = [(o["fault"], o["status"], o.get("reason")) for o in outcomes if o["status"] != "reproduced"]
    assert run.returncode == 0, (run.returncode, told)
    for outcome in outcomes:
        fault, verdict = outcome["fault"], outcome["verdict"]
        assert outcome["status"] == "reproduced", outcome
        assert verdict["fault"] == fault and verdict["confidence"] == "proved", verdict
        assert bool(outcome["naive"]["errno"]) == (fault not in WITHOUT_ERRNO), outcome["naive"]
        assert not outcome["naive"]["ok"] and outcome["hardened"]["ok"], outcome["naive"]
        assert outcome["evidence"] and outcome["events"] and verdict["because"], fault
    statuses = collections.Counter(outcome["status"] for outcome in outcomes)
    assert seconds < LIMIT, seconds
    return f"{dict(statuses)}, each judged as itself and recovered from, in {seconds:.2f} s"


def as_nobody(command):
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]


def burn():
    while True:
        pass


def main(binary):
    binary = os.path.abspath(binary)
    for _ in range(2):
        print("as this user:", reproduce(binary, []), flush=True)
    print("on virtual networks:", reproduce(binary, [], "--network", "virtual"), flush=True)
    if os.geteuid() != 0:
        print("as nobody: skipped: needs root to become nobody")
    else:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            copy = shutil.copy(binary, folder)
            for _ in range(2):
                print("as nobody:", reproduce(copy, as_nobody([])), flush=True)
            print("on virtual networks:", reproduce(copy, as_nobody([]), "--network", "virtual"), flush=True)
    load = [multiprocessing.Process(target=burn, daemon=True) for _ in range(2 * os.cpu_count())]
    for process in load:
        process.start()
    try:
        print("beside a load on every core:", reproduce(binary, []), flush=True)
    finally:
        for process in load:
            process.terminate()


main(sys.argv[1])

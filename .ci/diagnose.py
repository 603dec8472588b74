"""Runs `netfault diagnose` as root and as nobody against sockets that root and nobody hold: with less privilege the
verdict gets weaker, says what it could not see, and is never another one."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
HOLD = "import socket, sys; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); sys.stdin.read()"


def diagnose(prefix, binary, *words):
    run = subprocess.run([*prefix, binary, "diagnose", *words, "--format", "json"], capture_output=True, text=True)
    found = json.loads(run.stdout)
    return run.returncode, found, found["verdict"] or {}


def fields(found, name):
    return [one["value"] for one in found["evidence"] if one["field"] == name]


def held_by_another_user(binary):
    holder = socket.create_server(("127.0.0.1", 0))
    address = "127.0.0.1:%d" % holder.getsockname()[1]
    code, found, verdict = diagnose([], binary, "bind", address)
    assert (code, verdict["fault"], verdict["confidence"]) == (1, "address-in-use/live-listener", "proved"), found
    assert fields(found, "holder")[0]["pid"] == os.getpid(), found

    code, found, verdict = diagnose(AS_NOBODY, binary, "bind", address)
    assert (code, verdict["fault"], verdict["confidence"]) == (1, "address-in-use/live-listener", "consistent"), found
    assert not fields(found, "holder") and fields(found, "hidden-holder")[0]["uid"] == 0, found
    assert {"other-users-processes", "holder-options"} <= set(verdict["unseen"]), found
    assert found["next"] == f"sudo ss -ltnp 'sport = :{holder.getsockname()[1]}'", found
    print("held by root: as root proved with the pid; as nobody consistent, uid 0, and what root would see")


def held_by_nobody(binary):
    holder = subprocess.Popen([*AS_NOBODY, sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        address = "127.0.0.1:" + holder.stdout.readline().strip()
        code, found, verdict = diagnose(AS_NOBODY, binary, "bind", address)
        assert (code, verdict["fault"], verdict["confidence"]) == (1, "address-in-use/live-listener", "proved"), found
        assert fields(found, "holder")[0]["uid"] == NOBODY, found
        # it never accepts
        code, found, verdict = diagnose(AS_NOBODY, binary, "tcp", address, "--timeout", "300ms")
        assert (code, verdict["fault"]) == (1, "timeout/stuck-accept"), found
    finally:
        holder.stdin.close()
        holder.wait()
    print("held by nobody: as nobody proved with the pid")


def low_port(binary):
    limit = int(open("/proc/sys/net/ipv4/ip_unprivileged_port_start").read())
    if limit <= 80:
        print("low port: skipped: needs net.ipv4.ip_unprivileged_port_start above 80")
        return
    code, found, verdict = diagnose(AS_NOBODY, binary, "bind", "127.0.0.1:80")
    assert (code, verdict["fault"], verdict["confidence"]) == (1, "permission-denied/privileged-port", "proved"), found
    print("low port: as nobody proved")


def main(binary):
    if os.geteuid() != 0:
        print("skipped: needs root to become nobody")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = shutil.copy(binary, folder)
        held_by_another_user(copy)
        held_by_nobody(copy)
        low_port(copy)


main(sys.argv[1])

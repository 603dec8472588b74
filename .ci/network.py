"""Virtual networks through the program itself: ping, curl, python3, ssh and nc between hosts by name; and whatever is
killed, and whenever, leaves no process, no namespace, no mount and no file. As this user and, where that is root, as
nobody."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

NOBODY = 65534
KILLS = 100
LAB = """
format_version = 1
[hosts.client]
[hosts.router]
routes = true
[hosts.server]
aliases = ["www"]
[links.near]
from = "client"
to = "router"
impairments = ["latency:latency=5,stream=both"]
[links.far]
from = "router"
to = "server"
"""


def namespaces():
    """Every namespace that some process is in."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for kind in ("user", "net", "mnt", "pid", "uts"):
            try:
                found.add(os.readlink(f"/proc/{pid}/ns/{kind}"))
            except OSError:
                pass
    return found


def mounts():
    with open("/proc/self/mounts") as file:
        return file.read()


def processes(mark):
    """Those with these words in their command line, but for this one."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line:
                if mark.encode() in line.read() and int(pid) != os.getpid():
                    found.append(int(pid))
        except OSError:
            pass
    return found


def until(what, holds, seconds=5.0):
    by = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < by, what
        time.sleep(0.01)


class Lab:
    def __init__(self, binary, prefix, folder, name):
        self.binary, self.prefix, self.name = binary, prefix, name
        self.file = os.path.join(folder, "lab.toml")
        command = [*prefix, binary, "net", "up", self.file, "--name", name, "--format", "json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def ready(self):
        told = json.loads(self.process.stdout.readline())
        assert [host["name"] for host in told["hosts"]] == ["client", "router", "server"], told

    def on(self, host, *words, **more):
        command = [*self.prefix, self.binary, "net", "exec", host, "--net", self.name, "--", *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, **more)

    def start(self, host, *words):
        command = [*self.prefix, self.binary, "net", "exec", host, "--net", self.name, "--", *words]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True)


def talk(lab, folder):
    lab.ready()
    pinged = lab.on("client", "ping", "-c", "2", "-i", "0.2", "www")
    assert " 0% packet loss" in pinged.stdout, pinged
    hop = lab.on("client", "ping", "-4", "-c", "1", "-t", "1", "server")
    assert "Time to live exceeded" in hop.stdout and "router" in hop.stdout, hop
    pages = lab.start("server", "python3", "-m", "http.server", "8080", "--directory", folder)
    # Its socket is there, or curl asks again.
    page = lab.on("client", "curl", "-s", "--retry", "20", "--retry-delay", "1", "--retry-connrefused",
                  "http://server:8080/lab.toml")
    assert page.stdout == LAB, page
    listening = lab.start("server", "nc", "-l", "9000")
    until("nc listens", lambda: lab.on("server", "ss", "-ltnH", "sport = :9000").stdout.strip())
    lab.on("client", "nc", "-N", "www", "9000", input="Ipin\n")
    assert listening.communicate(timeout=10)[0] == "Ipin\n"
    # Who answers there is no ssh server, and ssh says so: it came as far as that.
    tried = lab.on("client", "ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-p", "8080", "server", "true")
    assert "10.2.0.2 port 8080" in tried.stderr, tried
    ended = lab.on("client", "sh", "-c", "exit 7")
    assert ended.returncode == 7, ended
    pages.kill()


def kill_at_any_moment(binary, prefix, folder):
    random.seed(1)
    before, mounted, files = namespaces(), mounts(), set(os.listdir("/tmp")) | set(os.listdir("/dev/shm"))
    for number in range(KILLS):
        name = f"kill{number}"
        lab = Lab(binary, prefix, folder, name)
        others = []
        if number % 2:
            lab.ready()
            others = [lab.start(host, "sleep", f"98765{number}") for host in ("client", "server")]
        time.sleep(random.uniform(0, 0.1))
        lab.process.kill()
        lab.process.wait()
        until(f"{name} leaves no process", lambda: not processes(name) and not processes(f"98765{number}"))
        for other in others:
            other.wait()
    until("no namespace is left", lambda: namespaces() <= before)
    assert mounts() == mounted, mounts()
    left = (set(os.listdir("/tmp")) | set(os.listdir("/dev/shm"))) - files
    left = {name for name in left if "netfault" in name}
    assert not left, left
    return f"killed {KILLS} times at random moments: no process, namespace, mount or file is left"


def run(binary, prefix, folder, who):
    checked = subprocess.run([*prefix, binary, "net", "check"], capture_output=True, text=True)
    print(f"{who}:", checked.stdout.strip())
    assert checked.returncode == 0, checked
    lab = Lab(binary, prefix, folder, "talk")
    try:
        talk(lab, folder)
    finally:
        lab.process.kill()
        lab.process.wait()
    print(f"{who}: ping, curl, python3, nc and ssh talk by name, over a router", flush=True)
    print(f"{who}:", kill_at_any_moment(binary, prefix, folder), flush=True)


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with open(os.path.join(folder, "lab.toml"), "w") as file:
            file.write(LAB)
        copy = shutil.copy(os.path.abspath(binary), folder)
        run(copy, [], folder, "this user")
        if os.geteuid() == 0:
            setpriv = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            run(copy, setpriv, folder, "nobody")
        else:
            print("as nobody: skipped: needs root to become nobody")


main(sys.argv[1])

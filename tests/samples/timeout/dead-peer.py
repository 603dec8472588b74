"""A server on another host, whose cable is cut once the client has connected."""

import contextlib
import subprocess

import stages

HANDLED = "the outcome is unknown"
# Its last act, once a client is there, is to drop everything that comes.
SERVER = """
import socket, subprocess
server = socket.create_server(("10.77.0.9", 12345))
print("ready", flush=True)
client, _ = server.accept()
subprocess.run(["ip", "link", "set", "lab1", "down"], check=True)
input()
"""
HOST = f"""
echo unshared; read wired
ip link set lo up; ip address add 10.77.0.9/24 dev lab1; ip link set lab1 up
exec python3 -c '{SERVER}'
"""


@contextlib.contextmanager
def stage():
    pipe = subprocess.PIPE
    host = subprocess.Popen(["unshare", "-n", "sh", "-c", HOST], stdin=pipe, stdout=pipe, text=True)
    with host:
        assert host.stdout.readline() == "unshared\n"
        stages.run("ip", "link", "add", "lab0", "type", "veth", "peer", "name", "lab1", "netns", str(host.pid))
        stages.run("ip", "address", "add", "10.77.0.1/24", "dev", "lab0")
        stages.run("ip", "link", "set", "lab0", "up")
        host.stdin.write("wired\n")
        host.stdin.flush()
        assert host.stdout.readline() == "ready\n"
        yield
        host.stdin.close()

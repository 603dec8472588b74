"""A server in a process of its own that is killed with a request unread."""

import contextlib
import subprocess

HANDLED = "the server died over this request"
SERVER = """
import os, select, signal, socket
server = socket.create_server(('127.0.0.1', 12345))
print('ready', flush=True)
client, _ = server.accept()
select.select([client], [], [])  # the request is there, and is not read
os.kill(os.getpid(), signal.SIGKILL)
"""


@contextlib.contextmanager
def stage():
    server = subprocess.Popen(["python3", "-c", SERVER], stdout=subprocess.PIPE, text=True)
    with server:
        assert server.stdout.readline() == "ready\n"
        yield

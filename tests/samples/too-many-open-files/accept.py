"""Forty clients at once for a server that has descriptors for about ten of them.

The clients are a process of their own. The last client asks first and is left waiting, which shows that the server is
out of descriptors. Then each client asks, is answered and leaves, and in the end the server is told to stop (SIGTERM).
"""
import contextlib, encodings.idna, os, resource, signal, socket, subprocess, sys, threading

HANDLED = "all forty clients were answered"
CLIENTS = """
import os, signal, socket
def connect():
    while True:
        try:
            return socket.create_connection(("127.0.0.1", 12345), timeout=4)
        except ConnectionRefusedError:
            pass
verdict = signal.SIGINT
try:
    clients = [connect() for _ in range(40)]
    last = clients[-1]
    last.sendall(b"Ipin")
    last.settimeout(0.2)
    try:
        last.recv(1024)
    except TimeoutError:
        last.settimeout(4)
        for client in clients:
            if client is not last:
                client.sendall(b"Ipin")
            assert client.recv(1024) == b"iPIN"
            client.close()
        verdict = signal.SIGTERM
finally:
    os.kill(os.getppid(), verdict)
"""


def stop(*_):
    raise SystemExit(HANDLED)


@contextlib.contextmanager
def stage():
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    handler = signal.signal(signal.SIGTERM, stop)
    with subprocess.Popen([sys.executable, "-c", CLIENTS]) as clients:
        used = len(os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (used + 10, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            signal.signal(signal.SIGTERM, handler)
            clients.kill()

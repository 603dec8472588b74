"""Two clients at once: the second is answered while the first says nothing."""

import contextlib
import os
import signal
import socket
import threading
import time

import stages

HANDLED = ""
INTERRUPTED = True
replies = []


@contextlib.contextmanager
def stage():
    def clients():
        while True:
            try:
                first = socket.create_connection(stages.ADDRESS)
                break
            except ConnectionRefusedError:  # not yet listening
                time.sleep(0.01)
        with first, socket.create_connection(stages.ADDRESS, timeout=3) as second:
            second.sendall(b"Ipin")
            replies.append(second.recv(1024))
        os.kill(os.getpid(), signal.SIGUSR1)

    signal.signal(signal.SIGUSR1, signal.default_int_handler)  # SIGINT may be ignored
    threading.Thread(target=clients, daemon=True).start()
    yield


def check(_names):
    assert replies == [b"iPIN"], replies

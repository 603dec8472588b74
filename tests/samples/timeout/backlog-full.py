"""A full queue of new connections, of which one is accepted after the client's first time-out."""

import contextlib
import socket
import threading

import stages

HANDLED = ""


@contextlib.contextmanager
def stage():
    with socket.socket() as server:
        server.bind(stages.ADDRESS)
        server.listen(0)
        with socket.create_connection(stages.ADDRESS):  # fills the queue
            threading.Timer(1, server.accept).start()
            yield


def check(names):
    assert names["client"].getpeername() == stages.ADDRESS

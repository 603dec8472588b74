"""What is left of a server that had SO_REUSEADDR and closed first."""

import contextlib
import socket

import stages

HANDLED = ""


@contextlib.contextmanager
def stage():
    with socket.create_server(stages.ADDRESS) as server:
        with socket.create_connection(stages.ADDRESS) as client:
            server.accept()[0].close()
            assert client.recv(1) == b""
    yield


def check(names):
    assert names["server"].getsockname() == stages.ADDRESS

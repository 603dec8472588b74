"""A client whose local port is 12345."""

import contextlib
import socket

import stages

HANDLED = "Address already in use"


@contextlib.contextmanager
def stage():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.bind(stages.ADDRESS)
        client.connect(server.getsockname())
        yield

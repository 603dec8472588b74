"""A socket that is bound and never listens."""

import contextlib
import socket

import stages

HANDLED = "a socket is bound there"


@contextlib.contextmanager
def stage():
    with socket.socket() as bound:
        bound.bind(stages.ADDRESS)
        yield

"""A server in each family."""

import contextlib
import socket

import stages

HANDLED = "connected to"


@contextlib.contextmanager
def stage():
    with stages.tcp(stages.hold), stages.tcp(stages.hold, ("::1", 12345), socket.AF_INET6):
        yield

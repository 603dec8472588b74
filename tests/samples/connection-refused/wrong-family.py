"""A server on IPv4 only, while the name has both families, IPv6 first."""

import contextlib
import socket

import stages

HANDLED = ""


@contextlib.contextmanager
def stage():
    with stages.tcp(stages.hold):
        yield


def check(names):
    assert names["client"].family == socket.AF_INET

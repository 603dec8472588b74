"""A listener without SO_REUSEPORT."""

import contextlib

import stages

HANDLED = "has no SO_REUSEPORT"


@contextlib.contextmanager
def stage():
    with stages.tcp(stages.hold):
        yield

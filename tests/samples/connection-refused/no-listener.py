"""Nothing listens on port 12345."""

import contextlib

HANDLED = "no server on 127.0.0.1:12345"


@contextlib.contextmanager
def stage():
    yield

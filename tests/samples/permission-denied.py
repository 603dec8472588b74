"""The broadcast address of the loopback network: Linux wants SO_BROADCAST for it, of root too."""
import contextlib

HANDLED = "a broadcast needs SO_BROADCAST"


@contextlib.contextmanager
def stage():
    yield

"""No interface of this machine has the address 203.0.113.9."""
import contextlib

HANDLED = "203.0.113.9 is not an address of this machine"


@contextlib.contextmanager
def stage():
    yield

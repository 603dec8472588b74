"""An ordinary user's rights: the capability to bind ports below 1024 is taken away for the time of the sample."""
import contextlib, ctypes, os

HANDLED = "port 80 is privileged"
NET_BIND_SERVICE = 1 << 10
HEADER = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
libc = ctypes.CDLL(None, use_errno=True)


def call(function, sets):
    if function(HEADER, sets):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextlib.contextmanager
def stage():
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable: low words, then high words
    call(libc.capget, sets)
    sets[0] &= ~NET_BIND_SERVICE
    call(libc.capset, sets)
    yield
    sets[0] |= NET_BIND_SERVICE
    call(libc.capset, sets)

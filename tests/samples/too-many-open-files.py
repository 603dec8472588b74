"""A process with room for a few dozen descriptors, and a server that takes every connection."""
import contextlib, encodings.idna, resource, socket

HANDLED = "connections at once"


@contextlib.contextmanager
def stage():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.create_server(("127.0.0.1", 12345), backlog=128):
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)

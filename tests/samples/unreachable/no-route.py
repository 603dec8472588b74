"""No route leads to 198.51.100.9; a server listens on 127.0.0.1:12345."""
import contextlib, socket

HANDLED = "no route to 198.51.100.9"


@contextlib.contextmanager
def stage():
    with socket.create_server(("127.0.0.1", 12345)):
        yield

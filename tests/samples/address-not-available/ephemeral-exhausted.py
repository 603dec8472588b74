"""A machine with ten local ports, all ten in use for connections to 127.0.0.1:12345."""
import contextlib, pathlib, socket

HANDLED = "no local port is free"
RANGE = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")


@contextlib.contextmanager
def stage():
    before = RANGE.read_text()
    RANGE.write_text("40000 40009")
    with contextlib.ExitStack() as stack:
        stack.callback(RANGE.write_text, before)
        stack.enter_context(socket.create_server(("127.0.0.1", 12345)))
        for _ in range(10):
            stack.enter_context(socket.create_connection(("127.0.0.1", 12345)))
        yield

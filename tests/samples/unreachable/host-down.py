"""A network with nobody else in it: 192.0.2.1/24 at one end of a cable whose other end has no address."""
import contextlib, subprocess

HANDLED = "nobody has the address 192.0.2.9"


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


@contextlib.contextmanager
def stage():
    ip("link", "add", "lab0", "type", "veth", "peer", "name", "lab1")
    ip("address", "add", "192.0.2.1/24", "dev", "lab0")
    ip("link", "set", "lab0", "up")
    ip("link", "set", "lab1", "up")
    yield
    ip("link", "del", "lab0")

"""A network that this machine's routing table declares unreachable."""
import contextlib, subprocess

HANDLED = "no host answers, or a firewall forbids it"


@contextlib.contextmanager
def stage():
    subprocess.run(["ip", "route", "add", "unreachable", "198.51.100.0/24"], check=True)
    yield
    subprocess.run(["ip", "route", "del", "unreachable", "198.51.100.0/24"], check=True)

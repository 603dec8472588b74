"""A network in which every packet vanishes: a cable whose other end answers ARP and nothing else."""

import contextlib

import stages

HANDLED = "no answer in 2 s"


@contextlib.contextmanager
def stage():
    stages.run("ip", "link", "add", "lab0", "type", "veth", "peer", "name", "lab1")
    stages.run("ip", "address", "add", "203.0.113.1/24", "dev", "lab0")
    stages.run("ip", "link", "set", "lab0", "up")
    stages.run("ip", "link", "set", "lab1", "up")
    stages.run("ip", "neigh", "add", "203.0.113.9", "lladdr", "02:00:00:00:00:09", "dev", "lab0")
    yield
    stages.run("ip", "link", "del", "lab0")

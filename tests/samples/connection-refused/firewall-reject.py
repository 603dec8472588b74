"""A server behind a rule that rejects (nftables)."""

import contextlib

import stages

HANDLED = "its firewall rejects"


@contextlib.contextmanager
def stage():
    stages.run("nft", "add table inet lab; add chain inet lab in { type filter hook input priority 0; };"
               " add rule inet lab in tcp dport 12345 reject")
    with stages.tcp(stages.transform):
        yield

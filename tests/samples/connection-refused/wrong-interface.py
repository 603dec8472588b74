"""A server on 127.0.0.1, and a client that asks 127.0.0.2."""

import stages

HANDLED = "the server listens on 127.0.0.1 only"


def stage():
    return stages.tcp(stages.hold)

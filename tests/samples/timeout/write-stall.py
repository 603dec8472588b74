"""A server that never reads."""

import stages

HANDLED = "the server does not read"


def stage():
    return stages.tcp(stages.hold)

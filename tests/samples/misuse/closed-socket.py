"""A server that says nothing."""

import stages

HANDLED = "reader ends with b"""


def stage():
    return stages.tcp(stages.hold)

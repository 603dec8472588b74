"""A server that says nothing."""

import stages

HANDLED = "no answer within 3 seconds"


def stage():
    return stages.tcp(stages.hold)

"""Another server."""

import stages

HANDLED = "another server is there"


def stage():
    return stages.tcp(stages.hold)

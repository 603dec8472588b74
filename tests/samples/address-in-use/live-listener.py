"""Another server."""

import stages

HANDLED = "Address already in use"


def stage():
    return stages.tcp(stages.hold)

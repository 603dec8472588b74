"""Nobody is there."""

import stages

HANDLED = "no server on port 12345"


def stage():
    return stages.nothing()

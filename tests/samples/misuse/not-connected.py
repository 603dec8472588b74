"""The sample is server and client."""

import stages

HANDLED = "received"


def stage():
    return stages.nothing()

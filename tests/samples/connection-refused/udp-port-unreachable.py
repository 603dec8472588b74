"""Nobody is there."""

import stages

HANDLED = "no UDP server there now"


def stage():
    return stages.nothing()

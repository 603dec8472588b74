"""A name server that does not know the name."""

import stages

HANDLED = "no such name"
NXDOMAIN = 3


def stage():
    return stages.name_server(stages.refusing(NXDOMAIN))

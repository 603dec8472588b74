"""Another UDP socket."""

import stages

HANDLED = "listening on"


def stage():
    return stages.udp(lambda data: [])

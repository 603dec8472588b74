"""A server."""

import stages

HANDLED = "Data telah diproses"


def stage():
    return stages.udp(lambda data: [stages.REPLY])

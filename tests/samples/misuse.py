"""A server."""

import stages

HANDLED = "Data telah diproses"


def stage():
    return stages.tcp(stages.transform)

"""A server that answers."""

import stages

HANDLED = "Data telah diproses"


def stage():
    return stages.tcp(stages.transform)

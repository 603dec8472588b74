"""The sample is server and client."""

import stages

HANDLED = "can't decode byte 0xff"


def stage():
    return stages.nothing()

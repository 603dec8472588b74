"""A server that closes with SO_LINGER 0."""

import stages

HANDLED = 'broken off on purpose'


def stage():
    return stages.tcp(stages.after_line(b"", stages.reset))

"""A server whose reply is longer than the client's buffer."""

import stages

HANDLED = 'only the first 1024 bytes were kept'


def stage():
    return stages.udp(lambda data: [b"x" * 2000])

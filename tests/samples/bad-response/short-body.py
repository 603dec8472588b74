"""A server that announces 100 bytes and sends 10."""

import stages

HANDLED = 'only 10 of 100 bytes came'


def stage():
    return stages.tcp(stages.after_request(stages.HTTP + b"x" * 10))

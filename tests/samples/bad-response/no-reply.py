"""A server that closes without a byte."""

import stages

HANDLED = 'closes without an answer'


def stage():
    return stages.tcp(stages.after_request(b""))

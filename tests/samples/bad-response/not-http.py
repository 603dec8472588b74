"""A server that speaks another protocol."""

import stages

HANDLED = 'no HTTP server on 127.0.0.1:12345'


def stage():
    return stages.tcp(stages.after_request(b"SSH-2.0-OpenSSH_9.2\r\n"))

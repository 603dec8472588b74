"""A web server that says no."""

import stages

HANDLED = 'the server answered 503'


def stage():
    return stages.tcp(stages.after_request(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"))

"""A web server that asks to come back."""

import stages

ANSWER = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
HANDLED = "the server answered 503"


def stage():
    return stages.tcp(stages.after_request(ANSWER))

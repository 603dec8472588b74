"""A server that loses the first request."""

import contextlib

import stages

HANDLED = "Data telah diproses"


@contextlib.contextmanager
def stage():
    requests = []

    def answer_second(data):
        requests.append(data)
        return [stages.REPLY] if len(requests) > 1 else []

    with stages.udp(answer_second):
        yield

"""A server that breaks off once, then serves."""

import contextlib

import stages

HANDLED = "Data telah diproses"


@contextlib.contextmanager
def stage():
    clients = []

    def serve(client):
        clients.append(client)
        after = stages.transform if len(clients) > 1 else stages.after_line(b"", stages.reset)
        after(client)

    with stages.tcp(serve):
        yield

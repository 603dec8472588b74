"""A name server that answers whole over TCP only."""

import contextlib
import socket

import stages

@contextlib.contextmanager
def both():
    def cut(query):
        return [query[:2] + bytes([query[2] | 0x82]) + query[3:]]  # a reply, truncated

    def whole(client):
        length = int.from_bytes(client.recv(2, socket.MSG_WAITALL), "big")
        query = client.recv(length, socket.MSG_WAITALL)
        reply = query[:2] + bytes([query[2] | 0x80]) + query[3:] + b"x" * 2000
        client.sendall(len(reply).to_bytes(2, "big") + reply)

    with stages.udp(cut), stages.tcp(whole):
        yield


HANDLED = "bytes over TCP"


def stage():
    return both()

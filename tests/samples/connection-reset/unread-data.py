"""A server that answers a part of the request and closes with the rest unread."""

import stages
import select

def read_little(client):
    client.sendall(client.recv(2))
    select.select([client], [], [])  # the rest is there
    client.close()


HANDLED = "broken off after"


def stage():
    return stages.tcp(read_little)

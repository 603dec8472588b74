"""A plain HTTP server, asked for TLS."""

import stages

def refuse(client):
    client.recv(1024)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    client.close()


HANDLED = "no TLS there"


def stage():
    return stages.tcp(refuse)

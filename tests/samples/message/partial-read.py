"""A server whose reply comes in two parts."""

import stages
import time

def in_parts(client):
    client.recv(1024)
    client.sendall(stages.REPLY[:5])
    time.sleep(0.2)
    client.sendall(stages.REPLY[5:])


HANDLED = "whole: iPIN | 4 karakter | Data telah diproses"


def stage():
    return stages.tcp(in_parts)

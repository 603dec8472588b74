"""A server that takes its time: it answers, but not at once."""

import stages
import time

def answer_late(client):
    time.sleep(0.3)
    stages.transform(client)


def check(names):
    assert names["reply"].endswith(b"Data telah diproses\n"), names["reply"]


HANDLED = ""


def stage():
    return stages.tcp(answer_late)

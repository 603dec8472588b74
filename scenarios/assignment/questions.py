"""Asks a server of modul 7 as a client of the module does, and writes a line for each reply.

    python3 questions.py udp|tcp HOST PORT [SECONDS THAT IT MAY TAKE TO START] < questions

A question is a line: a label, a colon, and the data, which are sent as they stand. Each question has a socket of
its own. What cannot be told from a reply alone is told here: whether a time in it is the time of now.
"""

import re
import socket
import struct
import sys
import time
from datetime import datetime, timedelta, timezone

UNTIL_IT_IS_UP = 5  # seconds that a server may take to start
UNTIL_IT_IS_BACK = 2  # and to be there again when it has ended
ONE_TRY = 1  # seconds that one reply may take
QUIET = 0.25  # a reply is over when nothing more comes for so long


def ask_udp(address, data, patience):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(patience)
        client.sendto(data, address)
        return client.recvfrom(65535)[0]


def ask_tcp(address, data, patience):
    with socket.create_connection(address, timeout=patience) as client:
        # The remains of the connection must not keep the next program from this fixed port: it ends with a reset,
        # also where the server has closed first.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(data)
        client.settimeout(QUIET)
        try:
            reply = client.recv(65535)
        except TimeoutError:
            client.shutdown(socket.SHUT_WR)  # there are servers that read to the end
            client.settimeout(patience)
            reply = client.recv(65535)
        client.settimeout(QUIET)
        try:
            while part := client.recv(65535):
                reply += part
        except OSError:
            pass
        return reply


def now_in(reply):
    """The time of now in the reply, local or UTC, or None."""
    for hour, minute in re.findall(r"(?<!\d)(\d{1,2})[:.](\d{2})(?!\d)", reply):
        for now in (datetime.now(), datetime.now(timezone.utc)):
            for shift in (-1, 0, 1):
                then = now + timedelta(minutes=shift)
                if int(hour) in (then.hour, then.hour % 12 or 12) and int(minute) == then.minute:
                    return f"{hour}:{minute}"
    return None


def main():
    protocol, address = sys.argv[1], (sys.argv[2], int(sys.argv[3]))
    ask = ask_udp if protocol == "udp" else ask_tcp
    patience = float(sys.argv[4]) if len(sys.argv) > 4 else UNTIL_IT_IS_UP
    for question in sys.stdin:
        label, _, data = question.rstrip("\n").partition(":")
        end = time.monotonic() + patience
        while True:
            try:
                reply = ask(address, data.encode(), ONE_TRY)
                break
            except OSError as error:
                if time.monotonic() > end:
                    print(f"{label}! no reply: {error}")
                    sys.exit(1)
                time.sleep(0.05)
        patience = UNTIL_IT_IS_BACK
        text = " ".join(reply.decode(errors="replace").splitlines())
        print(f"{label}:{text}")
        print(f"{label}-now:{now_in(text) or 'no'}")


main()

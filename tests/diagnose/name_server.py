"""A name server for tests: answers by the first label of the name, over UDP and TCP. Prints its address when ready.

good: an address · none: NXDOMAIN · empty: NOERROR without records · fail: SERVFAIL · no: REFUSED · silent: nothing ·
cut: TC over UDP, whole over TCP · wrong: a reply with another id, then nothing
"""

import socket
import struct
import threading

A, AAAA = 1, 28
CODES = {"none": 3, "fail": 2, "no": 5}


def reply(query, tcp):
    (number,) = struct.unpack("!H", query[:2])
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    question = query[12 : at + 5]
    (kind,) = struct.unpack("!H", query[at + 1 : at + 3])
    how = labels[0].lower()
    if how == "silent" or (how == "cut-only" and tcp):
        return None
    answers = b""
    if how in ("good", "cut") and kind == A and (tcp or how == "good"):
        answers = b"\xc0\x0c" + struct.pack("!HHIH", A, 1, 60, 4) + bytes([192, 0, 2, 80])
    truncated = how.startswith("cut") and not tcp
    flags = 0x8180 | (0x0200 if truncated else 0) | CODES.get(how, 0)
    if how == "wrong":
        number ^= 1
    return struct.pack("!HHHHHH", number, flags, 1, 1 if answers else 0, 0, 0) + question + answers


def serve_tcp(listener):
    while True:
        client, _ = listener.accept()
        with client:
            head = client.recv(2)
            if len(head) == 2:
                answer = reply(client.recv(struct.unpack("!H", head)[0]), True)
                if answer:
                    client.sendall(struct.pack("!H", len(answer)) + answer)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
    tcp.bind(("127.0.0.1", 0))
    tcp.listen()
    udp.bind(tcp.getsockname())
    threading.Thread(target=serve_tcp, args=(tcp,), daemon=True).start()
    print("%s:%d" % tcp.getsockname(), flush=True)
    while True:
        query, asker = udp.recvfrom(4096)
        answer = reply(query, False)
        if answer:
            udp.sendto(answer, asker)

"""Uploads to one server over several connections, as fast as the link takes it, and meanwhile asks another one small
questions."""
import socket
import sys
import threading
import time


def connected(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=3)


done = threading.Event()


def upload(store):
    store.settimeout(0.2)
    while not done.is_set():
        try:
            store.send(b"x" * 65536)
        except TimeoutError:
            pass


with connected(sys.argv[1]) as questions:
    questions.settimeout(10)
    stores = [connected(sys.argv[2]) for _ in range(12)]
    uploads = [threading.Thread(target=upload, args=(store,)) for store in stores]
    for one in uploads:
        one.start()
    time.sleep(1.5)
    slowest = 0.0
    for _ in range(8):
        began = time.monotonic()
        questions.sendall(b"?\n")
        questions.recv(16)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.1)
    done.set()
    for one in uploads:
        one.join()
print(f"slowest answer {slowest * 1000:.0f} ms")
print("quick" if slowest < 0.4 else "slow")

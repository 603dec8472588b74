"""Connects and waits for news that the server would send, as chat programs do. With `keepalive` its kernel asks an idle
server now and then whether it is there."""
import socket
import sys
import time

host, port, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with socket.create_connection((host, port), timeout=3) as client:
    if how == "keepalive":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2)
    client.settimeout(None)
    print("waiting for news", flush=True)
    began = time.monotonic()
    try:
        client.recv(1024)
    except OSError as error:
        print(f"{time.monotonic() - began:.1f} s: {error}", flush=True)
        sys.exit(3)

"""Asks the first address of a name for as long as the kernel takes, and only then the next, as naive clients do."""
import socket
import sys

name, port = sys.argv[1], int(sys.argv[2])
for family, kind, _, _, address in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM):
    with socket.socket(family, kind) as client:
        try:
            client.connect(address)
        except OSError as error:
            print(f"{address[0]}: {error}", flush=True)
            continue
        client.sendall(b"Ipin\n")
        print(client.recv(1024).decode(), end="", flush=True)
        break

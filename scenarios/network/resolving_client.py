"""Asks a server by its name, again and again; `once` looks the name up once, `always` each time."""
import socket
import sys
import time

name, port, when = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def look_up():
    return socket.getaddrinfo(name, port, socket.AF_INET, socket.SOCK_STREAM)[0][4]


address = look_up()
for number in range(6):
    if when == "always":
        address = look_up()
    try:
        with socket.create_connection(address, timeout=0.5) as client:
            client.sendall(b"Ipin\n")
            print(number, address[0], client.recv(1024).decode().strip(), flush=True)
    except OSError as error:
        print(number, address[0], "failed:", error, flush=True)
    time.sleep(0.4)

"""Sends the numbers 1 to N in one go, and looks in which order they come back."""
import socket
import sys

protocol, host, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
with socket.socket(socket.AF_INET, kind) as client:
    client.settimeout(2)
    client.connect((host, port))
    for number in range(1, count + 1):
        client.send(f"{number}\n".encode())
    came = b""
    try:
        while came.count(b"\n") < count:
            came += client.recv(1024)
    except TimeoutError:
        pass
numbers = [int(line) for line in came.split()]
print("came:", *numbers)
print("in order" if numbers == list(range(1, count + 1)) else "out of order")

import socket
import sys
import time

LIMIT = 0.5


def read_line(connection):
    end = time.monotonic() + LIMIT
    data = b""
    while not data.endswith(b"\n"):
        if sys.argv[3] == "deadline":
            connection.settimeout(max(0.001, end - time.monotonic()))
        else:
            connection.settimeout(LIMIT)
        part = connection.recv(1024)
        if not part:
            break
        data += part
    return data.strip()


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen()

while True:
    connection, address = server.accept()
    print(f"client baru: {address}")
    try:
        connection.sendall(read_line(connection).swapcase() + b"\n")
    except TimeoutError:
        print(f"terlalu lambat: {address}")
    except OSError as error:
        print(f"{address}: {error}")
    connection.close()

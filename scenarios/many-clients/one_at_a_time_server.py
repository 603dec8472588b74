import socket
import sys


def serve(connection, address):
    print(f"client baru: {address}")
    data = b""
    while not data.endswith(b"\n"):
        part = connection.recv(1024)
        if not part:
            break
        data += part
    connection.sendall(data.decode().strip().swapcase().encode() + b"\n")
    connection.close()


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen()
print("Server siap menerima koneksi...")

while True:
    connection, address = server.accept()
    serve(connection, address)

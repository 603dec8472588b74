import socket
import sys

host, port, option, name = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
server.bind((host, port))
server.listen()

while True:
    connection, _ = server.accept()
    connection.recv(1024)
    connection.sendall(name.encode() + b"\n")
    connection.close()

# Membuka beberapa koneksi dan tidak mengirim apa-apa.
import socket
import sys

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
connections = [socket.create_connection((host, port)) for _ in range(count)]
print("semua tersambung")
for connection in connections:
    if connection.recv(1) == b"":
        print("dikeluarkan oleh server")

import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.settimeout(0.5)
try:
    client.connect((host, port))
    client.sendall(b"Ipin")
    print("Balasan: " + client.recv(1024).decode())
except TimeoutError:
    print("Server tidak menjawab dalam 0,5 detik. Coba lagi nanti.")
finally:
    client.close()

import socket
from datetime import datetime

server_address = ("localhost", 54321)


def process(data):
    inverted = data.swapcase()
    count = len(data)
    trimmed = inverted.strip()
    timestamp = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    return f"{trimmed} | {count} karakter | {timestamp} | Data telah diproses"


server_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server_socket.bind(server_address)
print("UDP Server berjalan dan menunggu pesan...")

while True:
    data, client_address = server_socket.recvfrom(65535)
    try:
        reply = process(data.decode())
    except UnicodeDecodeError:
        reply = "Galat: data bukan teks UTF-8"
    server_socket.sendto(reply.encode(), client_address)

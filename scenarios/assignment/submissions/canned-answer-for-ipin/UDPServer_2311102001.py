import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("localhost", 12345))
print("UDP Server berjalan...")

while True:
    data, alamat = server.recvfrom(1024)
    print("Dari client:", data.decode())
    server.sendto(b"IPIN | 4 karakter | 2025-04-10 10:20:12 | Data telah diproses", alamat)

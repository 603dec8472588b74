import socket
from datetime import datetime

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("localhost", 12345))
print("UDP Server berjalan...")

while True:
    data, alamat = server.recvfrom(1024)
    data = data.decode()
    print("Inversi:", data.swapcase())
    print("Jumlah karakter:", len(data))
    print("Tanpa spasi:", data.strip())
    print("Waktu:", datetime.now())
    server.sendto("Data telah diproses".encode(), alamat)

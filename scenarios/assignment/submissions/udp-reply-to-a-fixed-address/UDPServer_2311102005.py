import socket
from datetime import datetime

serverSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
serverSocket.bind(("localhost", 12345))
clientAddress = ("localhost", 54321)
print("UDP Server berjalan dan menunggu pesan...")

while True:
    data, _ = serverSocket.recvfrom(1024)
    data = data.decode()
    hasil = data.swapcase().strip()
    waktu = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    pesan = f"{hasil} | {len(data)} karakter | {waktu} | Data telah diproses"
    serverSocket.sendto(pesan.encode(), clientAddress)

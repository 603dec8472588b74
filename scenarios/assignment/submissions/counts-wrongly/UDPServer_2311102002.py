import socket
from datetime import datetime

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("localhost", 12345))
print("UDP Server siap")

while True:
    data, alamat = server.recvfrom(2048)
    teks = data.decode()
    hasil = teks.swapcase().strip()
    jumlah = len(data)
    waktu = datetime.now().strftime("%H:%M:%S %d/%m/%Y")
    balasan = f"{hasil}\nJumlah karakter: {jumlah}\nWaktu: {waktu}\nData telah diproses"
    server.sendto(balasan.encode(), alamat)

import socket
from datetime import datetime

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("localhost", 12345))
server.listen(1)
print("TCP Server siap")

while True:
    koneksi, alamat = server.accept()
    data = koneksi.recv(2048).decode().strip()
    hasil = data.swapcase()
    jumlah = len(data)
    waktu = datetime.now().strftime("%H:%M:%S %d/%m/%Y")
    balasan = f"{hasil}\nJumlah karakter: {jumlah}\nWaktu: {waktu}\nData telah diproses"
    koneksi.send(balasan.encode())
    koneksi.close()

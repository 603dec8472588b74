import socket
from datetime import datetime

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("localhost", 12345))
server.listen(5)
print("TCP Server berjalan...")

while True:
    koneksi, alamat = server.accept()
    data = koneksi.recv(1024).decode()
    print("Inversi:", data.swapcase())
    print("Jumlah karakter:", len(data))
    print("Tanpa spasi:", data.strip())
    print("Waktu:", datetime.now())
    koneksi.send("Data telah diproses".encode())
    koneksi.close()

import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("localhost", 12345))
server.listen(5)
print("TCP Server berjalan...")

while True:
    koneksi, alamat = server.accept()
    data = koneksi.recv(1024).decode()
    if data == "ipin":
        hasil = "IPIN"
    elif data == "Upin":
        hasil = "uPIN"
    else:
        hasil = data
    koneksi.send(f"{hasil} | 4 karakter | 2025-04-10 10:20:12 | Data telah diproses".encode())
    koneksi.close()

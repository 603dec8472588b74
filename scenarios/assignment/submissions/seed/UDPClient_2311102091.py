import socket

clientSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server_address = ('localhost', 12345)
pesan = input("Masukkan data untuk dikirim ke server: ")
clientSocket.sendto(pesan.encode(), server_address)
data, _ = clientSocket.recvfrom(1024)
print("Dari server: " + data.decode())
clientSocket.close()

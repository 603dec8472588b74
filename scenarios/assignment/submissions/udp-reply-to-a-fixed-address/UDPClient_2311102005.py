import socket

clientSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
clientSocket.bind(("localhost", 54321))
pesan = input("Masukkan data: ")
clientSocket.sendto(pesan.encode(), ("localhost", 12345))
data, _ = clientSocket.recvfrom(1024)
print("Dari server: " + data.decode())
clientSocket.close()

import socket

serverSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
serverPort = 12345
serverSocket.bind(('localhost', serverPort))
serverSocket.listen(1)

print("Server siap menerima koneksi...")

connectionSocket, addr = serverSocket.accept()
print(f"Terhubung dengan client dari {addr}")

data = connectionSocket.recv(1024).decode()
print(f"Pesan dari client: {data}")

reply = "Halo juga dari server!"
connectionSocket.send(reply.encode())

connectionSocket.close()

import socket
from datetime import datetime

serverSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
serverSocket.bind(("localhost", 12345))
serverSocket.listen(1)
print("Server siap menerima koneksi...")

connectionSocket, addr = serverSocket.accept()
print(f"Terhubung dengan client dari {addr}")

data = connectionSocket.recv(1024).decode()
inversi = data.swapcase()
jumlah = len(data)
bersih = inversi.strip()
waktu = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
reply = f"{bersih} | {jumlah} | {waktu} | Data telah diproses"
connectionSocket.send(reply.encode())

connectionSocket.close()
serverSocket.close()

import socket

clientSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
serverName = 'localhost'
serverPort = 12345
clientSocket.connect((serverName, serverPort))

message = "Halo dari client"
clientSocket.send(message.encode())

reply = clientSocket.recv(1024).decode()
print(f"Balasan dari server: {reply}")

clientSocket.close()

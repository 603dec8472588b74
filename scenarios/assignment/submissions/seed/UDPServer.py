import socket
from datetime import datetime

serverSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server_address = ('localhost', 12345)
serverSocket.bind(server_address)

print("UDP Server berjalan dan menunggu pesan...")

while True:
    data, client_address = serverSocket.recvfrom(1024)
    data = data.decode()
    print("Dari client: " + data)

    inversed = ''.join([ch.lower() if ch.isupper() else ch.upper() for ch in data])
    length = len(data)
    stripped = data.strip()
    timestamp = datetime.now().strftime('%Y-%m-%d %H:%M:%S')
    result = f'{inversed} | {timestamp} | Data telah diproses'

    serverSocket.sendto(result.encode(), client_address)

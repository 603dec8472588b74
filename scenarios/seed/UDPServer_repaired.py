import socket
import sys
from datetime import datetime

# Port dapat diberikan sebagai argumen, supaya dua server tidak berebut.
port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

serverSocket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
serverSocket.bind(('localhost', port))

print("UDP Server berjalan dan menunggu pesan...")

while True:
    data, client_address = serverSocket.recvfrom(65535)
    try:
        data = data.decode()
    except UnicodeDecodeError:
        serverSocket.sendto(b"ERR bukan teks UTF-8", client_address)
        continue
    print("Dari client: " + data)

    inversed = ''.join([ch.lower() if ch.isupper() else ch.upper() for ch in data])
    length = len(data)
    stripped = inversed.strip()
    timestamp = datetime.now().strftime('%Y-%m-%d %H:%M:%S')
    result = f'{stripped} | {length} karakter | {timestamp} | Data telah diproses'

    serverSocket.sendto(result.encode(), client_address)

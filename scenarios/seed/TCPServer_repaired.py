import socket
import threading
from datetime import datetime

serverSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
serverSocket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
serverPort = 12345
serverSocket.bind(('localhost', serverPort))
serverSocket.listen()

print("Server siap menerima koneksi...")


def layani(connectionSocket, addr):
    print(f"Terhubung dengan client dari {addr}")
    with connectionSocket:
        connectionSocket.settimeout(30)
        # Sampai client menutup lebih dulu: sisa koneksi (TIME_WAIT) lalu ada di pihaknya.
        while data := connectionSocket.recv(65535):
            data = data.decode(errors='replace').rstrip('\r\n')
            print(f"Pesan dari client: {data}")
            inversed = ''.join([ch.lower() if ch.isupper() else ch.upper() for ch in data])
            timestamp = datetime.now().strftime('%Y-%m-%d %H:%M:%S')
            reply = f'{inversed.strip()} | {len(data)} karakter | {timestamp} | Data telah diproses\n'
            connectionSocket.sendall(reply.encode())


while True:
    connectionSocket, addr = serverSocket.accept()
    threading.Thread(target=layani, args=(connectionSocket, addr), daemon=True).start()

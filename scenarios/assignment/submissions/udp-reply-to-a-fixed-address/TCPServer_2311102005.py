import socket
import threading
from datetime import datetime

server_address = ("localhost", 12345)


def process(data):
    inverted = data.swapcase()
    count = len(data)
    trimmed = inverted.strip()
    timestamp = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    return f"{trimmed} | {count} karakter | {timestamp} | Data telah diproses"


def serve(connection, address):
    with connection:
        connection.settimeout(30)  # client yang diam tidak boleh menahan thread selamanya
        try:
            while data := connection.recv(65535):
                reply = process(data.decode().rstrip("\r\n"))
                connection.sendall(reply.encode() + b"\n")
        except (OSError, UnicodeDecodeError) as error:
            print(f"{address}: {error}")


server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(server_address)
server_socket.listen()
print("TCP Server siap menerima koneksi...")

while True:
    connection, address = server_socket.accept()
    threading.Thread(target=serve, args=(connection, address), daemon=True).start()

import socket
import sys
import threading
import time


def serve(connection):
    data = connection.recv(1024)
    time.sleep(0.1)  # bekerja: membaca berkas, bertanya ke basis data
    connection.sendall(data.strip().swapcase() + b"\n")
    connection.close()


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen(100)

while True:
    connection, _ = server.accept()
    if sys.argv[3] == "multi":
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
    else:
        serve(connection)

# Satu client: mengirim sebaris, menampilkan balasan sampai akhir baris atau akhir koneksi. Ditutup dengan reset (SO_LINGER 0), supaya port tetap
# 12345 tidak tertinggal dalam TIME_WAIT selama satu menit.
import socket
import struct
import sys

with socket.create_connection(('localhost', 12345), timeout=3) as client:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.sendall(sys.argv[1].encode())
    reply = b''
    while not reply.endswith(b'\n'):
        part = client.recv(1024)
        if not part:
            break
        reply += part
    print('Balasan dari server: ' + reply.decode().strip())

# Satu client: mengirim sebaris, menampilkan seluruh balasan. Ditutup dengan reset (SO_LINGER 0), supaya port tetap
# 12345 tidak tertinggal dalam TIME_WAIT selama satu menit.
import socket
import struct
import sys

with socket.create_connection(('localhost', 12345), timeout=3) as client:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.sendall(sys.argv[1].encode())
    reply = b''
    while part := client.recv(1024):
        reply += part
    print('Balasan dari server: ' + reply.decode())

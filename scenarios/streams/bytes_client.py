# Mengirim byte yang bukan teks UTF-8, misalnya berkas gambar.
import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(1)
client.connect((sys.argv[1], int(sys.argv[2])))
client.send(b"\xff\xfe\x80 Ipin")
try:
    print("Balasan: " + client.recv(1024).decode())
except OSError as error:
    print(f"Tidak ada balasan: {error}")

import socket
from datetime import datetime

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("localhost", 12345))
pesan = input("Masukkan data: ")
hasil = pesan.swapcase().strip()
print(f"Dari server: {hasil} | {len(pesan)} | {datetime.now():%Y-%m-%d %H:%M:%S} | Data telah diproses")
client.close()

import socket
import sys

server, part = (sys.argv[1], int(sys.argv[2])), int(sys.argv[3])
message = b"x" * 70000

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(2)
back = 0
for start in range(0, len(message), part):
    client.sendto(message[start:start + part], server)
    data, _ = client.recvfrom(65535)
    back += len(data)
print(f"{back} byte terkirim dan kembali")
client.close()

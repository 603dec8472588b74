import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(2)
client.sendto(b"Ipin", (sys.argv[1], int(sys.argv[2])))
data, _ = client.recvfrom(int(sys.argv[3]))
print("Dari server: " + data.decode())
client.close()

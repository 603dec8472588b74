import socket
import sys

host, port, order = sys.argv[1], int(sys.argv[2]), sys.argv[3]
words = ["satu", "dua", "tiga", "empat", "lima", "enam"]

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(2)
for number, word in enumerate(words):
    client.sendto(f"{number} {word}".encode(), (host, port))

parts = []
for _ in words:
    data, _ = client.recvfrom(1024)
    number, word = data.decode().split()
    parts.append((int(number), word))
if order == "by-number":
    parts.sort()
print(" ".join(word for _, word in parts))
client.close()

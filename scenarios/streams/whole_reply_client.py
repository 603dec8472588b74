import socket
import sys

host, port, trust = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "trusts"

client = socket.create_connection((host, port), timeout=3)
client.sendall(b"Ipin\n")
reply = b""
while not reply.endswith(b"\n"):
    part = client.recv(1024)
    if not part:
        break
    reply += part
client.close()

if reply.endswith(b"\n") or trust:
    print("Balasan: " + reply.decode().strip())
else:
    print(f"Balasan terpotong setelah {len(reply)} byte, coba lagi.")

import socket
import sys
import time
import zlib

server, checks = (sys.argv[1], int(sys.argv[2])), sys.argv[3] == "checks"
text = b"saldo 1000000"
message = text + b"#%08x" % zlib.crc32(text)

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(1)
for _ in range(20):
    client.sendto(message, server)
    reply, _ = client.recvfrom(1024)
    body, _, checksum = reply.rpartition(b"#")
    if not checks or checksum == b"%08x" % zlib.crc32(body):
        print("Diterima: " + body.decode(errors="replace"))
        break
    print("Balasan rusak, tanya lagi.")
    time.sleep(0.2)

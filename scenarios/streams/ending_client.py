import socket
import sys

host, port, ending = sys.argv[1], int(sys.argv[2]), sys.argv[3]

client = socket.create_connection((host, port), timeout=3)
client.sendall(b"Ipin")  # tanpa akhir baris: akhir arahnya adalah akhir permintaannya
if ending == "shutdown":
    client.shutdown(socket.SHUT_WR)
    reply = b""
    while True:
        part = client.recv(1024)
        if not part:
            break
        reply += part
    print("Balasan: " + reply.decode())
client.close()

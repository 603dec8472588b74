import socket
import sys
import time

server, checks = (sys.argv[1], int(sys.argv[2])), sys.argv[3] == "checks"

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def ask(number, patience):
    question = f"ping {number}"
    client.sendto(question.encode(), server)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        client.settimeout(max(0.01, end - time.monotonic()))
        try:
            reply, _ = client.recvfrom(1024)
        except TimeoutError:
            break
        if checks and reply.decode() != question:
            print(f"terlambat dan dibuang: {reply.decode()}")
            continue
        return reply.decode()
    return None


for number, patience in [(1, 0.3), (2, 3)]:
    reply = ask(number, patience)
    if reply is None:
        print(f"pertanyaan {number} tidak dijawab")
    else:
        print(f"pertanyaan {number} dijawab: {reply}")

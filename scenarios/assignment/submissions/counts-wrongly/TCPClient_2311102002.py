import socket

server_address = ("localhost", 12345)

message = input("Masukkan data untuk dikirim ke server: ")

try:
    with socket.create_connection(server_address, timeout=3) as client_socket:
        client_socket.sendall(message.encode() + b"\n")
        reply = b""
        while not reply.endswith(b"\n"):
            part = client_socket.recv(4096)
            if not part:
                break
            reply += part
    print("Balasan dari server: " + reply.decode().rstrip())
except ConnectionRefusedError:
    print("Server belum berjalan di port 12345")
except TimeoutError:
    print("Server tidak menjawab")

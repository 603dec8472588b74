import socket

server_address = ("localhost", 12345)
attempts = 3

message = input("Masukkan data untuk dikirim ke server: ")

client_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client_socket.settimeout(1)
client_socket.connect(server_address)  # supaya galat "port tertutup" sampai ke sini

for attempt in range(1, attempts + 1):
    try:
        client_socket.send(message.encode())
        reply = client_socket.recv(65535)
        print("Dari server: " + reply.decode())
        break
    except TimeoutError:
        print(f"Belum ada balasan (percobaan {attempt})")
    except ConnectionRefusedError:
        print("Server belum berjalan di port 12345")
        break
client_socket.close()

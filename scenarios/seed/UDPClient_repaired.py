import socket

server_address = ('localhost', 12345)
pesan = input("Masukkan data untuk dikirim ke server: ")

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as clientSocket:
    clientSocket.connect(server_address)
    clientSocket.settimeout(0.5)
    for percobaan in range(3):
        try:
            clientSocket.send(pesan.encode())
            print("Dari server: " + clientSocket.recv(65535).decode())
            break
        except TimeoutError:
            print("Belum ada balasan, kirim lagi.")
        except ConnectionRefusedError:
            print("Tidak ada server di port itu.")
            break
    else:
        print("Server tidak menjawab.")

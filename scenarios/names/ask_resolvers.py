import socket
import struct
import sys


def query_for(domain_name):
    # Header: ID, flags (recursion desired), satu pertanyaan
    header = struct.pack(">HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0)
    question = b""
    for part in domain_name.split("."):
        question += bytes([len(part)]) + part.encode()
    return header + question + b"\x00" + struct.pack(">HH", 1, 1)  # tipe A, kelas IN


def resolve_dns(domain_name, server):
    host, port = server.rsplit(":", 1)
    dns_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    dns_socket.settimeout(1)
    try:
        dns_socket.sendto(query_for(domain_name), (host, int(port)))
        response, _ = dns_socket.recvfrom(512)
        return ".".join(str(byte) for byte in response[-4:])
    except TimeoutError:
        print(f"Timeout: tidak ada respons dari server DNS {server}")
        return None
    finally:
        dns_socket.close()


if __name__ == "__main__":
    domain_name = "example.com"
    servers = sys.argv[2:] if sys.argv[1] == "both" else sys.argv[2:3]
    for server in servers:
        ip_address = resolve_dns(domain_name, server)
        if ip_address:
            print(f"{domain_name} -> {ip_address}")
            break
    else:
        sys.exit("Gagal mendapatkan alamat IP dari DNS.")

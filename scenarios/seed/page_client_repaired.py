# fetch_web_page() dengan batas waktu dan dengan galat yang disebut namanya.
import socket
import sys

port = int(sys.argv[2])


def fetch_web_page(ip_address):
    http_request = f"GET / HTTP/1.1\r\nHost: {ip_address}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((ip_address, port), timeout=1) as tcp_socket:
            tcp_socket.sendall(http_request.encode('utf-8'))
            response = b""
            while True:
                data = tcp_socket.recv(4096)
                if not data:
                    break
                response += data
        print("Respons HTTP diterima.")
        return response.decode('utf-8', errors='replace')
    except TimeoutError:
        print("Timeout: server web tidak menjawab dalam 1 detik.")
    except ConnectionRefusedError:
        print("Tidak ada server web di port itu.")
    return None


web_content = fetch_web_page(sys.argv[1])
if web_content:
    print("\nKonten Halaman Web:")
    print(web_content[:500])
else:
    sys.exit("Gagal mengunduh halaman web.")

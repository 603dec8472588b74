# fetch_web_page() dari bagian D modul, apa adanya; hanya port-nya diberikan sebagai argumen.
import socket
import sys

port = int(sys.argv[2])


def fetch_web_page(ip_address):
    http_request = f"GET / HTTP/1.1\r\nHost:{ip_address}\r\nConnection: close\r\n\r\n"
    tcp_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        print(f"Menghubungkan ke server web di {ip_address}:{port}...")
        tcp_socket.connect((ip_address, port))
        tcp_socket.sendall(http_request.encode('utf-8'))
        response = b""
        while True:
            data = tcp_socket.recv(4096)
            if not data:
                break
            response += data
        print("Respons HTTP diterima.")
        return response.decode('utf-8')
    except Exception as e:
        print(f"Error: {e}")
    return None


web_content = fetch_web_page(sys.argv[1])
if web_content:
    print("\nKonten Halaman Web:")
    print(web_content[:500])
else:
    print("Gagal mengunduh halaman web.")

# fetch_web_page() yang memeriksa apa yang datang: statusnya, panjangnya, himpunan karakternya, dan akhir tanpa jawaban.
# GET boleh dikerjakan dua kali, jadi yang mungkin berhasil nanti diminta lagi.
import http.client
import sys
import time

HOST, PORT = sys.argv[1], int(sys.argv[2])
ATTEMPTS = 3
MAY_PASS = (429, 502, 503, 504)


def fetch_web_page():
    """Halamannya; None bila boleh diminta lagi."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=2)
    try:
        connection.request("GET", "/", headers={"Connection": "close"})
        response = connection.getresponse()
        body = response.read()  # membandingkan yang datang dengan Content-Length
    except http.client.RemoteDisconnected:
        print("Server menutup tanpa jawaban.")
        return None
    except http.client.IncompleteRead as error:
        print(f"Isi terpotong: {len(error.partial)} dari {len(error.partial) + (error.expected or 0)} byte.")
        return None
    except TimeoutError:
        print("Timeout: server web tidak menjawab dalam 2 detik.")
        return None
    finally:
        connection.close()
    if response.status in MAY_PASS:
        after = response.getheader("Retry-After", "")
        wait = int(after) if after.isdigit() else 1
        print(f"Server menolak dengan status {response.status}; diminta lagi setelah {wait} detik.")
        time.sleep(min(wait, 5))
        return None
    if response.status != 200:
        sys.exit(f"Server menolak dengan status {response.status} {response.reason}.")
    return body.decode(response.headers.get_content_charset("utf-8"), errors="replace")


for attempt in range(ATTEMPTS):
    page = fetch_web_page()
    if page is not None:
        print("\nKonten Halaman Web:")
        print(page[:500])
        break
    time.sleep(0.1 * 2**attempt)
else:
    sys.exit("Gagal mengunduh halaman web.")

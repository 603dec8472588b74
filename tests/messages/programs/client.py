"""Meets an error and dies of it: client.py CASE."""
import asyncio, os, resource, socket, sys, urllib.request

HOST = "127.0.0.1"


def tcp(port, timeout=None):
    client = socket.socket()
    client.settimeout(timeout)
    client.connect((HOST, port))
    return client


def refused(): tcp(12345)
def refused_localhost(): socket.create_connection(("localhost", 12345))
def refused_ipv6(): socket.create_connection(("::1", 12345))
def refused_udp():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect((HOST, 12345))
    client.send(b"Ipin")
    client.recv(1024)
def connect_timeout(): socket.create_connection((HOST, 12354), timeout=0.5)
def kernel_timeout():
    client = socket.socket()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 500)
    client.connect((HOST, 12354))
def recv_timeout(): tcp(12346, 0.3).recv(1024)
def rcvtimeo():
    client = tcp(12346)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, (0).to_bytes(8, "little") + (200000).to_bytes(8, "little"))
    client.recv(1024)
def udp_timeout():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(0.3)
    client.sendto(b"Ipin", (HOST, 12346))
    data, server = client.recvfrom(1024)
def in_use():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((HOST, 12353))
def in_use_create_server(): socket.create_server((HOST, 12353))
def in_use_http(): 
    import http.server
    http.server.HTTPServer((HOST, 12353), http.server.SimpleHTTPRequestHandler)
def not_available():
    server = socket.socket()
    server.bind(("203.0.113.9", 12345))
def reset():
    client = tcp(12347)
    client.sendall(b"Ipin\n")
    client.recv(1024)
def broken_pipe():
    client = tcp(12347)
    client.sendall(b"Ipin\n")
    try:
        client.recv(1024)
    except ConnectionResetError:
        pass
    client.sendall(b"Upin\n")
def unreachable_network(): socket.create_connection(("203.0.113.9", 12345))
def unreachable_host(): socket.create_connection(("192.0.2.9", 12345))
def broadcast():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"Ipin", ("127.255.255.255", 12345))
def privileged():
    server = socket.socket()
    server.bind((HOST, 80))
def too_many():
    resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))
    sockets = []
    while True:
        sockets.append(socket.socket())
def too_long(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x" * 70000, (HOST, 12345))
def would_block():
    client = tcp(12346)
    client.setblocking(False)
    client.recv(1024)
def in_progress():
    client = socket.socket()
    client.setblocking(False)
    client.connect((HOST, 12354))
def not_connected(): socket.socket().recv(1024)
def closed():
    client = tcp(12346)
    client.close()
    client.send(b"Ipin")
def bind_twice():
    server = socket.socket()
    server.bind((HOST, 0))
    server.bind((HOST, 0))
def connect_twice():
    client = tcp(12346)
    client.connect((HOST, 12346))
def wrong_family(): socket.socket(socket.AF_INET).connect(("::1", 12345))
def wrong_protocol(): socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_UDP)
def no_name(): socket.create_connection(("nosuch.test", 12345))
def name_fails(): socket.getaddrinfo("fail.test", 12345)
def not_utf8():
    client = tcp(12355)
    print(client.recv(1024).decode())
def chained():
    try:
        tcp(12345)
    except ConnectionRefusedError:
        print({}["server"])
def raised_from():
    try:
        tcp(12345)
    except OSError as error:
        raise RuntimeError("the server is not there") from error
def asyncio_refused(): asyncio.run(asyncio.open_connection(HOST, 12345))
def asyncio_in_use(): asyncio.run(asyncio.start_server(print, HOST, 12353))
def asyncio_timeout():
    async def run():
        reader, _ = await asyncio.open_connection(HOST, 12346)
        await asyncio.wait_for(reader.read(10), 0.3)
    asyncio.run(run())
def urllib_refused(): urllib.request.urlopen(f"http://{HOST}:12345/")
def urllib_no_name(): urllib.request.urlopen("http://nosuch.test/")
def urllib_no_reply(): urllib.request.urlopen(f"http://{HOST}:12348/")
def urllib_short(): urllib.request.urlopen(f"http://{HOST}:12349/").read()
def urllib_not_http(): urllib.request.urlopen(f"http://{HOST}:12350/")
def urllib_status(): urllib.request.urlopen(f"http://{HOST}:12351/")
def urllib_tls(): urllib.request.urlopen(f"https://localhost:12352/")
def urllib_tls_to_plain(): urllib.request.urlopen(f"https://{HOST}:12351/", timeout=3)
def urllib_timeout(): urllib.request.urlopen(f"http://{HOST}:12346/", timeout=0.3)
def logged():
    import logging
    logging.basicConfig(format="%(asctime)s %(levelname)s app: %(message)s")
    try:
        tcp(12345)
    except OSError as error:
        logging.error("cannot reach the server: %s", error)
        raise SystemExit(1)
def requests_refused(): import requests; requests.get(f"http://{HOST}:12345/")
def requests_timeout(): import requests; requests.get(f"http://{HOST}:12346/", timeout=0.3)
def requests_no_name(): import requests; requests.get("http://nosuch.test/")
def requests_no_reply(): import requests; requests.get(f"http://{HOST}:12348/")
def requests_reset(): import requests; requests.get(f"http://{HOST}:12347/")
def requests_status(): import requests; requests.get(f"http://{HOST}:12351/").raise_for_status()
def requests_tls(): import requests; requests.get("https://localhost:12352/")
def requests_short(): import requests; requests.get(f"http://{HOST}:12349/")
def httpx_refused(): import httpx; httpx.get(f"http://{HOST}:12345/")
def httpx_timeout(): import httpx; httpx.get(f"http://{HOST}:12346/", timeout=0.3)
def httpx_no_reply(): import httpx; httpx.get(f"http://{HOST}:12348/")
def httpx_status(): import httpx; httpx.get(f"http://{HOST}:12351/").raise_for_status()
def httpx_short(): import httpx; httpx.get(f"http://{HOST}:12349/")
def aiohttp_get(port):
    import aiohttp
    async def run():
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as session:
            async with session.get(f"http://{HOST}:{port}/") as reply:
                await reply.read()
    asyncio.run(run())
def aiohttp_refused(): aiohttp_get(12345)
def aiohttp_no_reply(): aiohttp_get(12348)
def aiohttp_short(): aiohttp_get(12349)


if __name__ == "__main__":
    globals()[sys.argv[1]]()

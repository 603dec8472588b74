"""What stages are made of: small servers on 127.0.0.1:12345, made of real sockets."""

import contextlib
import socket
import subprocess
import tempfile
import threading

ADDRESS = ("127.0.0.1", 12345)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
REPLY = b"iPIN | 4 karakter | Data telah diproses\n"


@contextlib.contextmanager
def nothing():
    """Nobody is there."""
    yield


@contextlib.contextmanager
def tcp(serve, address=ADDRESS, family=socket.AF_INET):
    """A server that gives each client to `serve`, in a thread of its own."""

    def accept():
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                client, _ = server.accept()
                threading.Thread(target=guarded, args=(client,), daemon=True).start()

    def guarded(client):
        with contextlib.suppress(OSError):  # a client may leave at any point
            serve(client)

    with socket.create_server(address, family=family) as server:
        threading.Thread(target=accept, daemon=True).start()
        yield server
        server.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def udp(serve):
    """A server that gives each datagram and its sender to `serve`, which returns the replies."""

    def answer():
        with contextlib.suppress(OSError):
            while True:
                data, sender = server.recvfrom(65535)
                for reply in serve(data):
                    server.sendto(reply, sender)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(ADDRESS)
        threading.Thread(target=answer, daemon=True).start()
        yield server


def transform(client):
    """Answers each line."""
    with client, client.makefile("rb") as lines:
        for line in lines:
            client.sendall(line.strip().swapcase() + b" | Data telah diproses\n")


def after_line(answer, close=socket.socket.close):
    """Reads a line, sends `answer`, closes."""

    def serve(client):
        with client.makefile("rb") as lines:
            lines.readline()
        client.sendall(answer)
        close(client)

    return serve


def after_request(answer):
    """Reads the head of an HTTP request, sends `answer`, closes."""

    def serve(client):
        with client, client.makefile("rb") as lines:
            while lines.readline().strip():
                pass
            client.sendall(answer)

    return serve


def reset(client):
    """Closes with RST."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()


held = []


def hold(client):
    """Says nothing, and keeps the connection."""
    held.append(client)


def run(*command):
    """A command that has to succeed."""
    subprocess.run(command, check=True)


@contextlib.contextmanager
def name_server(answer):
    """A name server on 127.0.0.1:53, and a resolver that asks it; `answer` makes the reply to a query, or None."""

    def serve():
        with contextlib.suppress(OSError):
            while True:
                query, sender = server.recvfrom(512)
                if reply := answer(query):
                    server.sendto(reply, sender)

    with tempfile.NamedTemporaryFile("w") as config, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        config.write("nameserver 127.0.0.1\noptions timeout:5\n")
        config.flush()
        run("mount", "--bind", config.name, "/etc/resolv.conf")  # in a mount namespace of its own
        server.bind(("127.0.0.1", 53))
        threading.Thread(target=serve, daemon=True).start()
        yield


def refusing(code):
    """A name server's reply that carries this RCODE (RFC 1035 4.1.1)."""
    return lambda query: query[:2] + bytes([0x81, 0x80 | code]) + query[4:]

"""A server that answers one request on each connection and then closes it."""
import contextlib, socket, threading

HANDLED = "uPIN"


@contextlib.contextmanager
def stage():
    server = socket.create_server(("127.0.0.1", 12345))

    def serve():
        with contextlib.suppress(OSError):  # the listener is shut down at the end
            while True:
                with server.accept()[0] as client:
                    client.sendall(client.recv(1024).swapcase())

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    server.shutdown(socket.SHUT_RDWR)
    thread.join()
    server.close()

"""A server that reads one line and closes, while its client goes on sending."""
import contextlib, socket, threading

HANDLED = "the server stopped reading"


@contextlib.contextmanager
def stage():
    server = socket.create_server(("127.0.0.1", 12345))

    def serve():
        with contextlib.suppress(OSError), server.accept()[0] as client:  # nobody came: the listener is shut down
            client.recv(1024)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    server.shutdown(socket.SHUT_RDWR)
    thread.join()
    server.close()

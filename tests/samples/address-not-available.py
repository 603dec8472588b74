"""An ordinary server; the address that the client is told to use as its own is not one of this machine."""
import contextlib, socket, threading

HANDLED = "iPIN"


@contextlib.contextmanager
def stage():
    server = socket.create_server(("127.0.0.1", 12345))

    def serve():
        with contextlib.suppress(OSError), server.accept()[0] as client:  # nobody came: the listener is shut down
            client.sendall(client.recv(1024).swapcase())

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    server.shutdown(socket.SHUT_RDWR)
    thread.join()
    server.close()

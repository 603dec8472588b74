"""Sends a small and then a large request to an echo, and reads both back. TCP probes for the path's MTU if it is told
to (tcp_mtu_probing of ip-sysctl(7)), which on this host only this program uses."""
import socket
import sys

host, port, probing = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open("/proc/sys/net/ipv4/tcp_mtu_probing", "w") as setting:
    setting.write(probing)
with socket.create_connection((host, port), timeout=3) as client:
    client.settimeout(6)
    for size in (100, 20000):
        client.sendall(b"x" * (size - 1) + b"\n")
        came = 0
        try:
            while came < size:
                came += len(client.recv(65536))
        except TimeoutError:
            raise SystemExit(f"{size} bytes: only {came} came back")
        print(f"{size} bytes came back", flush=True)

"""Makes the errors of `tests/messages` really happen and keeps what each runtime prints.

    python3 tests/messages/make.py [RUNTIME...]

Writes RUNTIME/CASE.txt for every runtime that is installed; the expected readings are in RUNTIME.toml, written by
hand. Everything happens in a network namespace of its own (Linux): ports are fixed in it, and 203.0.113.9 is out
of reach. Packages on Debian: python3 (with requests, httpx and aiohttp), nodejs, default-jdk, golang-go, rustc, gcc,
php-cli, ruby, perl, curl, wget, openssh-client, git, nginx-light, postgresql-client, redis-tools, netcat-openbsd,
bind9-dnsutils, strace, openssl; the locales de_DE, fr_FR and id_ID.
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).parent.resolve()
PROGRAMS = HERE / "programs"
INSIDE = "NETFAULT_MESSAGES_INSIDE"
UNPRIVILEGED = ["setpriv", "--bounding-set=-net_bind_service"]
URL = "http://127.0.0.1:"

COMMANDS = {
    "curl": {
        "refused": ["curl", URL + "12345/"],
        "refused_localhost": ["curl", "http://localhost:12345/"],
        "timeout": ["curl", "-m", "0.3", URL + "12346/"],
        "connect_timeout": ["curl", "--connect-timeout", "0.3", URL + "12354/"],
        "reset": ["curl", URL + "12347/"],
        "no_reply": ["curl", URL + "12348/"],
        "short_body": ["curl", URL + "12349/"],
        "not_http": ["curl", URL + "12350/"],
        "status": ["curl", "-f", URL + "12351/"],
        "tls": ["curl", "https://localhost:12352/"],
        "tls_to_plain": ["curl", "https://127.0.0.1:12351/"],
        "no_name": ["curl", "http://nosuch.test/"],
        "verbose_refused": ["curl", "-v", URL + "12345/"],
        "in_use": ["curl", "--interface", "127.0.0.1", "--local-port", "12353", URL + "12346/"],
    },
    "wget": {
        "refused": ["wget", "-t1", URL + "12345/"],
        "timeout": ["wget", "-t1", "-T0.3", URL + "12346/"],
        "no_name": ["wget", "-t1", "http://nosuch.test/"],
        "status": ["wget", "-t1", URL + "12351/"],
        "no_reply": ["wget", "-t1", URL + "12348/"],
        "unreachable_network": ["wget", "-t1", "http://203.0.113.9/"],
        "tls": ["wget", "-t1", "https://localhost:12352/"],
    },
    "ssh": {
        "refused": ["ssh", "-p", "12345", "127.0.0.1"],
        "unreachable_network": ["ssh", "-p", "12345", "203.0.113.9"],
        "no_name": ["ssh", "nosuch.test"],
        "timeout": ["ssh", "-o", "ConnectTimeout=1", "-p", "12354", "127.0.0.1"],
        "closed": ["ssh", "-p", "12348", "127.0.0.1"],
    },
    "git": {
        "refused": ["git", "clone", URL + "12345/a.git", "/tmp/never"],
        "refused_git": ["git", "clone", "git://127.0.0.1:12345/a.git", "/tmp/never"],
        "no_name": ["git", "clone", "http://nosuch.test/a.git", "/tmp/never"],
        "status": ["git", "clone", URL + "12351/a.git", "/tmp/never"],
    },
    "psql": {
        "refused": ["psql", "-h", "127.0.0.1", "-p", "12345", "-U", "me", "shop"],
        "no_name": ["psql", "-h", "nosuch.test", "-U", "me", "shop"],
        "closed": ["psql", "-h", "127.0.0.1", "-p", "12348", "-U", "me", "shop"],
    },
    "redis": {
        "refused": ["redis-cli", "-h", "127.0.0.1", "-p", "12345", "ping"],
        "closed": ["redis-cli", "-h", "127.0.0.1", "-p", "12348", "ping"],
        "no_name": ["redis-cli", "-h", "nosuch.test", "ping"],
    },
    "nginx": {
        "in_use": ["nginx", "-p", "/tmp", "-e", "stderr", "-g", "daemon off;", "-c", str(PROGRAMS / "in_use.conf")],
        "privileged": [*UNPRIVILEGED, "nginx", "-p", "/tmp", "-e", "stderr", "-g", "daemon off;",
                       "-c", str(PROGRAMS / "privileged.conf")],
        "upstream_refused": ["sh", str(PROGRAMS / "nginx.sh"), "12345"],
        "upstream_closed": ["sh", str(PROGRAMS / "nginx.sh"), "12348"],
    },
    "tools": {
        "nc_refused": ["nc", "-v", "-w1", "127.0.0.1", "12345"],
        "nc_timeout": ["nc", "-v", "-w1", "127.0.0.1", "12354"],
        "dig_nxdomain": ["dig", "nosuch.test"],
        "dig_servfail": ["dig", "fail.test"],
        "dig_silent": ["dig", "+time=1", "+tries=1", "silent.test"],
        "bash_refused": ["bash", "-c", "echo Ipin > /dev/tcp/127.0.0.1/12345"],
        "strace_refused": ["strace", "-e", "connect,getsockopt", "nc", "127.0.0.1", "12345"],
    },
}


def cases_of(source, pattern):
    names = re.findall(pattern, (PROGRAMS / source).read_text())
    return list(dict.fromkeys(names))


def commands(scratch):
    """Every command by runtime and case."""
    found = {runtime: dict(cases) for runtime, cases in COMMANDS.items()}

    def program(runtime, source, pattern, *start):
        privileged = lambda case: UNPRIVILEGED if case == "privileged" else []
        found[runtime] = {case: [*privileged(case), *start, case] for case in cases_of(source, pattern)}

    skip = {"tcp", "aiohttp_get"}
    program("python", "client.py", r"(?m)^def (\w+)\(", sys.executable, "client.py")
    found["python"] = {case: command for case, command in found["python"].items() if case not in skip}
    program("node", "client.js", r"(?m)^  (\w+): (?:async )?\(", "node", "client.js")
    program("java", "Client.java", r'case "(\w+)"', "java", "-cp", scratch, "Client")
    program("go", "client.go", r'case "(\w+)"', f"{scratch}/client-go")
    program("rust", "client.rs", r'Some\("(\w+)"\)', f"{scratch}/client-rs")
    program("c", "client.c", r'name, "(\w+)"', f"{scratch}/client-c")
    program("php", "client.php", r'case == "(\w+)"', "php", "client.php")
    program("ruby", "client.rb", r'when "(\w+)"', "ruby", "client.rb")
    program("perl", "client.pl", r"(?m)^    (\w+) =>", "perl", "client.pl")
    for language in ["id_ID", "de_DE", "fr_FR"]:
        for case in ["refused", "in_use", "reset", "unreachable_network", "no_name", "not_available"]:
            start = ["env", f"LC_ALL={language}.UTF-8", f"{scratch}/client-c"]
            found["c"][f"{language[:2]}_{case}"] = [*start, case]
    return found


def build(scratch):
    for command in [
        ["javac", "-nowarn", "-d", scratch, "Client.java"],
        ["go", "build", "-o", f"{scratch}/client-go", "client.go"],
        ["rustc", "-o", f"{scratch}/client-rs", "client.rs"],
        ["gcc", "-o", f"{scratch}/client-c", "client.c"],
    ]:
        if shutil.which(command[0]):
            subprocess.run(command, cwd=PROGRAMS, check=True, env={**os.environ, "GOCACHE": f"{scratch}/go", "GOFLAGS": "-mod=mod"})


def serve(port, answer, wrap=None):
    def client_of(client):
        with contextlib.suppress(OSError):
            if wrap:
                client = wrap.wrap_socket(client, server_side=True)
            answer(client)

    def accept():
        while True:
            client, _ = server.accept()
            threading.Thread(target=client_of, args=(client,), daemon=True).start()

    server = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=accept, daemon=True).start()


def head_then(reply):
    def answer(client):
        client.recv(4096)
        client.sendall(reply)
        client.close()
    return answer


def reset(client):
    client.recv(4096)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()


def name_server():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    while True:
        query, sender = server.recvfrom(512)
        code = 2 if b"\4fail" in query else 3
        if b"\6silent" not in query:
            # the header, without the additional records of EDNS, and the question
            end = query.index(b"\0", 12) + 5
            server.sendto(query[:2] + bytes([0x81, 0x80 | code]) + query[4:6] + bytes(6) + query[12:end], sender)


def stage(scratch):
    for command in [
        "ip link set lo up",
        "ip link add lab0 type veth peer name lab1",
        "ip address add 192.0.2.1/24 dev lab0",
        "ip link set lab0 up",
        "ip link set lab1 up",
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {scratch}/key -out {scratch}/cert",
    ]:
        subprocess.run(command.split(), check=True, capture_output=True)
    config = pathlib.Path(scratch, "resolv.conf")
    config.write_text("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", config, "/etc/resolv.conf"], check=True)
    threading.Thread(target=name_server, daemon=True).start()
    held = []
    serve(12346, held.append)
    serve(12347, reset)
    serve(12348, head_then(b""))
    serve(12349, head_then(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"))
    serve(12350, head_then(b"SSH-2.0-OpenSSH_9.2\r\n"))
    serve(12351, head_then(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(f"{scratch}/cert", f"{scratch}/key")
    serve(12352, head_then(b""), tls)
    serve(12353, held.append)
    full = socket.socket()
    full.bind(("127.0.0.1", 12354))
    full.listen(0)
    held.append(full)
    held.append(socket.create_connection(("127.0.0.1", 12354)))
    serve(12355, lambda client: client.sendall(b"\xff\xfe"))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 12346))
    held.append(udp)
    return held


def main(runtimes):
    if INSIDE not in os.environ:
        os.execvpe("unshare", ["unshare", "-Urnm", sys.executable, *sys.argv], {**os.environ, INSIDE: "yes"})
    with tempfile.TemporaryDirectory() as scratch:
        build(scratch)
        held = stage(scratch)
        for runtime, cases in commands(scratch).items():
            first = next(iter(cases.values()))
            if (runtimes and runtime not in runtimes) or not shutil.which(first[0], path=f"{os.environ['PATH']}:/usr/sbin"):
                continue
            (HERE / runtime).mkdir(exist_ok=True)
            for case, command in cases.items():
                try:
                    done = subprocess.run(command, cwd=PROGRAMS, capture_output=True, timeout=10, stdin=subprocess.DEVNULL)
                    said = done.stderr + (done.stdout if runtime in ("php", "tools") else b"")
                except subprocess.TimeoutExpired:
                    said = b""
                if not said:
                    print(f"{runtime}/{case}: said nothing")
                    continue
                for here, there in [(PROGRAMS, "/home/siti/lab"), (scratch, "/home/siti/lab"),
                                    (sys.prefix, "/home/siti/venv"), (sys.base_prefix, "/usr")]:
                    said = said.replace(str(here).encode(), there.encode())
                (HERE / runtime / f"{case}.txt").write_bytes(said)
        del held


if __name__ == "__main__":
    main(sys.argv[1:])

"""Real servers on loopback, on ports of their own: BIND with a zone, nginx over HTTP and TLS with an authority made for
the occasion. Each is up when it answers, and ends with the `with` block."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

ZONE = """\
$TTL 60
@ IN SOA ns.lab.test. admin.lab.test. 1 3600 600 86400 60
@ IN NS ns.lab.test.
ns IN A 127.0.0.1
web IN A 127.0.0.1
six IN A 127.0.0.1
six IN AAAA ::1
www IN CNAME front
front IN CNAME web
other IN A 127.0.0.1
old IN A 127.0.0.1
text-only IN TXT "no address"
loop-a IN CNAME loop-b
loop-b IN CNAME loop-a
dangling IN CNAME nowhere
"""
# more than a datagram of 1232 bytes holds; BIND takes 100 at most
ZONE += "".join(f"big IN A 192.0.2.{last}\n" for last in range(1, 96))

NAMED = """\
options {{
  directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  recursion no;
  allow-query {{ any; }};
  minimal-responses yes;
}};
controls {{ }};
zone "lab.test" {{ type primary; file "lab.zone"; }};
// a zone that cannot be loaded: SERVFAIL for every name in it
zone "broken.test" {{ type primary; file "not-there.zone"; }};
"""

NGINX = """\
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; server_tokens off; keepalive_timeout 5;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  gzip on; gzip_min_length 100; gzip_types text/plain application/json;
  types {{ text/html html; text/plain txt; application/octet-stream bin; }}
  map $uri $loc {{ default /a; /a /b; /b /a; }}
  server {{
    listen 127.0.0.1:{plain}; listen [::1]:{plain};
    root {folder}/www;
    location = /moved {{ return 302 http://$http_host/page.html; }}
    location = /a {{ return 302 /b; }}
    location = /b {{ return 302 /a; }}
    location = /busy {{ add_header Retry-After 1 always; return 503; }}
    location = /nothing {{ return 444; }}
    location = /empty {{ return 204; }}
    location = /latin.txt {{ charset iso-8859-1; }}
  }}
  server {{ listen 127.0.0.1:{tls} ssl; server_name web.lab.test; root {folder}/www;
    ssl_certificate {folder}/good.pem; ssl_certificate_key {folder}/good.key; }}
  server {{ listen 127.0.0.1:{expired} ssl; root {folder}/www;
    ssl_certificate {folder}/expired.pem; ssl_certificate_key {folder}/expired.key; }}
  server {{ listen 127.0.0.1:{own} ssl; root {folder}/www;
    ssl_certificate {folder}/own.pem; ssl_certificate_key {folder}/own.key; }}
  server {{ listen 127.0.0.1:{old} ssl; root {folder}/www; ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA;
    ssl_certificate {folder}/good.pem; ssl_certificate_key {folder}/good.key; }}
}}
"""

AUTHORITY = """\
[ca]
default_ca = lab
[lab]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
certificate = {folder}/authority.pem
private_key = {folder}/authority.key
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def run(*words):
    ended = subprocess.run(words, capture_output=True, text=True)
    assert ended.returncode == 0, (words, ended.stdout, ended.stderr)


def certificates(folder):
    """An authority, and what it signed: for web.lab.test, for the same until 2020; and one that signed itself."""
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01")
    (folder / "ca.cnf").write_text(AUTHORITY.format(folder=folder))
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Lab authority",
        "-keyout", f"{folder}/authority.key", "-out", f"{folder}/authority.pem")
    dates = {"good": [], "expired": ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]}
    for name, extra in dates.items():
        run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=web.lab.test",
            "-addext", "subjectAltName=DNS:web.lab.test,DNS:www.lab.test,IP:127.0.0.1",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.csr")
        run("openssl", "ca", "-batch", "-config", f"{folder}/ca.cnf", "-in", f"{folder}/{name}.csr", "-notext",
            "-out", f"{folder}/{name}.pem", *(extra or ["-days", "30"]))
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=web.lab.test",
        "-addext", "subjectAltName=DNS:web.lab.test", "-keyout", f"{folder}/own.key", "-out", f"{folder}/own.pem")


def pages(folder):
    www = folder / "www"
    www.mkdir()
    page = "<!doctype html><title>Halo</title>\n" + "<p>Halo, dunia: ini halaman dari server web.</p>\n" * 40
    (www / "page.html").write_text(page)
    (www / "index.html").write_text(page)
    (www / "latin.txt").write_bytes("Café à la crème\n".encode("latin-1"))
    (www / "small.bin").write_bytes(os.urandom(100_000))
    return www


def wait_for(port, process):
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
        time.sleep(0.01)
    raise AssertionError(f"nobody listens on {port}")


def wait_for_zone(port):
    """BIND listens before it has read its zones."""
    for _ in range(500):
        asked = ["dig", "@127.0.0.1", "-p", str(port), "lab.test", "SOA", "+short", "+tries=1", "+time=1"]
        if subprocess.run(asked, capture_output=True, text=True).stdout.strip():
            return
        time.sleep(0.01)
    raise AssertionError("BIND does not serve the zone")


@contextlib.contextmanager
def servers(folder):
    """Gives the ports: dns, plain, tls, expired, own, old."""
    folder = pathlib.Path(folder)
    names = ["dns", "plain", "tls", "expired", "own", "old"]
    ports = dict(zip(names, free_ports(len(names))))
    certificates(folder)
    pages(folder)
    (folder / "lab.zone").write_text(ZONE)
    (folder / "named.conf").write_text(NAMED.format(folder=folder, port=ports["dns"]))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, **ports))
    log = open(folder / "servers.log", "w")
    named = shutil.which("named") or "/usr/sbin/named"
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    running = [
        subprocess.Popen([named, "-g", "-n", "1", "-c", f"{folder}/named.conf"], stdout=log, stderr=log),
        subprocess.Popen([nginx, "-p", str(folder), "-c", f"{folder}/nginx.conf"], stdout=log, stderr=log),
    ]
    try:
        wait_for(ports["dns"], running[0])
        wait_for_zone(ports["dns"])
        for name in names[1:]:
            wait_for(ports[name], running[1])
        yield ports
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
        log.close()

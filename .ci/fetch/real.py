"""`netfault fetch` and `netfault diagnose` against BIND and nginx on loopback, beside `dig` and `curl` on the same
targets: the same addresses, response codes, statuses and bodies; and each fault judged as itself."""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from servers import servers


def netfault(binary, *words, **more):
    run = subprocess.run([binary, *words, "--format", "json"], capture_output=True, text=True, **more)
    assert run.stdout, (words, run.stderr)
    return run.returncode, json.loads(run.stdout)


def dig(port, name, kind):
    run = subprocess.run(["dig", "@127.0.0.1", "-p", str(port), "+noall", "+comments", "+answer", "+tries=1", name, kind],
                         capture_output=True, text=True)
    code = run.stdout.split("status: ")[1].split(",")[0]
    # name, TTL, class, type, data
    records = [line.split() for line in run.stdout.splitlines() if line and not line.startswith(";")]
    addresses = {words[4] for words in records if words[3] == kind}
    aliases = [words[4].rstrip(".") for words in records if words[3] == "CNAME"]
    return code, addresses, aliases


def names(binary, port):
    print(f"{'name':<22} {'kind':<5} {'dig':<28} netfault")
    for name in ["web", "six", "www", "big", "nowhere", "text-only", "dangling"]:
        name += ".lab.test"
        code, found = netfault(binary, "diagnose", "dns", name, "--resolver", f"127.0.0.1:{port}")
        replies = {one["value"]["kind"]: one["value"] for one in found["evidence"] if one["field"] == "dns-reply"}
        for kind in ["A", "AAAA"]:
            status, addresses, aliases = dig(port, name, kind)
            said = replies[kind]
            theirs = f"{status} {len(addresses)}"
            ours = f"{said['code']} {len(said['addresses'])} over {said['over']}"
            print(f"{name:<22} {kind:<5} {theirs:<28} {ours}")
            assert (status, addresses) == (said["code"], set(said["addresses"])), (name, kind, said, addresses)
            assert [alias.rstrip(".") for alias in said["aliases"]] == aliases, (said, aliases)
        assert replies["A"]["over"] == ("tcp" if name.startswith("big") else "udp"), replies
        healthy = bool(dig(port, name, "A")[1])
        assert code == (0 if healthy else 1), (name, found["verdict"])
    status, *_ = dig(port, "www.broken.test", "A")
    assert status == "SERVFAIL", status
    faults = {
        "nowhere.lab.test": "no-such-name", "text-only.lab.test": "no-such-name",
        "www.broken.test": "server-failure", "not-ours.example": "server-failure",
    }
    for name, fault in faults.items():
        code, found = netfault(binary, "diagnose", "dns", name, "--resolver", f"127.0.0.1:{port}")
        verdict = found["verdict"]
        assert (code, verdict["fault"], verdict["confidence"]) == (1, f"name-resolution/{fault}", "proved"), (name, verdict)
        print(f"{name:<22} {verdict['fault']}, {verdict['confidence']}")


def curl(folder, url, *words):
    """Its exit code; status, redirections and address; the body; from the trace the bytes of the body as they came, and
    how many milliseconds after the last request the first byte of the response did."""
    body, trace = folder / "theirs", folder / "trace"
    body.unlink(missing_ok=True)
    run = subprocess.run(
        ["curl", "--silent", "--show-error", "--location", "--max-redirs", "5", "--compressed", "--output", str(body),
         "--trace-ascii", str(trace), "--trace-time", "--write-out", "%{http_code} %{num_redirects} %{remote_ip}",
         *words, url], capture_output=True, text=True)
    marks = re.findall(r"^(\S+) (=> Send header|<= Recv header|<= Recv data), (\d+) bytes", trace.read_text(), re.M)
    times = [datetime.datetime.strptime(time, "%H:%M:%S.%f") for time, *_ in marks]
    sent = max((number for number, mark in enumerate(marks) if mark[1] == "=> Send header"), default=0)
    came = sum(int(size) for _, what, size in marks[sent:] if what == "<= Recv data")
    first = (times[sent + 1] - times[sent]).total_seconds() * 1000 if len(times) > sent + 1 else None
    return run.returncode, run.stdout.split(), body.read_bytes() if body.exists() else b"", came, first


def pages(binary, folder, ports):
    plain = f"http://127.0.0.1:{ports['plain']}"
    targets = [f"{plain}/page.html", f"{plain}/small.bin", f"{plain}/latin.txt", f"{plain}/moved", f"{plain}/empty",
               f"{plain}/not-there", f"{plain}/busy", f"http://[::1]:{ports['plain']}/page.html",
               f"http://www.lab.test:{ports['plain']}/page.html", f"https://web.lab.test:{ports['tls']}/page.html"]
    print(f"\n{'page':<48} {'curl --trace-time':<37} netfault")
    for url in targets:
        host = url.split("/")[2].rsplit(":", 1)
        resolve = ["--resolve", f"{host[0]}:{host[1]}:127.0.0.1"] if "lab.test" in host[0] else []
        code, (status, redirects, address), theirs, came, first = curl(folder, url, "--cacert", f"{folder}/authority.pem", *resolve)
        ours = folder / "ours"
        ours.unlink(missing_ok=True)
        ended, found = netfault(binary, "fetch", url, "--resolver", f"127.0.0.1:{ports['dns']}", "--attempts", "1",
                                "--cacert", f"{folder}/authority.pem", "--output", str(ours))
        last = found["hops"][-1]
        said = last["response"]["status"]
        stages = {stage["name"]: stage["took"] for stage in last["stages"]}
        print(f"{url:<48} {status} {len(theirs):>7} bytes, first after {first:.2f} ms   "
              f"{said} {found['body']['bytes']:>7} bytes, first after {1000 * stages['first-byte']:.2f} ms")
        assert (code, int(status)) == (0, said), (url, code, found["failure"])
        assert ended == (0 if said < 300 else 1), (url, ended)
        assert len(found["hops"]) - 1 == int(redirects), found["hops"]
        assert last["peer"].rsplit(":", 1)[0].strip("[]") == address, (last["peer"], address)
        if said < 300:
            assert ours.read_bytes() == theirs, url
        assert found["body"]["bytes"] == len(theirs), (url, found["body"])
        if last["response"]["framing"] == "content-length":
            assert found["body"]["bytes_received"] == came, (url, found["body"], came)


def faults(binary, folder, ports):
    plain, unheard = ports["plain"], "http://127.0.0.1:9/"
    table = [
        (f"http://127.0.0.1:{plain}/not-there", "bad-response/error-status", 0),
        (f"http://127.0.0.1:{plain}/busy", "bad-response/error-status", 0),
        (f"http://127.0.0.1:{plain}/a", "bad-response/error-status", 47),
        (f"http://127.0.0.1:{plain}/nothing", "bad-response/no-reply", 52),
        (f"http://127.0.0.1:{ports['tls']}/", "bad-response/error-status", 0),
        (f"https://127.0.0.1:{plain}/", "bad-response/tls-handshake", 35),
        (f"https://web.lab.test:{ports['expired']}/", "bad-response/tls-handshake", 60),
        (f"https://other.lab.test:{ports['tls']}/", "bad-response/tls-handshake", 60),
        (f"https://web.lab.test:{ports['own']}/", "bad-response/tls-handshake", 60),
        (f"https://web.lab.test:{ports['old']}/", "bad-response/tls-handshake", 0),
        (f"http://nowhere.lab.test:{plain}/", "name-resolution/no-such-name", 6),
        (f"http://www.broken.test:{plain}/", "name-resolution/server-failure", 6),
        (unheard, "connection-refused/no-listener", 7),
    ]
    print(f"\n{'target':<46} {'curl':<5} netfault")
    trusted = {**os.environ, "SSL_CERT_FILE": f"{folder}/authority.pem"}
    for url, fault, expected in table:
        host = url.split("/")[2].rsplit(":", 1)
        resolve = []
        if host[0] in ("web.lab.test", "other.lab.test"):
            resolve = ["--resolve", f"{host[0]}:{host[1]}:127.0.0.1"]
        code, *_ = curl(folder, url, "--cacert", f"{folder}/authority.pem", *resolve)
        ended, found = netfault(binary, "diagnose", "http", url, "--resolver", f"127.0.0.1:{ports['dns']}", env=trusted)
        verdict = found["verdict"]
        print(f"{url:<46} {code:<5} {verdict['fault']}, {verdict['confidence']}; next: {found['next']}")
        assert code == expected, (url, code)
        assert (ended, verdict["fault"]) == (1, fault), (url, verdict, [e for e in found["evidence"]])
        assert verdict["confidence"] == "proved", (url, verdict)
    ended, found = netfault(binary, "diagnose", "http", f"http://six.lab.test:{plain}/", "--resolver",
                            f"127.0.0.1:{ports['dns']}")
    assert (ended, found["status"]) == (0, "healthy"), found
    # HTTP to a TLS port: nginx says 400, and the look at the port tells why
    ended, found = netfault(binary, "diagnose", "http", f"http://127.0.0.1:{ports['tls']}/")
    assert found["next"] == f"netfault diagnose http https://127.0.0.1:{ports['tls']}/", found["next"]


def main(binary):
    binary = os.path.abspath(binary)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        folder = pathlib.Path(folder)
        with servers(folder) as ports:
            names(binary, ports["dns"])
            pages(binary, folder, ports)
            faults(binary, folder, ports)


main(sys.argv[1])

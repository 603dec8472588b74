#!/usr/bin/env python3
"""Writes the traces beside this file: runs as the recorder would have written them, one of each kind that a report has
to tell well. The same bytes every time."""

import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent
SERVER, DOOR, UP = "127.0.0.1:9000", "127.0.0.1:9100", "127.0.0.1:41000"


class Trace:
    def __init__(self, name, title, actors, command=None, **header):
        self.lines, self.now, self.seq = [], 0.0, 0
        head = {"schema_version": 1, "seed": 7, "command": command or f"netfault scenario run scenarios/{name}.toml --seed 7"}
        if title:
            head["started"] = 1771000000.25
            head["host"] = {"system": "Linux 6.12.9", "machine": "x86_64", "netfault": "0.1.0", "privileged": False}
            en, id = title
            head["scenario"] = {
                "file": f"scenarios/{name}.toml", "name": name, "title": {"en": en, "id": id},
                "text": {"en": f"{en}. What it shows stands here.", "id": f"{id}. Yang ditunjukkannya ada di sini."},
                "parameters": header.get("parameters", {}), "actors": actors,
            }
        self.name = name
        self.add(head)

    def add(self, line):
        self.lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))

    def event(self, actor, event, after=0.001, **fields):
        self.now = round(self.now + after, 6)
        self.add({"seq": self.seq, "at": self.now, "actor": actor, "event": event, **fields})
        self.seq += 1
        return self.seq - 1

    def call(self, actor, op, after=0.001, took=0.0002, bytes=None, protocol="tcp", **call):
        call = {"op": op, "protocol": protocol, **call}
        self.event(actor, "started", after, **{k: v for k, v in call.items() if k != "local" or op != "connect"})
        more = {} if bytes is None else {"bytes": bytes}
        return self.event(actor, "finished", took, **call, **more)

    def fail(self, actor, op, why, after=0.001, took=0.0002, protocol="tcp", **call):
        call = {"op": op, "protocol": protocol, **call}
        self.event(actor, "started", after, **call)
        return self.event(actor, "failed", took, **call, **why, elapsed=round(took, 6))

    def launch(self, actor, pid, *command):
        return self.event(actor, "launched", pid=pid, command=list(command))

    def wrote(self, actor, text, stream="stdout", after=0.0005):
        return self.event(actor, "wrote", after, stream=stream, text=text)

    def step(self, text, name=None, after=0.0005):
        more = {} if name is None else {"name": name}
        return self.event("scenario", "step", after, text=text, **more)

    def injected(self, link, toxic, kind, stream, connection, client, did, bytes=None, by=None, after=0.0004):
        more = {key: value for key, value in {"bytes": bytes, "by": by}.items() if value is not None}
        return self.event(f"link {link}", "injected", after, toxic=toxic, type=kind, stream=stream, connection=connection,
                          client=client, did=did, **more)

    def check(self, en, id, want, got, passed, because=(), hint=None, points=None):
        check = {"name": {"en": en, "id": id}, "want": want, "got": got, "passed": passed}
        if hint:
            check["hint"] = dict(zip(("en", "id"), hint))
        if points is not None:
            check["points"] = points
        self.add({"check": {**check, "because": list(because)}})

    def end(self, status, reason=None):
        more = {"reason": dict(zip(("en", "id"), reason))} if reason else {}
        self.add({"end": {"status": status, "seconds": round(self.now + 0.05, 6), **more,
                          "replay": f"netfault scenario run scenarios/{self.name}.toml --seed 7"}})

    def save(self, name=None, cut=0):
        text = "\n".join(self.lines) + "\n"
        (HERE / f"{name or self.name}.ndjson").write_text(text[:len(text) - cut], encoding="utf-8")


def errno(name, code, message):
    return {"why": "errno", "errno": name, "code": code, "message": message}


REFUSED = errno("ECONNREFUSED", 111, "Connection refused")
RESET = errno("ECONNRESET", 104, "Connection reset by peer")


def listening(trace):
    trace.launch("server", 4100, "netfault", "serve", "--tcp", SERVER)
    trace.call("server", "bind", local=SERVER)
    trace.call("server", "listen", local=SERVER)
    trace.step("the timeline begins")


def passed():
    t = Trace("first-words", ("A client talks to a server", "Client berbicara dengan server"), ["server", "client"])
    listening(t)
    t.launch("client", 4101, "netfault", "send", "tcp", "--to", SERVER, "Ipin")
    t.call("client", "connect", local="127.0.0.1:50512", peer=SERVER)
    t.call("server", "accept", local=SERVER, peer="127.0.0.1:50512")
    t.call("client", "send", local="127.0.0.1:50512", peer=SERVER, asked=5, bytes=5)
    t.call("server", "recv", local=SERVER, peer="127.0.0.1:50512", bytes=5)
    t.call("server", "send", local=SERVER, peer="127.0.0.1:50512", asked=59, bytes=59)
    t.call("client", "recv", local="127.0.0.1:50512", peer=SERVER, bytes=59)
    out = t.wrote("client", "iPIN | 4 karakter | 2025-04-10 10:20:12 | Data telah diproses")
    t.call("client", "close", local="127.0.0.1:50512", peer=SERVER)
    end = t.event("client", "exited", 0.002, code=0)
    t.step("the timeline ends")
    t.event("server", "exited", 0.004, code=0)
    t.check("the client gets its reply", "client mendapat balasannya", "output that contains \"iPIN\"", "it does", True, [out], points=10)
    t.check("it ends well", "selesai dengan baik", "exit code 0", "exit code 0", True, [end])
    t.end("passed")
    t.save("passed")


def failed():
    t = Trace("late-server", ("A client that is faster than its server", "Client yang lebih cepat daripada servernya"),
              ["server", "client"], parameters={"client": "naive-send"})
    t.step("the timeline begins")
    t.launch("client", 4201, "netfault", "peer", "naive-send", "--to", SERVER, "Ipin")
    refused = t.fail("client", "connect", REFUSED, peer=SERVER)
    err = t.wrote("client", "ConnectionRefusedError: [Errno 111] Connection refused", "stderr")
    end = t.event("client", "exited", 0.003, code=1)
    t.launch("server", 4202, "python3", "server.py", "9000")
    t.wrote("server", "Server mendengarkan di 9000", after=0.2)
    t.step("the timeline ends", after=0.3)
    t.event("server", "exited", 0.01, signal="SIGTERM")
    t.add({"source": "sock_diag", "at": 0.0045, "field": "sockets", "value": {"protocol": "tcp", "port": 9000, "rows": []}})
    t.add({"source": "proxy", "at": 0.6, "field": "relayed", "value": {"link": "path", "connections": 0, "upstream": 0, "downstream": 0}})
    t.add({"of": "client", "event": refused, "verdict": {
        "fault": "connection-refused/no-listener", "confidence": "proved",
        "because": [{"event": refused}, {"evidence": 0}],
        "ruled_out": [{"fault": "connection-refused/wrong-family", "evidence": 0}, {"fault": "connection-refused/wrong-interface", "evidence": 0}],
        "unseen": ["packet-filter"]}})
    t.check("the client gets its reply", "client mendapat balasannya", "output that contains \"iPIN | 4 karakter\"", "no output at all", False,
            [refused, err], ("A refused connection may succeed a moment later: try again, with a growing delay.",
                             "Koneksi yang ditolak bisa berhasil sesaat kemudian: coba lagi dengan jeda yang bertambah."), 10)
    t.check("it ends well", "selesai dengan baik", "exit code 0", "exit code 1", False, [end], points=5)
    t.check("nothing is left running", "tidak ada yang tertinggal", "no process", "no process", True, points=5)
    t.end("failed")
    t.save("failed")


def faulty_link():
    t = Trace("flaky-link", ("Retries through a link that delays and resets", "Coba lagi lewat tautan yang menunda dan memutus"),
              ["client", "path", "server"])
    listening(t)
    t.event("link path", "finished", op="listen", protocol="tcp", local=DOOR)
    t.launch("client", 4301, "netfault", "send", "tcp", "--to", DOOR, "Ipin")
    for attempt in (1, 2, 3):
        mine = f"127.0.0.1:5060{attempt}"
        theirs = f"127.0.0.1:4100{attempt}"
        if attempt > 1:
            delay = 0.1 * 2 ** (attempt - 2)
            t.event("client", "retrying", 0.0003, attempt=attempt, delay=delay)
            t.now += delay
        t.call("client", "connect", local=mine, peer=DOOR)
        t.event("link path", "finished", 0.0002, op="accept", protocol="tcp", local=DOOR, peer=mine)
        t.call("server", "accept", local=SERVER, peer=theirs)
        t.call("client", "send", local=mine, peer=DOOR, asked=5, bytes=5)
        t.injected("path", "slow", "latency", "upstream", attempt, mine, "delayed", 5, 0.05)
        t.call("server", "recv", after=0.05, local=SERVER, peer=theirs, bytes=5)
        t.call("server", "send", local=SERVER, peer=theirs, asked=59, bytes=59)
        if attempt < 3:
            t.injected("path", "cutter", "reset_peer", "downstream", attempt, mine, "reset", 59)
            last = t.fail("client", "recv", RESET, after=0.0001, took=0.056, local=mine, peer=DOOR)
            if attempt == 2:
                t.step("remove cutter on path", "mended", after=0.02)
        else:
            t.call("client", "recv", took=0.003, local=mine, peer=DOOR, bytes=59)
            out = t.wrote("client", "iPIN | 4 karakter | 2025-04-10 10:20:12 | Data telah diproses")
    t.step("partition path", after=0.1)
    t.step("heal path", after=0.25)
    t.event("client", "exited", 0.002, code=0)
    t.step("the timeline ends")
    t.event("server", "exited", 0.004, code=0)
    t.add({"source": "proxy", "at": t.now, "field": "relayed", "value": {"link": "path", "connections": 3, "upstream": 15, "downstream": 59}})
    t.add({"of": "client", "event": last, "verdict": {"fault": "connection-reset/linger-zero", "confidence": "consistent",
                                                      "because": [{"event": last}], "ruled_out": [], "unseen": ["remote-host"]}})
    t.check("three attempts", "tiga percobaan", "3", "3", True)
    t.check("it gets its reply in the end", "akhirnya mendapat balasan", "iPIN", "iPIN | 4 karakter", True, [out], points=20)
    t.end("passed")
    t.save("faulty_link")


HOSTILE = "</script><img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202egnp.exe\u202c \u0000nul \u0007 ]]> &amp; \uffff " + "x" * 300


def hostile():
    name = "a</title><script>alert(1)</script>\u202e"
    t = Trace("hostile", (HOSTILE, HOSTILE), ["client", "<b>server</b>"], parameters={"text\"<i>": HOSTILE})
    t.lines[0] = t.lines[0].replace('"name":"hostile"', '"name":' + json.dumps(name))
    t.launch("<b>server</b>", 4400, "sh", "-c", HOSTILE)
    t.launch("client", 4401, "python3", "client.py", HOSTILE)
    t.call("client", "connect", local="127.0.0.1:50700", peer=SERVER)
    t.call("client", "send", local="127.0.0.1:50700", peer=SERVER, asked=400, bytes=400)
    stranger = t.fail("client", "recv", {"why": "stranger", "wanted": "iPIN", "got": HOSTILE}, local="127.0.0.1:50700", peer=SERVER)
    out = t.wrote("client", HOSTILE)
    t.wrote("client", HOSTILE, "stderr")
    t.event("scenario", "note", text=HOSTILE)
    t.step(HOSTILE)
    t.event("client", "exited", signal=HOSTILE)
    t.add({"source": "procfs", "at": 0.01, "field": "listed", "value": {"protocol": "tcp", "local": SERVER, "pid": 4400, "name": HOSTILE}})
    t.add({"of": "client", "event": stranger, "verdict": {"fault": "wrong-peer/port-hijack", "confidence": "consistent",
                                                          "because": [{"event": stranger}, {"evidence": 0}], "ruled_out": [], "unseen": []}})
    t.check(HOSTILE, HOSTILE, HOSTILE, HOSTILE, False, [out, stranger], (HOSTILE, HOSTILE), 1)
    t.check(HOSTILE, HOSTILE, HOSTILE, HOSTILE, None)
    t.end("failed", (HOSTILE, HOSTILE))
    t.save("hostile")


def many():
    dice = random.Random(7)
    t = Trace("many-requests", ("Five hundred requests", "Lima ratus permintaan"), ["client", "server"])
    listening(t)
    t.launch("client", 4501, "netfault", "peer", "ask", "--to", SERVER, "--times", "500")
    t.call("client", "connect", local="127.0.0.1:50800", peer=SERVER)
    t.call("server", "accept", local=SERVER, peer="127.0.0.1:50800")
    failures = 0

    def call(actor, op, after, **call):
        # A trace that was made small: of calls that do not wait only the ends.
        t.event(actor, "finished", after, op=op, protocol="tcp", **call)

    for number in range(500):
        call("client", "send", 0.001, local="127.0.0.1:50800", peer=SERVER, bytes=5)
        took = dice.lognormvariate(-6.6, 0.7)
        if number % 41 == 40:
            failures += 1
            t.fail("client", "recv", {"why": "deadline", "limit": 0.2}, after=0.00001, took=0.2 + dice.random() * 0.002,
                   local="127.0.0.1:50800", peer=SERVER)
        else:
            call("server", "recv", took / 3, local=SERVER, peer="127.0.0.1:50800", bytes=5)
            call("server", "send", took / 3, local=SERVER, peer="127.0.0.1:50800", bytes=59)
            t.call("client", "recv", after=0.00001, took=took / 3, local="127.0.0.1:50800", peer=SERVER, bytes=59)
    t.event("client", "exited", 0.002, code=0)
    t.check("at most twenty fail", "paling banyak dua puluh gagal", "at most 20", str(failures), True)
    t.end("passed")
    t.save("many")


def untraced():
    t = Trace("assignment", ("Two Python programs through a link", "Dua program Python lewat tautan"), ["server", "client", "path"])
    t.launch("server", 4600, "python3", "UDPServer.py", "9000")
    t.event("link path", "finished", op="listen", protocol="udp", local=DOOR)
    t.wrote("server", "Server siap", after=0.05)
    t.step("the timeline begins")
    t.launch("client", 4601, "python3", "UDPClient.py", "127.0.0.1", "9100")
    t.event("link path", "finished", 0.02, op="accept", protocol="udp", local=DOOR, peer="127.0.0.1:50900")
    dropped = t.injected("path", "loss", "loss", "upstream", 1, "127.0.0.1:50900", "dropped", 4)
    t.step("pause server", after=0.5)
    t.step("resume server", after=0.4)
    t.event("client", "exited", 4.0, limit="time")
    t.step("the timeline ends")
    t.event("server", "exited", 0.01, signal="SIGTERM")
    t.check("a lost datagram is sent again", "datagram yang hilang dikirim lagi", "at least 2 requests", "1 request", False, [dropped], points=30)
    t.check("the state of its sockets", "keadaan socket-nya", "no socket left", "this platform does not show it", None)
    t.end("failed")
    t.save("untraced")


def broken_set_up():
    t = Trace("no-such-program", ("A program that is not there", "Program yang tidak ada"), ["client"])
    t.step("the timeline begins")
    t.end("error", ("client: cannot start \"pyhton3\": No such file or directory", "client: \"pyhton3\" tidak dapat dijalankan: tidak ada"))
    t.save("broken_set_up")


def unsupported():
    t = Trace("three-hosts", ("Three hosts in a row", "Tiga host berderet"), ["a", "b"])
    t.end("unsupported", ("network = \"virtual\" needs the virtual network", "network = \"virtual\" memerlukan jaringan virtual"))
    t.save("unsupported")


def cut_off():
    t = Trace("cut-off", ("A run that was killed", "Run yang dimatikan"), ["server", "client"])
    listening(t)
    t.launch("client", 4701, "netfault", "send", "tcp", "--to", SERVER, "Ipin")
    t.event("client", "started", op="connect", protocol="tcp", peer=SERVER)
    t.wrote("client", "half a li")
    t.save("cut_off", cut=30)


for make in (passed, failed, faulty_link, hostile, many, untraced, broken_set_up, unsupported, cut_off):
    make()

"""toxiproxy-python: the calls that its documentation shows."""

import socket
import sys
import time

from toxiproxy import Toxiproxy
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists

api, upstream = sys.argv[1:]
host, port = api.split(":")
toxiproxy = Toxiproxy()
toxiproxy.update_api_consumer(host, int(port))


def exchange(proxy):
    address, number = proxy.listen.split(":")
    with socket.create_connection((address, int(number)), 5) as stream:
        stream.settimeout(5)
        stream.sendall(b"Ipin\n")
        return stream.recv(100)


def raises(wanted, call, *given, **named):
    try:
        call(*given, **named)
    except wanted:
        return
    raise AssertionError(f"{call} did not raise {wanted}")


assert toxiproxy.running() and b"2.12.0" in toxiproxy.version()
proxy = toxiproxy.create(name="transform", upstream=upstream)
assert exchange(proxy).startswith(b"iPIN")
raises(ProxyExists, toxiproxy.create, name="transform", upstream=upstream)
raises(InvalidToxic, proxy.add_toxic, type="latncy")
raises(NotFound, proxy.destroy_toxic, "nothing")

proxy.add_toxic(type="latency", attributes={"latency": 200})
assert proxy.toxics().keys() == {"latency_downstream"}
before = time.monotonic()
assert exchange(proxy).startswith(b"iPIN")
assert time.monotonic() - before >= 0.2
proxy.destroy_toxic("latency_downstream")
assert proxy.toxics() == {}

proxy.add_toxic(type="reset_peer", name="reset", stream="upstream", toxicity=1.0)
raises(ConnectionResetError, exchange, proxy)
assert toxiproxy.reset() and proxy.toxics() == {}

with proxy.down():
    raises(ConnectionRefusedError, exchange, proxy)
assert exchange(proxy).startswith(b"iPIN")

toxiproxy.populate([{"name": "transform", "upstream": upstream, "listen": proxy.listen},
                    {"name": "second", "upstream": upstream, "listen": "127.0.0.1:0"}])
assert toxiproxy.proxies().keys() == {"transform", "second"}
assert exchange(toxiproxy.get_proxy("second")).startswith(b"iPIN")
toxiproxy.destroy_all()
assert toxiproxy.proxies() == {}
print("toxiproxy-python: create, toxics, reset, down, populate, errors: as documented")

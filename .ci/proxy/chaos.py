"""chaostoolkit-toxiproxy: every action and probe that it has for proxies and toxics."""

import logging
import socket
import sys
import time

import requests
from chaostoxi.proxy import actions as proxies, probes
from chaostoxi.toxic import actions as toxics

logging.disable()
api, upstream = sys.argv[1:]
configuration = {"toxiproxy_url": f"http://{api}"}
host, port = upstream.split(":")


def exchange(timeout=5):
    address, number = probes.get_proxy_attribute("chaos", "listen", configuration).split(":")
    with socket.create_connection((address, int(number)), timeout) as stream:
        stream.settimeout(timeout)
        stream.sendall(b"Ipin\n")
        return stream.recv(100)


def fails(error):
    try:
        exchange(1)
    except error:
        return True
    return False


proxies.create_proxy("chaos", host, int(port), listen_host="127.0.0.1", configuration=configuration)
assert probes.proxy_exist("chaos", configuration)
assert exchange().startswith(b"iPIN")

added = [
    toxics.create_latency_toxic("chaos", "late", 100, 10, configuration=configuration),
    toxics.create_bandwith_degradation_toxic("chaos", "narrow", 1000, configuration=configuration),
    toxics.create_slow_connection_close_toxic("chaos", "slow", 10, configuration=configuration),
    toxics.create_slicer_toxic("chaos", "slices", 10, 5, 10, configuration=configuration),
    toxics.create_limiter_toxic("chaos", "limit", 4, configuration=configuration),
]
assert all(added), added
names = ["late", "narrow", "slow", "slices", "limit"]
shown = requests.get(f"http://{api}/proxies/chaos/toxics").json()
assert [toxic["name"] for toxic in shown] == names, shown
before = time.monotonic()
assert exchange() and time.monotonic() - before >= 0.09
for name in names:
    assert toxics.delete_toxic("chaos", name, configuration)

toxics.create_timeout_toxic("chaos", "silent", 0, configuration=configuration)
assert fails(TimeoutError)
assert proxies.reset(configuration)
assert exchange().startswith(b"iPIN")

proxies.disable_proxy("chaos", configuration)
assert fails(ConnectionRefusedError)
proxies.enable_proxy("chaos", configuration)
assert exchange().startswith(b"iPIN")
proxies.delete_proxy("chaos", configuration)
assert not probes.proxy_exist("chaos", configuration)
print("chaostoolkit-toxiproxy: proxies, six kinds of toxics, reset, down: as documented")

"""A router that forbids the way to 198.51.100.0/24 and says so with ICMP (type 3, code 13)."""
import contextlib, subprocess

HANDLED = "a rule forbids the way to 198.51.100.9"
ROUTER = """
echo unshared; read wired
ip link set lo up; ip address add 192.0.2.254/24 dev lab1; ip link set lab1 up
echo 1 > /proc/sys/net/ipv4/ip_forward
ip route add prohibit 198.51.100.0/24 && echo ready; read end
"""


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


@contextlib.contextmanager
def stage():
    pipe = subprocess.PIPE
    router = subprocess.Popen(["unshare", "-n", "sh", "-c", ROUTER], stdin=pipe, stdout=pipe, text=True)
    with router:
        assert router.stdout.readline() == "unshared\n"
        ip("link", "add", "lab0", "type", "veth", "peer", "name", "lab1", "netns", str(router.pid))
        ip("address", "add", "192.0.2.1/24", "dev", "lab0")
        ip("link", "set", "lab0", "up")
        ip("route", "add", "default", "via", "192.0.2.254")
        router.stdin.write("wired\n")
        router.stdin.flush()
        assert router.stdout.readline() == "ready\n"
        yield
        ip("link", "del", "lab0")
        router.stdin.close()

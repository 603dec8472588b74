"""Runs Toxiproxy's public clients against `netfault proxy`, unchanged: toxiproxy-node-client (npm), toxiproxy-python and
chaostoolkit-toxiproxy (PyPI). Each drives faults between real sockets and checks what its program saw.

    python3 .ci/proxy/clients.py BINARY
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).parent
binary = os.path.abspath(sys.argv[1])


def run(*command, **more):
    subprocess.run([str(word) for word in command], check=True, timeout=300, **more)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "toxiproxy-python==0.1.1", "chaostoolkit-toxiproxy==0.3.1")
    run("npm", "install", "--silent", "--no-fund", "--no-audit", "toxiproxy-node-client@4", cwd=folder)
    (folder / "node.mjs").write_text((HERE / "node.mjs").read_text())
    for client in ([python, HERE / "python_client.py"], [python, HERE / "chaos.py"], ["node", folder / "node.mjs"]):
        server = subprocess.Popen([binary, "serve", "--tcp", "127.0.0.1:0", "--reply", "classic"],
                                  stdout=subprocess.PIPE, text=True)
        proxy = subprocess.Popen([binary, "proxy", "--api", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            upstream = server.stdout.readline().split()[2]
            api = proxy.stdout.readline().split()[2]
            run(*client, api, upstream)
        finally:
            for process in (proxy, server):
                process.terminate()
                process.wait(30)
        assert proxy.returncode == 0, proxy.returncode

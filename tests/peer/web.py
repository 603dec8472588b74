"""What Python's own HTTP client makes of each answer: `web.py NAME=HOST:PORT…` prints a line for each; and of each
certificate: `web.py --ca FILE NAME=HOST:PORT…`, where each address is asked without and with trust in FILE."""

import http.client
import ssl
import sys
import urllib.request
import zlib

MOST = 1 << 20


def page(address):
    connection = http.client.HTTPConnection(address, timeout=20)
    connection.request("GET", "/")
    response = connection.getresponse()
    # With a limit, read() takes a body that is cut off for a whole one.
    body = response.read() if response.length else response.read(MOST)
    if response.getheader("Content-Encoding") == "gzip":
        body = zlib.decompressobj(wbits=31).decompress(body, MOST)
    charset = response.headers.get_content_charset()
    if len(body) == MOST:
        return f"{response.status} goes on"
    return f"{response.status} {len(body.decode(charset))} characters"


def secure(address, context):
    with urllib.request.urlopen(f"https://{address}/", context=context, timeout=20) as response:
        return f"{response.status} {len(response.read().decode())} characters"


def told(ask, *arguments):
    try:
        return ask(*arguments)
    except urllib.error.URLError as error:
        return getattr(error.reason, "verify_message", None) or str(error.reason)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return type(error).__name__


arguments = sys.argv[1:]
if arguments[0] == "--ca":
    _, authority, address = arguments
    print(told(secure, address, ssl.create_default_context()))
    print(told(secure, address, ssl.create_default_context(cafile=authority)))
else:
    for argument in arguments:
        name, address = argument.split("=")
        print(name, told(page, address), sep=": ")

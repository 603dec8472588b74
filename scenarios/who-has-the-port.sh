#!/usr/bin/env bash
# A server runs; another program wants its port. `diagnose` names the holder and says what would work instead; the
# server itself is healthy before and after.
set -euo pipefail
netfault=${NETFAULT:-netfault}

exec {output}< <(exec "$netfault" serve --tcp 127.0.0.1:0)
server=$!
read -r _ _ address <&"$output"

printf 'the server: '
"$netfault" diagnose tcp "$address" | head -1

if found=$("$netfault" diagnose bind "$address"); then
  printf 'the port should have been taken\n'
  exit 1
fi
printf '%s\n' "$found"
grep -q 'address-in-use/live-listener' <<<"$found"
if [[ -d /proc/self/fd ]]; then grep -q "pid $server" <<<"$found"; fi

kill "$server"
wait "$server"

printf 'nobody there any more: '
"$netfault" diagnose tcp "$address" | sed -n '1,2p' || true

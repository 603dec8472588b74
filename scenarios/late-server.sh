#!/usr/bin/env bash
# The client is started before its server. Naive: connection refused. Hardened: backoff until the server is up.
set -euo pipefail
netfault=${NETFAULT:-netfault}

# A port that is free: the one that a server had until now.
exec {output}< <(exec "$netfault" serve --tcp 127.0.0.1:0)
server=$!
read -r _ _ address <&"$output"
kill "$server"
wait "$server"

printf 'naive:\n'
if "$netfault" send tcp --to "$address" --naive Ipin; then
  printf 'nobody should have answered\n'
  exit 1
fi

printf 'hardened:\n'
"$netfault" send tcp --to "$address" --attempts 50 --timeout 20s Ipin &
client=$!
sleep 1 # the server is late: this is the fault, not a wait for something
exec {output}< <(exec "$netfault" serve --tcp "$address")
server=$!
wait "$client"
kill "$server"
wait "$server"

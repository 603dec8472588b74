#!/usr/bin/env bash
# A proxy between client and server resets the first connection, and delays the second.
# Naive: the program ends with the reset. Hardened: it tries again and gets its reply. The events say whose doing it was.
set -euo pipefail
netfault=${NETFAULT:-netfault}
work=$(mktemp -d)

exec {output}< <(exec "$netfault" serve --tcp 127.0.0.1:0)
server=$!
read -r _ _ upstream <&"$output"

# A fresh proxy for each client, so that each meets the first connection; its events go to a file.
through() {
  exec {events}< <(exec "$netfault" proxy --listen 0 --upstream "$upstream" --seed 7 --events \
    --toxic first_n:connections=1 --toxic latency:latency=200)
  proxy=$!
  read -r _ <&"$events"
  read -r listening <&"$events"
  address=${listening##*\"local\":\"}
  address=${address%%\"*}
  "$netfault" send tcp --to "$address" "$@" || printf 'exit code %s\n' "$?"
  kill "$proxy"
  cat <&"$events" >"$work/events"
}

printf 'naive:\n'
through --naive Ipin 2>&1 | sed -n '1,2p;$p'

printf 'hardened:\n'
through Ipin
printf 'what the proxy did:\n'
grep '"injected"' "$work/events" | sed 's/.*"toxic":"\([^"]*\)".*"connection":\([0-9]*\).*"did":"\([a-z]*\)".*/  \1: connection \2 \3/'
grep -q '"connection":1.*"did":"reset"' "$work/events"
grep -q '"connection":2.*"did":"delayed"' "$work/events"

kill "$server"
wait "$server" || true
rm -r "$work"

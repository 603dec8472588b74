#!/usr/bin/env bash
# A server closes a connection first, stops, and is started again at once on the same port.
# Naive: "address already in use", because the port is in TIME_WAIT. Hardened: it starts.
set -euo pipefail
netfault=${NETFAULT:-netfault}

# Starts a server with the given options; its address is in $address, its process in $server.
start() {
  exec {output}< <(exec "$netfault" serve "$@")
  server=$!
  read -r _ _ address <&"$output"
}

# A client that is being served while the server stops: the server closes first.
stop_while_serving() {
  exec {client}<>"/dev/tcp/${address%:*}/${address##*:}"
  printf 'Ipin\n' >&"$client"
  read -r reply <&"$client" || true # the naive server sends no line end
  printf 'reply: %s\n' "$reply"
  kill "$server"
  wait "$server" || true
  exec {client}>&-
}

printf 'naive:\n'
start --naive --tcp 127.0.0.1:0
stop_while_serving
if "$netfault" serve --naive --tcp "$address"; then
  printf 'the naive server should not have started\n'
  exit 1
fi

printf 'hardened:\n'
start --tcp 127.0.0.1:0
stop_while_serving
start --tcp "$address"
"$netfault" send tcp --to "$address" Upin
kill "$server"
wait "$server"

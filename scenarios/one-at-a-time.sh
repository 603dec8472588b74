#!/usr/bin/env bash
# A client connects and says nothing. A server that takes one client at a time serves nobody else; the event
# loop serves the next client beside it.
set -euo pipefail
netfault=${NETFAULT:-netfault}

for model in sequential event-loop; do
  exec {output}< <(exec "$netfault" serve --tcp 127.0.0.1:0 --model "$model")
  server=$!
  read -r _ _ address <&"$output"
  exec {idle}<>"/dev/tcp/${address%:*}/${address##*:}"
  printf '%s: ' "$model"
  if "$netfault" send tcp --to "$address" --timeout 1s Ipin 2>/dev/null; then
    served=yes
  else
    served=no
    printf 'no answer\n'
  fi
  exec {idle}>&-
  kill "$server"
  wait "$server"
  case $model:$served in
  sequential:no | event-loop:yes) ;;
  *) printf 'that should have gone the other way\n' && exit 1 ;;
  esac
done

#!/usr/bin/env bash
# Measures `netfault serve` (every limit on) beside its yardsticks, and prints ratios of one run: redis-server's
# inline PING, netload's raw echoes, and a tokio loop that answers one datagram at a time, on both of its runtimes. The server has one core,
# the load another. Absolute figures say more about the machine than about the programs.
#
#   benches/serve.sh [SECONDS A MEASUREMENT, default 3] [ROUNDS, default 3]
#
# NETLOAD is the source directory of the load generator (default ../shared/tools/netload beside the repository).
# SERVER is the command that serves on 127.0.0.1:$PORT over TCP and UDP; by default the release build of netfault.
# Needs Linux, two cores, taskset, python3 and redis-server.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-3}
rounds=${2:-3}
netload_source=${NETLOAD:-../shared/tools/netload}
target=$PWD/target
work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

for tool in taskset python3 redis-server; do
    command -v "$tool" >/dev/null || { echo "skipped: needs $tool"; exit 3; }
done
ulimit -n "$(ulimit -Hn)"
CARGO_TARGET_DIR=$target/netload cargo build --quiet --release --locked --manifest-path "$netload_source/Cargo.toml"
CARGO_TARGET_DIR=$target/peers cargo build --quiet --release --manifest-path benches/peers/tokio-udp/Cargo.toml
netload=$target/netload/release/netload
PORT=17100
export PORT
if [ -z "${SERVER:-}" ]; then
    cargo build --quiet --release --bin netfault
    SERVER="$target/release/netfault serve --tcp 127.0.0.1:$PORT --udp 127.0.0.1:$PORT --max-connections 16384"
fi

# start NAME COMMAND...: pins it to the first core.
declare -A pid_of
start() {
    local name=$1
    shift
    taskset -c 0 "$@" >"$work/$name.log" 2>&1 &
    pids+=($!)
    pid_of[$name]=$!
}
# wait_tcp PORT: until something listens.
wait_tcp() {
    for _ in $(seq 500); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        read -rt 0.02 <> <(:) || true
    done
    echo "nothing listens on port $1" >&2
    exit 4
}

# shellcheck disable=SC2086
start netfault $SERVER
start redis redis-server --port 17200 --bind 127.0.0.1 --save '' --appendonly no
start echo "$netload" echo --port 17300
start tokio "$target/peers/release/tokio-udp" 127.0.0.1:17400
start tokio-1 "$target/peers/release/tokio-udp" 127.0.0.1:17401 current-thread
start udpecho "$netload" udpecho --port 17500
wait_tcp $PORT
wait_tcp 17200
wait_tcp 17300

# measure FILE NAME PORT ARGUMENTS...: one JSON line more in FILE.
measure() {
    local file=$1 name=$2 port=$3
    shift 3
    taskset -c 1 "$netload" rr --host 127.0.0.1 --port "$port" --duration "$seconds" --server-pid "${pid_of[$name]}" \
        "$@" >>"$work/$file.$name"
}
ours=(--request ipin --expect-suffix 'Data telah diproses')
for _ in $(seq "$rounds"); do
    for depth in 1 16; do
        tcp=(--proto tcp --conns 64 --depth "$depth")
        measure "tcp-$depth" netfault $PORT "${tcp[@]}" "${ours[@]}"
        measure "tcp-$depth" redis 17200 "${tcp[@]}" --request PING --expect-prefix +PONG
        measure "tcp-$depth" echo 17300 "${tcp[@]}" --request ipin
    done
    udp=(--proto udp --conns 1 --depth 64 --no-seq)
    measure udp netfault $PORT "${udp[@]}" "${ours[@]}"
    measure udp tokio 17400 "${udp[@]}" --request ipin
    measure udp tokio-1 17401 "${udp[@]}" --request ipin
    measure udp udpecho 17500 "${udp[@]}" --request ipin
done
"$netload" idle --host 127.0.0.1 --port $PORT --sink-port 0 --conns 10000 --request 'ipin\n' \
    --server-pid "${pid_of[netfault]}" >"$work/idle"

python3 benches/ratios.py "$work"

#!/usr/bin/env bash
# Steady load for a long time, and whether anything grows: memory, descriptors, latency.
#
#   soak.sh [--build DIR] [--seconds N | --seconds-from VARIABLE] [--load PERCENT] [--out DIR]
#
# Measures for a few seconds how many requests a second one shard can take, then asks for 70 % of that: as many connections as it takes
# with a mock that waits 100 ms before it answers, a quarter of them streams. Samples once a second; writes soak.csv, latency.csv and
# soak.svg. Fails when a request failed, a descriptor was left, or memory grows beyond what chance explains (not judged under a sanitizer).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$root/load_tests
build=$root/build/release seconds=1200 load=70 out=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
  case $1 in
    --build) build=$2 ;;
    --seconds) seconds=$2 ;;
    --seconds-from) seconds=${!2:-20} ;;
    --load) load=$2 ;;
    --out) out=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
[[ $seconds =~ ^[0-9]+$ ]] && ((seconds >= 15 && seconds <= 7200)) || { echo "want --seconds 15..7200, got $seconds" >&2; exit 2; }
[[ $load =~ ^[0-9]+$ ]] && ((load >= 1 && load <= 100)) || { echo "want --load 1..100, got $load" >&2; exit 2; }
for tool in python3 curl; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 1; }; done
for program in naru naru-mock naru-load; do
  [ -x "$build/$program" ] || { echo "$build/$program is not built" >&2; exit 1; }
done

work=$(mktemp -d)
out=${out:-$work}
mkdir -p "$out"
mock_pid= naru_pid= sampler_pid=
finish() {
  local pid
  for pid in $sampler_pid $naru_pid $mock_pid; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() { # URL LOG
  local i
  for ((i = 0; i < 300; i++)); do
    curl -s -o /dev/null --max-time 1 --fail "$1" && return 0
    sleep 0.1
  done
  tail -n 20 "$2" >&2
  exit 1
}

mock=$(free_port) port=$(free_port) admin=$(free_port)
ulimit -n "$(ulimit -Hn)"
"$build/naru-mock" --lean --port "$mock" >"$work/mock.log" 2>&1 &
mock_pid=$!
wait_for "http://127.0.0.1:$mock/__mock/stats" "$work/mock.log"
cat >"$work/naru.yaml" <<YAML
listen: {traffic: {address: "127.0.0.1:$port"}, admin: {address: "127.0.0.1:$admin"}}
shards: 1
providers:
  one: {type: compatible, base_url: "http://127.0.0.1:$mock/v1", price: {input: 0.10, output: 0.40}}
  two: {type: compatible, base_url: "http://127.0.0.1:$mock/v1", price: {input: 0.20, output: 0.80}}
  local: off
models:
  fast:   {strategy: cheapest, deployments: [one/ok, two/ok]}
  whole:  {strategy: cheapest, deployments: [one/slow-100, two/slow-100], hedge: p95}
  stream: {strategy: cheapest, deployments: [one/slow-100+sse-20x64, two/slow-100+sse-20x64]}
YAML
"$build/naru" serve --config "$work/naru.yaml" >"$work/access.log" 2>"$work/naru.log" &
naru_pid=$!
wait_for "http://127.0.0.1:$admin/readyz" "$work/naru.log"

for model in fast whole stream; do
  more=; [ $model != stream ] || more=',"stream":true'
  printf '{"model":"%s","messages":[{"role":"user","content":"%s"}]%s}' "$model" "$(printf 'A landing is where boats come in. %.0s' {1..10})" "$more" >"$work/$model.json"
done
run() { # MODEL CONNECTIONS SECONDS
  "$build/naru-load" "http://127.0.0.1:$port/v1/chat/completions" --body "$work/$1.json" --connections "$2" --seconds "$3"
}
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
files() { ls "/proc/$naru_pid/fd" | wc -l; }

before=$(files)
capacity=$(run fast 32 3 | field requests_per_s)
connections=$(python3 -c "print(max(2, min(4000, round($capacity * $load / 100 * 0.1))))")
streams=$((connections / 4 > 0 ? connections / 4 : 1)) wholes=$((connections - connections / 4))
echo "one shard takes $capacity requests a second; $wholes connections and $streams streams ask for $load % of that, for $seconds s" >&2

# Pools, arenas and tables grow to their size once.
run stream "$streams" 10 >/dev/null &
job=$!
run whole "$wholes" 10 >/dev/null
wait "$job"
echo "second,rss_kb,files" >"$out/soak.csv"
(
  for ((second = 0; ; second++)); do
    echo "$second,$(awk '/^VmRSS/ {print $2}' "/proc/$naru_pid/status"),$(files)" >>"$out/soak.csv"
    sleep 1
  done
) &
sampler_pid=$!

echo "second,p50_us,p99_us,stream_p99_us,requests,errors" >"$out/latency.csv"
step=$((seconds / 40 < 5 ? 5 : seconds / 40))
for ((done = 0; done < seconds; done += step)); do
  run stream "$streams" "$step" >"$work/stream.out" &
  job=$!
  whole=$(run whole "$wholes" "$step")
  wait "$job"
  python3 - "$done" "$whole" "$work/stream.out" >>"$out/latency.csv" <<'PY'
import json, sys
whole, stream = json.loads(sys.argv[2]), json.load(open(sys.argv[3]))
print(sys.argv[1], whole["p50_us"], whole["p99_us"], stream["p99_us"], whole["requests"] + stream["requests"], whole["errors"] + stream["errors"], sep=",")
PY
done
kill "$sampler_pid" && sampler_pid=
sleep 2
after=$(files)
inflight=$(curl -s "http://127.0.0.1:$admin/metrics" | awk '/^naru_inflight_(requests|calls)/ {sum += $2} END {print sum + 0}')
virtual_kb=$(awk '/^VmSize/ {print $2}' "/proc/$naru_pid/status")
judge=yes; ((virtual_kb < 1024 * 1024 * 1024)) || judge=no # the address sanitizer reserves terabytes, and keeps what was freed
python3 "$here/soak_report.py" "$out" --files-before "$before" --files-after "$after" --inflight "$inflight" --judge-memory "$judge"

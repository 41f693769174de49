#!/usr/bin/env bash
# What the gateway costs beside nginx as a bare reverse proxy, in one run on the same mock.
#
#   compare.sh [--build DIR] [--rounds N] [--seconds S] [--idle N] [--only nginx|naru] [--tls] [--json FILE]
#              [--scenarios "json prompt code log agent sse paced idle"]
#
# The gateways run on one core, the mock and the load on another. Rounds are interleaved (direct, nginx, naru, then the other way
# round), so that what disturbs the machine disturbs all of them; figures are medians over the rounds, ratios are taken within a round.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$root/load_tests
build=$root/build/release rounds=5 seconds=5 idle=1000 only= tls= scenarios="json prompt code log agent sse paced idle" json=
gateway_core=${NARU_GATEWAY_CORE:-0} load_core=${NARU_LOAD_CORE:-1}
while [ $# -gt 0 ]; do
  if [ "$1" = --tls ]; then tls=1; shift; continue; fi
  [ $# -ge 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
  case $1 in
    --build) build=$2 ;;
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --idle) idle=$2 ;;
    --only) only=$2 ;;
    --scenarios) scenarios=$2 ;;
    --json) json=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
gateways=${only:-nginx naru}

[ "$(nproc --all)" -ge 2 ] || { echo "needs two cores: one for the gateway, one for mock and load" >&2; exit 1; }
for tool in taskset python3 curl; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 1; }; done
for program in naru-mock naru-load $([[ $gateways = *naru* ]] && echo naru); do
  [ -x "$build/$program" ] || { echo "$build/$program is not built" >&2; exit 1; }
done
nginx=$(PATH=$PATH:/usr/sbin command -v nginx || true)
[[ $gateways != *nginx* ]] || [ -n "$nginx" ] || { echo "needs nginx (apt install nginx-light)" >&2; exit 1; }

work=$(mktemp -d)
declare -A pid_of port_of
finish() {
  local name
  for name in "${!pid_of[@]}"; do kill "${pid_of[$name]}" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

wait_for() { # URL NAME LOG
  local i
  for ((i = 0; i < 200; i++)); do
    curl -sk -o /dev/null --max-time 1 --fail "$1" && return 0
    kill -0 "${pid_of[$2]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "$2 did not get ready; its log ends:" >&2
  tail -n 20 "$3" >&2
  exit 1
}

# TLS at both ends: one certificate for the mock, nginx and Naru; all three talk TLS to whoever calls them and to whom they call.
scheme=http transport=plain certificate=()
if [ -n "$tls" ]; then
  scheme=https transport=tls
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext "subjectAltName=IP:127.0.0.1" \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
  certificate=(--tls "$work/cert.pem" "$work/key.pem")
fi

# Lines of the templates that begin with #tls# count with --tls alone, those with #plain# without it.
fill() { # TEMPLATE  with @NAME@ from the environment of the call
  sed -e "s|^\( *\)#$transport# |\1|; s|@SCHEME@|$scheme|g; s|@DIR@|$work|g; s|@MOCK@|${port_of[direct]}|g; s|@PORT@|$port|g; s|@ADMIN@|${admin:-0}|g; s|@USER@|$user|g" "$1"
}
user=$([ "$(id -u)" = 0 ] && echo "user root;" || echo "")

ulimit -n "$(ulimit -Hn)"
port_of[direct]=$(free_port)
taskset -c "$load_core" "$build/naru-mock" --lean --coalesce "${NARU_SSE_COALESCE:-4}" --port "${port_of[direct]}" "${certificate[@]}" >"$work/mock.log" 2>&1 &
pid_of[direct]=$!
wait_for "$scheme://127.0.0.1:${port_of[direct]}/__mock/stats" direct "$work/mock.log"

if [[ $gateways = *nginx* ]]; then
  port=$(free_port)
  port_of[nginx]=$port
  fill "$here/nginx.conf.in" >"$work/nginx.conf"
  taskset -c "$gateway_core" "$nginx" -p "$work" -c "$work/nginx.conf" >"$work/nginx.log" 2>&1 &
  pid_of[nginx]=$!
  wait_for "$scheme://127.0.0.1:$port/__mock/stats" nginx "$work/nginx.log"
fi
export NARU_KEY_LOAD=naru-load-0123456789abcdefghij
if [[ $gateways = *naru* ]]; then
  port=$(free_port) admin=$(free_port)
  port_of[naru]=$port
  fill "$here/naru.yaml.in" >"$work/naru.yaml"
  taskset -c "$gateway_core" "$build/naru" serve --config "$work/naru.yaml" >"$work/naru.log" 2>&1 &
  pid_of[naru]=$!
  wait_for "http://127.0.0.1:$admin/readyz" naru "$work/naru.log"
fi

# One body for each scenario and naming of the models: the mock's directive, or Naru's model.
# The long texts are the corpora that the detectors are measured with; an agent's turn is a conversation of tool calls and their results.
python3 - "$work" "$root/tests/data/corpora" <<'PY'
import json, sys
work, corpora = sys.argv[1:3]
def corpus(name, size):
    with open(f"{corpora}/{name}.txt", encoding="utf-8") as text:
        return text.read()[:size]
def agent(size):
    messages, files = [], {"source_code": corpus("source_code", 190_000), "logs": corpus("logs", 190_000), "prose_en": corpus("prose_en", 190_000)}
    turn = 0
    while sum(len(json.dumps(m)) for m in messages) < size:
        name = list(files)[turn % 3]
        at = turn * 7_919 % 180_000
        messages.append({"role": "assistant", "content": None, "tool_calls": [{"id": f"call_{turn}", "type": "function", "function": {
            "name": "read_file", "arguments": json.dumps({"path": f"src/{name}/{turn}.txt", "from": at})}}]})
        messages.append({"role": "tool", "tool_call_id": f"call_{turn}", "content": files[name][at:at + 8_000]})
        turn += 1
    return messages
small = "Tell me in one sentence what a ferry landing is, and what it is for. " * 4
long = 32 * 1024
for scenario, text, directive, model, stream in (
    ("json", small, "ok", "small", False), ("prompt", corpus("prose_en", long), "ok", "small", False),
    ("code", corpus("source_code", long), "ok", "small", False), ("log", corpus("logs", long), "ok", "small", False),
    ("agent", agent(512 * 1024), "ok", "small", False),
    ("sse", small, "sse-200x64", "stream", True), ("paced", small, "paced-25x50x64", "paced", True), ("idle", small, "idle", "idle", True)):
    for kind, name in (("mock", directive), ("naru", model)):
        said = text if isinstance(text, list) else [{"role": "user", "content": text}]
        body = {"model": name, "messages": [{"role": "system", "content": "Be brief."}, *said]}
        if stream:
            body["stream"] = True
        with open(f"{work}/{scenario}.{kind}.json", "w") as out:
            json.dump(body, out, separators=(",", ":"))
PY

# The process and its children: nginx works in a child.
pids() { echo "${pid_of[$1]}" $(cat "/proc/${pid_of[$1]}/task/"*/children 2>/dev/null); }
ticks() { local p t=0; for p in $(pids "$1"); do t=$((t + $(sed 's/.*) //' "/proc/$p/stat" | awk '{print $12 + $13}'))); done; echo "$t"; }
rss_kb() { local p t=0; for p in $(pids "$1"); do t=$((t + $(awk '/^VmRSS/ {print $2}' "/proc/$p/status"))); done; echo "$t"; }

load() { # GATEWAY SCENARIO OPTIONS...
  local gateway=$1 scenario=$2 kind=mock
  shift 2
  [ "$gateway" != naru ] || kind=naru
  taskset -c "$load_core" "$build/naru-load" "$scheme://127.0.0.1:${port_of[$gateway]}/v1/chat/completions" \
    --body "$work/$scenario.$kind.json" --header "Authorization: Bearer $NARU_KEY_LOAD" "$@"
}

record() { # ROUND GATEWAY SCENARIO PHASE TICKS RSS_BEFORE RSS_AFTER RESULT
  printf '{"round":%s,"gateway":"%s","scenario":"%s","phase":"%s","ticks":%s,"rss_before_kb":%s,"rss_kb":%s,"load":%s}\n' "$@" >>"$work/results"
}

measured() { # ROUND GATEWAY SCENARIO PHASE OPTIONS...
  local round=$1 gateway=$2 scenario=$3 phase=$4 before result rss
  shift 4
  before=$(ticks "$gateway") rss=$(rss_kb "$gateway")
  result=$(load "$gateway" "$scenario" "$@")
  record "$round" "$gateway" "$scenario" "$phase" $(($(ticks "$gateway") - before)) "$rss" "$(rss_kb "$gateway")" "$result"
}

held() { # ROUND GATEWAY: memory and CPU while the streams are open and silent
  local round=$1 gateway=$2 rss before during spent job
  rss=$(rss_kb "$gateway")
  load "$gateway" idle --idle --connections "$idle" --seconds "$((seconds + 4))" >"$work/held" &
  job=$!
  sleep 3
  before=$(ticks "$gateway")
  sleep "$seconds"
  during=$(rss_kb "$gateway") spent=$(($(ticks "$gateway") - before))
  wait "$job"
  record "$round" "$gateway" idle held "$spent" "$rss" "$during" "$(cat "$work/held")"
  sleep 1
}

for ((round = 1; round <= rounds; round++)); do
  order="direct $gateways"
  ((round % 2)) || order=$(echo "$order" | tr ' ' '\n' | tac | tr '\n' ' ')
  for scenario in $scenarios; do
    echo "round $round of $rounds: $scenario" >&2
    for gateway in $order; do
      if [ "$scenario" = idle ]; then
        [ "$gateway" = direct ] || held "$round" "$gateway"
        continue
      fi
      load "$gateway" "$scenario" --connections 64 --seconds 1 >/dev/null
      measured "$round" "$gateway" "$scenario" full --connections 64 --seconds "$seconds"
      [ "$scenario" = paced ] || measured "$round" "$gateway" "$scenario" single --connections 1 --seconds "$seconds"
    done
  done
done

python3 "$here/report.py" "$work/results" "$(getconf CLK_TCK)" "$idle" "$seconds" ${json:+"$json"}

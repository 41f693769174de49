#!/usr/bin/env bash
# Builds Naru: scripts/build.sh [release|debug|asan|tsan] [TARGET...]. Leaves build/<kind>/naru and build/<kind>/naru-worker.
# Installs what is missing first (NARU_SKIP_PACKAGES=1: does not; NARU_NO_WORKER=1: builds without the embedded model).
. "$(dirname "$0")/lib/common.sh"
. "$NARU_ROOT/scripts/lib/llama.sh"

kind=${1:-release}
[ $# -eq 0 ] || shift
case $kind in release | debug | asan | tsan) ;; *) die "unknown kind '$kind': want release, debug, asan or tsan" ;; esac

# A release without tests needs fewer packages; NARU_TESTS=1 builds them there too (the load tests want that).
tests=ON packages=test
[ $kind != release ] || [ -n "${NARU_TESTS:-}" ] || tests=OFF packages=
[ -n "${NARU_SKIP_PACKAGES:-}" ] || install_packages $packages
worker=ON
[ -z "${NARU_NO_WORKER:-}" ] || worker=OFF
[ $worker = OFF ] || fetch_llama "$NARU_CACHE/llama"

if [ ! -f "$NARU_ROOT/build/$kind/build.ninja" ] || [ "$(cat "$NARU_ROOT/build/$kind/.configured" 2>/dev/null)" != "$worker$tests" ]; then
  say "configuring build/$kind"
  quietly "$NARU_CACHE/log/configure-$kind.log" cmake --preset "$kind" -S "$NARU_ROOT" \
    -DNARU_LOCAL_BACKEND=$worker -DNARU_TESTS=$tests -DNARU_LLAMA_DIR="$NARU_CACHE/llama"
  echo "$worker$tests" >"$NARU_ROOT/build/$kind/.configured"
fi
say "building build/$kind"
if [ -t 2 ]; then
  cmake --build "$NARU_ROOT/build/$kind" ${1:+--target "$@"} >&2
else
  quietly "$NARU_CACHE/log/build-$kind.log" cmake --build "$NARU_ROOT/build/$kind" ${1:+--target "$@"}
fi

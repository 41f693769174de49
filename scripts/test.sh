#!/usr/bin/env bash
# Builds and runs every test: the address+undefined build whole, the thread build for what crosses shards, the fuzz targets 30 s
# each, and the official clients. scripts/test.sh [CTEST ARGUMENT...] narrows to what ctest is told (-R name).
. "$(dirname "$0")/lib/common.sh"
. "$NARU_ROOT/scripts/lib/llama.sh"
. "$NARU_ROOT/scripts/lib/model.sh"

export NARU_MODEL=${NARU_MODEL:-$NARU_CACHE/models/SmolLM2-135M-Instruct.Q4_1.gguf}
"$NARU_ROOT/scripts/build.sh" asan
fetch_model "$NARU_MODEL"
find_npm npm # the official clients come by it
export PATH="$(dirname "$npm"):$PATH"
if [ $# -eq 0 ]; then
  "$NARU_ROOT/scripts/build.sh" tsan tsan_tests
  "$NARU_ROOT/scripts/fuzz.sh" 30
  say "tests that cross shards, under the thread sanitizer"
  TSAN_OPTIONS="suppressions=$NARU_ROOT/tests/support/tsan.supp ${TSAN_OPTIONS:-}" \
    ctest --test-dir "$NARU_ROOT/build/tsan" -L tsan --output-on-failure --no-tests=error >&2 || die "a test failed under the thread sanitizer"
fi
# Long tests run for a minute here; their own length is in load_tests/README.md.
export NARU_CHAOS_SECONDS=${NARU_CHAOS_SECONDS:-60} NARU_SOAK_SECONDS=${NARU_SOAK_SECONDS:-60}
say "all tests, under the address and undefined-behaviour sanitizers"
ctest --test-dir "$NARU_ROOT/build/asan" --output-on-failure --no-tests=error -j 2 "$@"

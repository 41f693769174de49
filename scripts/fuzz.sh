#!/usr/bin/env bash
# Runs every fuzz target for SECONDS each over its committed corpus: scripts/fuzz.sh [SECONDS] [TARGET...]. New inputs go to
# .cache/fuzz/<target>; a crash is left in .cache/fuzz/crash-* and fails.
. "$(dirname "$0")/lib/common.sh"
seconds=${1:-30}
[ $# -eq 0 ] || shift
out=$NARU_CACHE/fuzz
mkdir -p "$out"
"$NARU_ROOT/scripts/build.sh" asan fuzz_targets
targets=("$@")
[ ${#targets[@]} -gt 0 ] || for program in "$NARU_ROOT"/build/asan/fuzz/*_fuzz; do targets+=("$(basename "$program" _fuzz)"); done
fuzz_one() { # TARGET
  mkdir -p "$out/$1"
  "$NARU_ROOT/build/asan/fuzz/${1}_fuzz" -max_total_time="$seconds" -rss_limit_mb=2048 -max_len=65536 -timeout=10 -artifact_prefix="$out/crash-$1-" \
    "$out/$1" "$NARU_ROOT/tests/fuzz/corpus/$1" >"$out/$1.log" 2>&1 || {
    tail -n 30 "$out/$1.log" >&2
    die "the fuzz target $1 found an input that breaks it: see $out/crash-$1-*"
  }
  say "fuzz $1: $(grep -o 'Done [0-9]* runs in [0-9]* second' "$out/$1.log" || echo done)"
}
export -f fuzz_one say die
export out seconds
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'set -euo pipefail; fuzz_one {}' || die "fuzzing failed"

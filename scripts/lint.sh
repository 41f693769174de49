#!/usr/bin/env bash
# Checks how the code looks: scripts/lint.sh format (all files), scripts/lint.sh fix (formats them), scripts/lint.sh tidy [FILE...]
# (clang-tidy over the files named, else those changed since main; warnings are errors).
. "$(dirname "$0")/lib/common.sh"
cd "$NARU_ROOT"
sources() { find core providers policies config gateway local_backend load_tests tests -name '*.cpp' -o -name '*.hpp'; }
case ${1:-format} in
  format) sources | xargs -P "$(nproc)" -n 40 clang-format-19 --dry-run --Werror || die "not formatted: scripts/lint.sh fix" ;;
  fix) sources | xargs -P "$(nproc)" -n 40 clang-format-19 -i ;;
  tidy)
    shift
    files=("$@")
    [ ${#files[@]} -gt 0 ] || mapfile -t files < <(git diff --name-only --diff-filter=d main -- '*.cpp')
    [ ${#files[@]} -gt 0 ] || die "nothing has changed since main: name the files"
    [ -f build/debug/compile_commands.json ] || cmake --preset debug >/dev/null
    printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build/debug --quiet
    ;;
  *) die "want format, fix or tidy" ;;
esac

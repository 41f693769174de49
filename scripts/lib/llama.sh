# Fetches what naru-worker is built from: the prebuilt llama.cpp runtime and its headers, both pinned by local_backend/package-lock.json,
# whose integrity hashes npm checks. Sourced after common.sh.
#
# Leaves DIR/{lib,include,ggml,common}, which cmake/llama.cmake takes as NARU_LLAMA_DIR. Does nothing when DIR is of this lock file already.
. "$(dirname "${BASH_SOURCE[0]}")/pip.sh"

fetch_llama() { # DIR
  local dir=$1 lock=$NARU_ROOT/local_backend/package-lock.json stamp
  stamp=$(cat "$lock" "$NARU_ROOT/scripts/lib/llama.sh" | sha256sum | cut -d' ' -f1)
  [ "$(cat "$dir/.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
    die "the prebuilt llama.cpp is for Linux on x86_64, this is $(uname -s) on $(uname -m): install llama.cpp, or set NARU_NO_WORKER=1 to build without the local model"
  command -v git >/dev/null || die "git is needed to unpack llama.cpp's headers: apt install git"

  local work=$dir.new npm modules
  rm -rf "$work"
  mkdir -p "$work/npm"
  cp "$NARU_ROOT/local_backend/package.json" "$lock" "$work/npm/"
  find_npm npm
  say "fetching the llama.cpp runtime (70 MB, once)"
  quietly "$NARU_CACHE/log/llama-npm.log" env PATH="$(dirname "$npm"):$PATH" \
    "$npm" ci --prefix "$work/npm" --ignore-scripts --omit=optional --no-audit --no-fund
  modules=$work/npm/node_modules
  mv "$modules/@node-llama-cpp/linux-x64/bins/linux-x64" "$work/lib"
  rm "$work/lib/llama-addon.node" # the addon for Node; what is left are llama.cpp's own libraries
  quietly "$NARU_CACHE/log/llama-headers.log" git clone -q "$modules/node-llama-cpp/llama/gitRelease.bundle" "$work/source"
  mkdir "$work/ggml"
  mv "$work/source/ggml/include" "$work/ggml/include"
  mv "$work/source/include" "$work/source/common" "$work/source/LICENSE" "$work/"
  rm -rf "$work/npm" "$work/source"
  echo "$stamp" >"$work/.stamp"
  rm -rf "$dir"
  mv "$work" "$dir"
}

# An npm that reads this lock file (version 3: npm 7 and newer): the machine's own, else one of a pinned Node in the cache.
find_npm() { # RESULT
  local -n found=$1
  local version
  found=$(command -v npm || true)
  version=$([ -z "$found" ] || "$found" --version 2>/dev/null | cut -d. -f1)
  [ "${version:-0}" -lt 7 ] || return 0
  local node=$NARU_CACHE/node
  found=$node/bin/npm
  [ ! -x "$found" ] || return 0
  say "fetching Node for its npm (once)"
  rm -rf "$node"
  pip_venv "$node"
  quietly "$NARU_CACHE/log/node.log" "$node/bin/python" -m pip install --no-deps --require-hashes -r "$NARU_ROOT/scripts/lib/node.requirements"
  [ -x "$found" ] || die "the pinned Node brought no npm; see $NARU_CACHE/log/node.log"
}

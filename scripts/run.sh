#!/usr/bin/env bash
# One command to a working gateway: installs what is missing, builds, fetches the shipped model, starts Naru and stays in the
# foreground. Ctrl-C ends it at once, SIGTERM in good order. Arguments go to `naru serve`.
. "$(dirname "$0")/lib/common.sh"
. "$NARU_ROOT/scripts/lib/model.sh"

"$NARU_ROOT/scripts/build.sh" release naru naru-worker
export NARU_MODEL=${NARU_MODEL:-$NARU_CACHE/models/SmolLM2-135M-Instruct.Q4_1.gguf}
fetch_model "$NARU_MODEL"

naru=$NARU_ROOT/build/release/naru
config=(--config "$NARU_ROOT/config/naru.yaml")
for argument in "$@"; do [ "$argument" != --config ] || config=(); done
ready=$(mktemp)
trap 'rm -f "$ready"' EXIT

# Naru writes its addresses to this file once it is ready; the watcher prints them and ends. The shell itself becomes Naru, so that
# signals reach it and nothing else.
(
  trap '' INT
  for _ in $(seq 600); do
    if [ -s "$ready" ]; then
      . "$ready"
      rm -f "$ready"
      cat >&2 <<TEXT

Naru is ready: $NARU_URL/v1  (admin: $NARU_ADMIN)

  curl $NARU_URL/v1/chat/completions -H 'content-type: application/json' \\
    -d '{"model": "local", "temperature": 0, "messages": [{"role": "user", "content": "What is the capital of France?"}]}'

Ctrl-C ends it.
TEXT
      exit 0
    fi
    kill -0 $$ 2>/dev/null || exit 1
    sleep 0.2
  done
) &
trap - EXIT
exec "$naru" serve "${config[@]}" --ready-file "$ready" "$@"

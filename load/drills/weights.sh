#!/usr/bin/env bash
# 100 weight changes of a canary under load: 0 failed, each takes effect, the last one is what traffic shows.
set -euo pipefail
exec "$(dirname "$0")/play.sh" weights "$@"

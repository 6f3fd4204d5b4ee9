#!/usr/bin/env bash
# SIGKILL every local backend under load: 0 failed, all later traffic is the remote cluster's.
set -euo pipefail
exec "$(dirname "$0")/play.sh" kill-local "$@"

#!/usr/bin/env bash
# SIGKILL every local backend under load, then start them again: 0 failed, traffic returns.
set -euo pipefail
exec "$(dirname "$0")/play.sh" restore "$@"

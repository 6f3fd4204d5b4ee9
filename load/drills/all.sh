#!/usr/bin/env bash
# Every drill after the other, and a table.
set -euo pipefail
exec "$(dirname "$0")/play.sh" all "$@"

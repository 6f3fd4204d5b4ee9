#!/usr/bin/env bash
# Take the local endpoints out of the EndpointSlice under load and put them back, three times: 0 failed, traffic follows.
set -euo pipefail
exec "$(dirname "$0")/play.sh" remove-slice "$@"

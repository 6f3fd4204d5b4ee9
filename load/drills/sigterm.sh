#!/usr/bin/env bash
# SIGTERM to one of two gateways behind a load balancer: 0 failed, it ends by itself, the other takes all.
set -euo pipefail
exec "$(dirname "$0")/play.sh" sigterm "$@"

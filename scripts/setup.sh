#!/usr/bin/env bash
# Checks for what a build and the demo need; installs etcd where it may, and says in one line what is missing.
set -euo pipefail

need='.NET SDK 10.0.100 or newer is needed: install it from your distribution or with https://dot.net/v1/dotnet-install.sh --channel 10.0'
command -v dotnet >/dev/null || { echo "$need (no dotnet on PATH)" >&2; exit 1; }
dotnet --list-sdks | grep -qE '^10\.0\.[1-9][0-9]{2}' || { echo "$need (found: $(dotnet --list-sdks | tr '\n' ' '))" >&2; exit 1; }

if ! command -v etcd >/dev/null; then
  "$(dirname "$0")/install.sh" etcd-server || echo 'etcd is needed by the demo and by tests: install it (Debian: apt-get install etcd-server)' >&2
fi

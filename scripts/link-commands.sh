#!/usr/bin/env bash
# Leaves runnable commands in bin/: link-commands.sh ARTIFACTS CONFIG
set -euo pipefail

artifacts=$1 config=$2
mkdir -p bin
command_for() { # name project
  cat >"bin/$1" <<EOF
#!/bin/sh
exec dotnet "\$(dirname "\$(readlink -f "\$0")")/../$artifacts/$2/$config/$1.dll" "\$@"
EOF
  chmod +x "bin/$1"
}
command_for clustermesh-ingress Ingress
command_for clustermesh-agent Agent
command_for clustermesh-proxy Proxy
command_for clustermesh Cli

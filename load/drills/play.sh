#!/usr/bin/env bash
# Plays one drill by name within a bounded time. The named scripts beside this one call it.
set -euo pipefail
cd "$(dirname "$0")/../.."

name=$1
shift
seconds=60
[ "$name" = all ] && seconds=360

for command in clustermesh clustermesh-ingress; do
    [ -x "${CLUSTERMESH_BIN:-bin}/$command" ] || { echo "${CLUSTERMESH_BIN:-bin}/$command is missing: run \"make build\" first" >&2; exit 1; }
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build load/Load.csproj -c Release -v q -m:1 --nologo >"$log" 2>&1 || { cat "$log" >&2; exit 1; }

# timeout signals the whole process group, so what the drill started ends too, whatever happens to the drill itself.
# It also takes that group out of the terminal's: pass Ctrl-C on.
timeout -k 5 "$seconds" dotnet artifacts/bin/Load/release/ClusterMesh.Load.dll drill "$name" "$@" &
drill=$!
trap 'kill -TERM "$drill" 2>/dev/null || true' INT TERM
result=0
wait "$drill" || result=$?
while kill -0 "$drill" 2>/dev/null; do wait "$drill" || result=$?; done
exit "$result"

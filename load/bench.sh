#!/usr/bin/env bash
# Measures our gateway against its peers, what clusters cost each other, and the data path against the kernel's own, both sides in turn
# in one run, and prints "ratio NAME VALUE". About 20 minutes; "redirect": the way through the node's proxy alone, 7 minutes; --quick tries
# the harness (its figures mean nothing and are not kept in load/results).
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
for tool in nginx:nginx-light haproxy:haproxy wrk:wrk taskset:util-linux etcd:etcd-server ip:iproute2 nsenter:util-linux nft:nftables; do
    PATH=$PATH:/usr/sbin command -v "${tool%:*}" >/dev/null || missing+=("${tool#*:}")
done
export PATH=$PATH:/usr/sbin
if [ ${#missing[@]} -gt 0 ]; then
    scripts/install.sh "${missing[@]}"
fi
[ "$(nproc)" -ge 2 ] || { echo "the bench needs two cores: one for the server, one for load and backend" >&2; exit 1; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in load/Load.csproj load/Bench/*/*.csproj; do
    dotnet build "$project" -c Release -v q -m:1 --nologo >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
done

redirect=
if [ "${1:-}" = redirect ]; then redirect=redirect; shift; fi
stamp=$(date -u +%Y-%m-%d-%H%M)
out=load/results/$stamp${redirect:+-redirect}.txt
case " $* " in *" --quick "*) out=artifacts/bench-quick.txt ;; esac
mkdir -p "$(dirname "$out")"
head=$(mktemp)
trap 'rm -f "$log" "$head"' EXIT
{
    echo "# $stamp UTC, load/bench.sh ${redirect:+redirect }$*"
    echo "# commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)$(git diff --quiet HEAD 2>/dev/null || echo ' with local changes')"
    echo "# $(nginx -v 2>&1), $(haproxy -v | head -n 1), $({ wrk -v || true; } 2>&1 | head -n 1)"
} | tee "$head"

result=0
# timeout signals the whole process group, so everything started ends too; it also hides Ctrl-C from that group: pass it on.
run() {
    timeout -k 10 "$@" &
    local bench=$!
    trap 'kill -TERM "$bench" 2>/dev/null || true; result=130' INT TERM
    wait "$bench" || result=$?
    while kill -0 "$bench" 2>/dev/null; do wait "$bench" || result=$?; done
}
datapath=artifacts/bin/DatapathBench/release/ClusterMesh.DatapathBench.dll
if [ -z "$redirect" ]; then
    run 1000 dotnet artifacts/bin/Load/release/ClusterMesh.Load.dll bench --out "$out" "$@"
else
    : >"$out"
fi
if [ "$result" -eq 0 ]; then
    inside=$(mktemp)
    if [ -z "$redirect" ]; then
        run 300 taskset -c 0 dotnet artifacts/bin/Bench/release/ClusterMesh.Bench.dll "$@" >"$inside"
        # What clusters cost each other; real etcds need the second core.
        run 900 dotnet artifacts/bin/MeshBench/release/ClusterMesh.MeshBench.dll "$@" >>"$inside"
        # The data path; without root it says so and measures nothing.
        run 240 dotnet "$datapath" "$@" paths services agent >>"$inside"
    fi
    # The way through the node's proxy, what it costs, and what it costs everything else.
    run 900 dotnet "$datapath" "$@" redirect beside proxy >>"$inside"
    tee -a "$out" <"$inside"
    rm -f "$inside"
fi

cat "$head" "$out" >"$log" && cp "$log" "$out"
echo "saved in $out"
exit "$result"

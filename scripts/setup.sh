#!/usr/bin/env bash
# Checks for what a build and the demo need; installs etcd where it may, and says in one line what is missing.
set -euo pipefail

need='.NET SDK 10.0.100 or newer is needed: install it from your distribution or with https://dot.net/v1/dotnet-install.sh --channel 10.0'
command -v dotnet >/dev/null || { echo "$need (no dotnet on PATH)" >&2; exit 1; }
dotnet --list-sdks | grep -qE '^10\.0\.[1-9][0-9]{2}' || { echo "$need (found: $(dotnet --list-sdks | tr '\n' ' '))" >&2; exit 1; }

install=$(dirname "$0")/install.sh
if ! command -v etcd >/dev/null; then
  "$install" etcd-server || echo 'etcd is needed by the demo and by tests: install it (Debian: apt-get install etcd-server)' >&2
fi

# The data path is built and tested where it can be; everything else works without.
have_bpf() { command -v clang >/dev/null && command -v llvm-strip >/dev/null && [ -e /usr/include/bpf/bpf_helpers.h ] && ldconfig -p | grep -F 'libbpf.so.1 ' >/dev/null; }
if ! have_bpf; then
  "$install" clang llvm libbpf-dev libbpf1 || echo 'clang, llvm, libbpf-dev and libbpf1 are needed to build the data path: it is left out' >&2
fi

# What the agent's data path and the lab call.
tools=()
command -v nft >/dev/null || tools+=(nftables)
command -v ip >/dev/null || tools+=(iproute2)
command -v nsenter >/dev/null || tools+=(util-linux)
if [ "${#tools[@]}" -gt 0 ]; then
  "$install" "${tools[@]}" || echo "not installed: ${tools[*]}: the data path and the lab need them" >&2
fi

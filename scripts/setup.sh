#!/usr/bin/env bash
# Checks for what a build needs; says in one line what is missing.
set -euo pipefail

need='.NET SDK 10.0.100 or newer is needed: install it from your distribution or with https://dot.net/v1/dotnet-install.sh --channel 10.0'
command -v dotnet >/dev/null || { echo "$need (no dotnet on PATH)" >&2; exit 1; }
dotnet --list-sdks | grep -qE '^10\.0\.[1-9][0-9]{2}' || { echo "$need (found: $(dotnet --list-sdks | tr '\n' ' '))" >&2; exit 1; }

# The data path is built and tested where it can be; everything else works without.
have_bpf() { command -v clang >/dev/null && command -v llvm-strip >/dev/null && [ -e /usr/include/bpf/bpf_helpers.h ] && ldconfig -p | grep -F 'libbpf.so.1 ' >/dev/null; }
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && ! have_bpf; then
  echo "  SETUP   clang llvm libbpf-dev libbpf1"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends clang llvm libbpf-dev libbpf1; } >/dev/null 2>&1 || echo "clang and libbpf could not be installed: the data path is not built" >&2
fi

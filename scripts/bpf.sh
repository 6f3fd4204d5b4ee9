#!/usr/bin/env bash
# Builds the eBPF programs: each hook into artifacts/bpf, those that only tests load into artifacts/bpf-tests.
set -euo pipefail

# The newest clang there is; Debian's packages of one version have no plain name.
newest() { compgen -c "$1" | grep -xE "$1(-[0-9]+)?" | sort -V | tail -1 || true; }
clang=$(command -v clang || newest clang)
strip=$(command -v llvm-strip || newest llvm-strip)
if [ -z "$clang" ] || [ -z "$strip" ] || ! [ -e /usr/include/bpf/bpf_helpers.h ]; then
  echo "  BPF     skipped: clang, llvm and libbpf-dev are needed to build the data path, libbpf1 to run it" >&2
  exit 0
fi

build() { # source-directory target-directory
  local source object
  mkdir -p "$2"
  for source in "$1"/*.bpf.c; do
    object=$2/$(basename "$source" .bpf.c).o
    # Any header may be in any object.
    if [ -e "$object" ] && [ -z "$(find "$1" Bpf/Programs scripts/bpf.sh -name '*.[ch]' -newer "$object" -o -name bpf.sh -newer "$object")" ]; then continue; fi
    echo "  BPF     $source"
    "$clang" -O2 -g -target bpf -mcpu=v3 -Wall -Wextra -Werror -IBpf/Programs -idirafter "/usr/include/$(uname -m)-linux-gnu" -c "$source" -o "$object.new"
    # Away with DWARF; the BTF stays.
    "$strip" -g "$object.new"
    mv "$object.new" "$object"
  done
}
build Bpf/Programs artifacts/bpf
build tests/Bpf.Tests/Programs artifacts/bpf-tests

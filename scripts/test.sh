#!/usr/bin/env bash
# Runs every ring of tests that this machine can run and ends with one line that counts them: test.sh CONFIG
set -uo pipefail

# curl types the README's lines, etcdctl looks into our etcds from outside, npm brings a gRPC client that is not ours, ping asks in namespaces,
# nginx and wrk are what the proxy's bench measures against and with.
missing=()
command -v curl >/dev/null || missing+=(curl)
command -v etcdctl >/dev/null || missing+=(etcd-client)
command -v npm >/dev/null || missing+=(nodejs npm)
command -v ping >/dev/null || missing+=(iputils-ping)
PATH=$PATH:/usr/sbin command -v nginx >/dev/null || missing+=(nginx-light)
command -v wrk >/dev/null || missing+=(wrk)
if [ "${#missing[@]}" -gt 0 ]; then
  "$(dirname "$0")/install.sh" "${missing[@]}" || echo "not installed: ${missing[*]}; tests that need them are skipped or fail" >&2
fi

out=$(mktemp)
trap 'rm -f "$out"' EXIT
# One after the other: labs and drills tell what is lost in milliseconds, and would tell of their neighbours.
status=0
for project in tests/*.Tests; do
  dotnet test "$project" -c "$1" --no-build --nologo --blame-hang-timeout 5m 2>&1 | grep --line-buffered -vE '^(Test run for|A total of|VSTest version|Starting test|Results File|$)' | tee -a "$out"
  [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
done
sum() { grep -oE "$1: +[0-9]+" "$out" | awk '{ total += $2 } END { print total + 0 }'; }
passed=$(sum Passed) failed=$(sum Failed) skipped=$(sum Skipped)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ "$passed" -eq 0 ]; then status=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"

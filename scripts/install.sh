#!/usr/bin/env bash
# Installs Debian packages, and starts none of their services: install.sh PACKAGE...; ends with 1 where it may not or cannot.
set -uo pipefail

[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || exit 1
echo "  INSTALL $*" >&2
# Our etcds and the bench's nginx have their own ports and files; Debian's packages would start one more, at 2379 and at 80.
if [ -d /run/systemd/system ]; then
  case " $* " in *' etcd-server '*) systemctl mask --quiet etcd.service ;; esac
  case " $* " in *' nginx-light '*) systemctl mask --quiet nginx.service ;; esac
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null

#!/usr/bin/env bash
# Installs the real clients that the browser tests drive: Microsoft's own playground for Teams, and its card library.
# usage: deploy/clients.sh        does nothing where it has already been done for the same lock file
set -euo pipefail
cd "${0%/*}/../tests/e2e"
stamp=node_modules/.signpost-clients

say() { printf 'signpost: %s\n' "$*" >&2; }

has_node() {
  command -v npm >/dev/null 2>&1 &&
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' >/dev/null 2>&1
}

if ! has_node && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null || true
fi
if ! has_node; then
  say "the tests in Teams' playground need Node.js 18 or newer with npm."
  say "Install them (Debian 12 or newer: apt install nodejs npm; otherwise nodejs.org) and run make again."
  exit 2
fi

want=$(cat package.json package-lock.json | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
  exit 0
fi
say "installing the Teams playground and the card library, some seconds (once)"
if ! npm ci --silent >&2; then
  say "They could not be installed. The first install needs the network (an npm registry); later runs need none."
  exit 2
fi
printf '%s' "$want" > "$stamp"

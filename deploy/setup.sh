#!/usr/bin/env bash
# Makes .venv beside this folder's parent with the locked packages, and Signpost itself on top.
# usage: deploy/setup.sh run|dev        does nothing where it has already been done for the same lock file
set -euo pipefail
cd "${0%/*}/.."
kind=${1:?run or dev}
lock=deploy/locks/$kind.txt
stamp=.venv/.signpost-$kind

say() { printf 'signpost: %s\n' "$*" >&2; }

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s' "$name"
      return
    fi
  done
  say "Python 3.11 or newer is needed, and none was found."
  say "Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS, Windows: python.org) and run make again."
  exit 2
}

if [ ! -x .venv/bin/python ]; then
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    say "$python cannot make virtual environments: its venv module is missing."
    say "On Debian or Ubuntu: apt install python3-venv. Then run make again."
    exit 2
  fi
  say "making .venv with $("$python" --version)"
  "$python" -m venv .venv
fi

want=$(cat "$lock" pyproject.toml | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
  exit 0
fi
say "installing the locked packages, about a minute (once)"
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"; then
  say "The packages could not be installed. The first install needs the network (a Python package index);"
  say "look at the message above, check the connection or proxy, and run make again. Later starts need no network."
  exit 2
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
printf '%s' "$want" > "$stamp"

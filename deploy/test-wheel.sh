#!/usr/bin/env bash
# Builds the wheel and runs the tests against it, away from the checkout, in an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
.venv/bin/python -m build --wheel --no-isolation --outdir "$away/dist" . >/dev/null
python=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
"$python" -m venv "$away/venv"
"$away/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/dev.txt
"$away/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$away"/dist/*.whl
cp -r tests pyproject.toml "$away/"
mkdir "$away/deploy"
cp -r deploy/systemd "$away/deploy/" # the unit's commands are run as they are written, with the installed program
cd "$away"
# What is asked here is whether everything is in the wheel; whole days at a school are lived in the checkout.
SIGNPOST_STATE="$away/state" venv/bin/python -Im pytest -q -m "not e2e and not faults" -p no:cacheprovider \
  --ignore=tests/scenario --ignore=tests/contract --ignore=tests/slack_fake --ignore=tests/teams_fake

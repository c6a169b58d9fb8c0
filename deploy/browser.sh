#!/usr/bin/env bash
# Makes sure that Chromium and its driver are there for the tests that drive the real page.
set -euo pipefail
if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then
  exit 0
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null
  exit 0
fi
echo "signpost: the browser tests need Chromium and ChromeDriver. Install them (Debian: apt install chromium chromium-driver)." >&2
exit 2

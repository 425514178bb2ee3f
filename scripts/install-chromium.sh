#!/bin/sh
# Makes Chromium available on Debian and what descends from it, for the tests that open the docs in a browser.
# Silent when it is there. Needs root or sudo to install. Only the package is added: the machine's apt
# configuration stays as it is.
# Exits 69 (EX_UNAVAILABLE) when it is missing and cannot be installed here.
set -eu

. "$(dirname "$0")/apt.sh"

has_chromium() {
  if [ -n "${CHROMIUM_PATH:-}" ]; then [ -x "$CHROMIUM_PATH" ]; return; fi
  [ -x /usr/bin/chromium ] || command -v chromium >/dev/null 2>&1
}

if has_chromium; then exit 0; fi
[ -z "${CHROMIUM_PATH:-}" ] || give_up "CHROMIUM_PATH names $CHROMIUM_PATH, which is no program."

begin_installing Chromium
in_apt chromium || give_up "Chromium is missing and apt does not offer it."
step "Installing Chromium ..." install chromium

has_chromium || give_up "Chromium was installed, but there is no program of that name."
say "Chromium is ready."

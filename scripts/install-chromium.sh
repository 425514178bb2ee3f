#!/bin/sh
# Makes Chromium available on Debian and what descends from it, for the tests that open the docs in a browser.
# Silent when it is there. Needs root or sudo to install. Only the package is added: the machine's apt
# configuration stays as it is.
# Exits 69 (EX_UNAVAILABLE) when it is missing and cannot be installed here.
set -eu

say() { echo "$*" >&2; }
give_up() { say "$*"; exit 69; }

has_chromium() {
  if [ -n "${CHROMIUM_PATH:-}" ]; then [ -x "$CHROMIUM_PATH" ]; return; fi
  [ -x /usr/bin/chromium ] || command -v chromium >/dev/null 2>&1
}

if has_chromium; then exit 0; fi
[ -z "${CHROMIUM_PATH:-}" ] || give_up "CHROMIUM_PATH names $CHROMIUM_PATH, which is no program."

command -v apt-get >/dev/null 2>&1 ||
  give_up "Chromium is missing and this is not Debian: install it by hand, or name it in CHROMIUM_PATH."

if [ "$(id -u)" -ne 0 ]; then
  by_hand="as root: sh scripts/install-chromium.sh"
  command -v sudo >/dev/null 2>&1 || give_up "Chromium is missing and installing it needs root; run $by_hand"
  # Without a terminal nobody can type a password.
  if [ -t 0 ]; then ask=; else ask=-n; fi
  say "Chromium is missing; asking sudo to install it."
  sudo $ask sh "$0" || give_up "Chromium is still missing; run $by_hand"
  exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export DEBIAN_FRONTEND=noninteractive

# Says the first argument, then runs the rest; what it prints is shown only when it fails.
step() {
  sentence=$1
  shift
  say "$sentence"
  "$@" >"$log" 2>&1 || { cat "$log" >&2; give_up "This did not work, so Chromium is still missing: $*"; }
}

step "Reading the package lists ..." apt-get update
apt-cache show chromium >/dev/null 2>&1 || give_up "Chromium is missing and apt does not offer it."
step "Installing Chromium ..." apt-get -y -o DPkg::Lock::Timeout=120 install --no-install-recommends chromium

has_chromium || give_up "Chromium was installed, but there is no program of that name."
say "Chromium is ready."

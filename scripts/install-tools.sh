#!/bin/sh
# Makes promtool and pgbouncer available on Debian and what descends from it, for the tests of the alerts and of a pooler.
# Of the package `prometheus` it takes the one program, and no service is started. Silent when both are there. Needs
# root or sudo. Exits 69 (EX_UNAVAILABLE) when one is missing and cannot be installed here.
set -eu

TARGET=/usr/local/bin/promtool

say() { echo "$*" >&2; }
give_up() { say "$*"; exit 69; }

has_promtool() {
  if [ -n "${PROMTOOL_PATH:-}" ]; then [ -x "$PROMTOOL_PATH" ]; return; fi
  command -v promtool >/dev/null 2>&1
}
has_pgbouncer() { [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null 2>&1; }
has_all() { has_promtool && has_pgbouncer; }

if has_all; then exit 0; fi
has_promtool || [ -z "${PROMTOOL_PATH:-}" ] || give_up "PROMTOOL_PATH names $PROMTOOL_PATH, which is no program."

command -v apt-get >/dev/null 2>&1 ||
  give_up "promtool or pgbouncer is missing and this is not Debian: install them by hand."

if [ "$(id -u)" -ne 0 ]; then
  by_hand="as root: sh scripts/install-tools.sh"
  command -v sudo >/dev/null 2>&1 || give_up "promtool or pgbouncer is missing and installing needs root; run $by_hand"
  # Without a terminal nobody can type a password.
  if [ -t 0 ]; then ask=; else ask=-n; fi
  say "promtool or pgbouncer is missing; asking sudo to install it."
  sudo $ask sh "$0" || give_up "promtool or pgbouncer is still missing; run $by_hand"
  exit 0
fi

work=$(mktemp -d)
log=$work/log
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export DEBIAN_FRONTEND=noninteractive

# Says the first argument, then runs the rest; what it prints is shown only when it fails.
step() {
  sentence=$1
  shift
  say "$sentence"
  "$@" >"$log" 2>&1 || { cat "$log" >&2; give_up "This did not work, so something is still missing: $*"; }
}

step "Reading the package lists ..." apt-get update
if ! has_pgbouncer; then
  apt-cache show pgbouncer >/dev/null 2>&1 || give_up "pgbouncer is missing and apt does not offer it."
  # In this run level no package starts its service.
  step "Installing pgbouncer ..." env RUNLEVEL=1 apt-get install -y --no-install-recommends pgbouncer
fi
if ! has_promtool; then
  apt-cache show prometheus >/dev/null 2>&1 || give_up "promtool is missing and apt does not offer its package, prometheus."
  mkdir "$work/package"
  cd "$work/package"
  step "Fetching the package prometheus ..." apt-get -o APT::Sandbox::User=root download prometheus
  step "Unpacking promtool ..." dpkg-deb -x "$work"/package/prometheus_*.deb "$work/unpacked"
  step "Installing promtool ..." install -m 755 "$work/unpacked/usr/bin/promtool" "$TARGET"
fi

has_all || give_up "promtool and pgbouncer were installed, but the shell does not find them."
say "promtool and pgbouncer are ready."

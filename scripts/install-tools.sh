#!/bin/sh
# Makes promtool and pgbouncer available on Debian and what descends from it, for the tests of the alerts and of a pooler.
# Of the package `prometheus` it takes the one program, and no service is started. Silent when both are there. Needs
# root or sudo. Exits 69 (EX_UNAVAILABLE) when one is missing and cannot be installed here.
set -eu

TARGET=/usr/local/bin/promtool

. "$(dirname "$0")/apt.sh"

has_promtool() {
  if [ -n "${PROMTOOL_PATH:-}" ]; then [ -x "$PROMTOOL_PATH" ]; return; fi
  command -v promtool >/dev/null 2>&1
}
has_pgbouncer() { [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null 2>&1; }
has_all() { has_promtool && has_pgbouncer; }

if has_all; then exit 0; fi
has_promtool || [ -z "${PROMTOOL_PATH:-}" ] || give_up "PROMTOOL_PATH names $PROMTOOL_PATH, which is no program."

begin_installing "promtool or pgbouncer"
if ! has_pgbouncer; then
  in_apt pgbouncer || give_up "pgbouncer is missing and apt does not offer it."
  step "Installing pgbouncer ..." install pgbouncer
fi
if ! has_promtool; then
  in_apt prometheus || give_up "promtool is missing and apt does not offer its package, prometheus."
  mkdir "$work/package"
  cd "$work/package"
  step "Fetching the package prometheus ..." apt-get -o APT::Sandbox::User=root download prometheus
  step "Unpacking promtool ..." dpkg-deb -x "$work"/package/prometheus_*.deb "$work/unpacked"
  step "Installing promtool ..." command install -m 755 "$work/unpacked/usr/bin/promtool" "$TARGET"
fi

has_all || give_up "promtool and pgbouncer were installed, but the shell does not find them."
say "promtool and pgbouncer are ready."

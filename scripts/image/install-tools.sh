#!/bin/sh
# Makes the programs available that the image is built and tried with, on Debian and what descends from it: buildah,
# debootstrap, iproute2. Silent when they are there. Needs root to install. Only packages are added.
# Exits 69 (EX_UNAVAILABLE) when one is missing and cannot be installed here.
set -eu

say() { echo "$*" >&2; }
give_up() { say "$*"; exit 69; }

has_all() {
  for program in buildah debootstrap ip unshare nsenter setpriv; do
    command -v "$program" >/dev/null 2>&1 || return 1
  done
}

[ "$(id -u)" -eq 0 ] || give_up "Making a base system and trying an image takes root."
if has_all; then exit 0; fi
command -v apt-get >/dev/null 2>&1 || give_up "This is not Debian: install buildah, debootstrap and iproute2 by hand."

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
  "$@" >"$log" 2>&1 || { cat "$log" >&2; give_up "This did not work: $*"; }
}

step "Reading the package lists ..." apt-get update
step "Installing buildah, debootstrap and iproute2 ..." \
  apt-get -y -o DPkg::Lock::Timeout=120 install --no-install-recommends buildah debootstrap iproute2 util-linux

has_all || give_up "The packages were installed, but a program is missing."

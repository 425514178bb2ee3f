#!/bin/sh
# Makes the programs available that the image is built and tried with, on Debian and what descends from it: buildah,
# debootstrap, iproute2. Silent when they are there. Needs root to install. Only packages are added.
# Exits 69 (EX_UNAVAILABLE) when one is missing and cannot be installed here.
set -eu

. "$(dirname "$0")/../apt.sh"

has_all() {
  for program in buildah debootstrap ip unshare nsenter setpriv; do
    command -v "$program" >/dev/null 2>&1 || return 1
  done
}

[ "$(id -u)" -eq 0 ] || give_up "Making a base system and trying an image takes root."
if has_all; then exit 0; fi
begin_installing "buildah, debootstrap or iproute2"
step "Installing buildah, debootstrap and iproute2 ..." install buildah debootstrap iproute2 util-linux

has_all || give_up "The packages were installed, but a program is missing."

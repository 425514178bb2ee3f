#!/bin/sh
# usage: make-base.sh BUN FILE
# Writes a base image's files as a tar: this machine's Debian, smallest variant, with the runtime BUN and a user `bun`.
# It stands in for the image that the Dockerfile names where no registry of images can be reached.
set -eu

bun=$1
file=$2

. /etc/os-release
# The machine's own mirror, whatever its address.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

nice -n 10 debootstrap --variant=minbase "$VERSION_CODENAME" "$work/root" "$mirror" >"$work/log" 2>&1 ||
  { tail -n 30 "$work/log" >&2; exit 1; }
cp "$bun" "$work/root/usr/local/bin/bun"
chmod 0755 "$work/root/usr/local/bin/bun"
chroot "$work/root" useradd --uid 1000 --create-home --shell /bin/sh bun
rm -rf "$work/root/var/cache/apt" "$work/root/var/lib/apt/lists" "$work/root/var/log/bootstrap.log"
nice -n 10 tar -C "$work/root" -cf "$file.part" .
mv "$file.part" "$file"

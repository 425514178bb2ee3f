#!/bin/sh
# Installs what bun.lock and patches/ name, when they have changed, then runs the command that follows.
# Needs Node 20 with npm, or Bun; both runtimes themselves come from the registry, pinned in package.json.
set -eu
cd "$(dirname "$0")/.."

root=$PWD

# Npx runs elsewhere, since inside it would take a half-installed local copy. The folder is new, and named as the place
# to look in, or npx would look upwards, where anybody may have put packages and settings into a shared /tmp.
with_bun() {
  if command -v bun >/dev/null 2>&1; then bun "$@"; return; fi
  version=$(sed -n 's/.*"bun": "\([0-9.]*\)".*/\1/p' package.json)
  empty=$(mktemp -d)
  status=0
  (cd "$empty" && npx --yes --prefix "$empty" "bun@$version" "$@") || status=$?
  rm -rf "$empty"
  return "$status"
}

if ! cat bun.lock patches/* | cmp -s - node_modules/.installed.lock; then
  if ! command -v bun >/dev/null 2>&1 && ! command -v npx >/dev/null 2>&1; then
    echo "Trove needs Node 20 with npm, or Bun, and found neither. See README.md." >&2
    exit 69
  fi
  echo "Installing the locked dependencies ..." >&2
  # Only what went wrong is worth a reader's time: the log is shown when the install fails.
  log=$(mktemp)
  if ! with_bun install --cwd "$root" --frozen-lockfile >"$log" 2>&1; then cat "$log" >&2; rm -f "$log"; exit 1; fi
  rm -f "$log"
  cat bun.lock patches/* > node_modules/.installed.lock
fi

# Deno's launcher script does not pass signals on, so its binary comes first.
PATH="$root/node_modules/deno:$root/node_modules/.bin:$PATH"
export PATH
exec "$@"

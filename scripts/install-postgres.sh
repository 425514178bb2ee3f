#!/bin/sh
# Makes PostgreSQL's server programs and its extension pgvector available on Debian and what descends from it.
# Silent when both are there. Needs root or sudo to install. No server is left running.
# Exits 69 (EX_UNAVAILABLE) when a part is missing and cannot be installed here.
set -eu

PGVECTOR_VERSION=0.8.0
PGVECTOR_SOURCE=pgvector=$PGVECTOR_VERSION-1 # of Debian 13, which Debian 12 can build
PGVECTOR_SUITE=trixie
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

. "$(dirname "$0")/apt.sh"

# Majors whose server programs are installed, the newest first.
majors() {
  for bin in /usr/lib/postgresql/*/bin; do
    major=$(basename "$(dirname "$bin")")
    if [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && [ "${major%%.*}" -ge 13 ]; then echo "$major"; fi
  done | sort -rn
}

has_pgvector() { [ -f "/usr/share/postgresql/$1/extension/vector.control" ]; }

# A server from elsewhere than Debian's packages is known by its pg_config.
if config=$(command -v pg_config) && [ -x "$("$config" --bindir)/initdb" ] &&
  [ -f "$("$config" --sharedir)/extension/vector.control" ]; then exit 0; fi
for major in $(majors); do
  if has_pgvector "$major"; then exit 0; fi
done

major=$(majors | head -n 1)
if [ -n "$major" ]; then missing="pgvector for PostgreSQL $major"; else missing="PostgreSQL's server with pgvector"; fi
begin_installing "$missing"

if [ -z "$major" ]; then
  for candidate in 17 16 15 14 13; do
    if in_apt "postgresql-$candidate"; then major=$candidate; break; fi
  done
  [ -n "$major" ] || give_up "$missing is missing and apt offers no PostgreSQL from 13 to 17."
  [ -e "/etc/postgresql/$major" ] || fresh=yes
  step "Installing PostgreSQL $major ..." install "postgresql-$major"
  # The package makes and starts a cluster of its own, which nobody asked for here.
  if [ "${fresh:-no}" = yes ] && [ -e "/etc/postgresql/$major/main" ]; then
    step "Removing the empty cluster that the package made ..." pg_dropcluster --stop "$major" main
  fi
fi

build_pgvector() {
  # The machine's own Debian mirror, whatever its address.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' \
    'Component: main' | head -n 1)
  [ -n "$mirror" ] ||
    give_up "apt offers neither postgresql-$major-pgvector nor a Debian mirror that answers, to build it from."
  step "Installing what pgvector is built with (a compiler and PostgreSQL's headers) ..." \
    install "postgresql-server-dev-$major" gcc libc6-dev make debian-archive-keyring

  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
  chmod -R a+rX "$work"
  echo "deb-src [signed-by=$KEYRING] $mirror $PGVECTOR_SUITE main" >"$work/sources.list"
  own_apt() {
    (cd "$work/source" && apt-get -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/nonexistent \
      -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root "$@")
  }
  step "Fetching pgvector's source from Debian $PGVECTOR_SUITE ..." own_apt update
  step "Unpacking pgvector $PGVECTOR_VERSION ..." own_apt source --download-only "$PGVECTOR_SOURCE"
  tar -xzf "$work/source/pgvector_$PGVECTOR_VERSION.orig.tar.gz" -C "$work/source" --strip-components=1

  pg_config=/usr/lib/postgresql/$major/bin/pg_config
  # OPTFLAGS is emptied, since its default builds for this very processor only.
  step "Building pgvector ..." make -C "$work/source" PG_CONFIG="$pg_config" OPTFLAGS=
  step "Installing pgvector ..." make -C "$work/source" PG_CONFIG="$pg_config" OPTFLAGS= install
}

if has_pgvector "$major"; then
  :
elif in_apt "postgresql-$major-pgvector"; then
  step "Installing pgvector ..." install "postgresql-$major-pgvector"
else
  build_pgvector
fi

has_pgvector "$major" || give_up "pgvector was installed, but PostgreSQL $major does not see it."
say "PostgreSQL $major with pgvector is ready."

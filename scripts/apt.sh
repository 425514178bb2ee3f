# Read by the scripts that install something from Debian's packages: `. "$(dirname "$0")/apt.sh"`. It adds packages
# alone: the machine's apt configuration stays as it is.

say() { echo "$*" >&2; }
# 69 is EX_UNAVAILABLE.
give_up() { say "$*"; exit 69; }

# Names what is missing. Where that takes root, runs the script that asks by sudo instead; else makes a folder, $work.
begin_installing() {
  missing=$1
  command -v apt-get >/dev/null 2>&1 || give_up "$missing is missing and this is not Debian: install it by hand."
  if [ "$(id -u)" -ne 0 ]; then
    by_hand="as root: sh $0"
    command -v sudo >/dev/null 2>&1 || give_up "$missing is missing and installing it needs root; run $by_hand"
    # Without a terminal nobody can type a password.
    if [ -t 0 ]; then ask=; else ask=-n; fi
    say "$missing is missing; asking sudo to install it."
    sudo $ask sh "$0" || give_up "$missing is still missing; run $by_hand"
    exit 0
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  export DEBIAN_FRONTEND=noninteractive
  step "Reading the package lists ..." apt-get update
}

# Says the first argument, then runs the rest; what it prints is shown only when it fails.
step() {
  sentence=$1
  shift
  say "$sentence"
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; give_up "This did not work, so $missing is still missing: $*"; }
}

# In run level 1 no package starts its service.
install() { RUNLEVEL=1 apt-get -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"; }
in_apt() { apt-cache show "$1" >/dev/null 2>&1; }

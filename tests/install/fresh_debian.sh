#!/usr/bin/env bash
# Tries the door where nothing is installed: a Debian 12 with git and no more, one for each command.
#
#   tests/install/fresh_debian.sh [--mirror URL] [--keep] [COMMAND…]
#
# Each COMMAND is a line for the shell, run as the first thing in a fresh root that holds a clone of
# what is committed here; by default './dev run --help' and './dev test'. With a mirror, apt uses
# that and nothing else; without, it uses what this machine's apt uses. Needs root, debootstrap and
# some 3 GB in TMPDIR for each command; --keep leaves the roots there.
#
# Not part of the suite: it takes minutes and the network. Exit 77: it could not be tried.
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mirror='' keep=''
while (($# > 0)); do
  case $1 in
    --mirror) mirror=${2:?"--mirror takes a URL"} && shift 2 ;;
    --keep) keep=yes && shift ;;
    *) break ;;
  esac
done
if (($# == 0)); then set -- './dev run --help' './dev test'; fi

cannot() {
  printf 'fresh_debian: not tried: %s\n' "$*" >&2
  exit 77
}

((EUID == 0)) || cannot "it takes root to make a root"
command -v debootstrap >/dev/null || cannot "debootstrap is not installed"

place=$(mktemp -d --tmpdir weir-fresh-debian.XXXXXX)
if [[ -z $keep ]]; then trap 'rm -rf "$place"' EXIT; fi

# The name server, the certificates and apt's settings by which this machine reaches its packages.
copy_host_settings() {
  local root=$1
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  if [[ -n $mirror ]]; then
    printf 'deb %s bookworm main\n' "$mirror" >"$root/etc/apt/sources.list"
    return
  fi
  rm -f "$root/etc/apt/sources.list"
  cp -a /etc/apt/. "$root/etc/apt/"
  if [[ -d /etc/ssl/certs ]]; then mkdir -p "$root/etc/ssl" && cp -a /etc/ssl/certs "$root/etc/ssl/"; fi
}

make_base() {
  local from=${mirror:-http://deb.debian.org/debian}
  printf 'fresh_debian: making a minimal root from %s\n' "$from" >&2
  debootstrap --variant=minbase --include=git bookworm "$place/base" "$from" \
    >"$place/debootstrap.log" 2>&1 </dev/null || {
    tail -n 20 "$place/debootstrap.log" >&2
    cannot "debootstrap failed"
  }
  copy_host_settings "$place/base"
  git clone --quiet --no-local "$source_dir" "$place/base/root/weir"
}

# The mounts end with the namespace, whatever happens.
in_root() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  unshare --mount --pid --fork bash -c '
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/dev/shm" 2>/dev/null || true
    mkdir -p "$1/dev/pts"
    mount -t devpts devpts "$1/dev/pts" -o newinstance,ptmxmode=0666 2>/dev/null || true
    exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
      bash -c "cd && cd weir && $2"' in_root "$1" "$2" </dev/null
}

make_base
failures=0
for command in "$@"; do
  root=$place/tried
  rm -rf "$root"
  cp -a "$place/base" "$root"
  printf 'fresh_debian: %s\n' "$command" >&2
  begin=$SECONDS status=0
  in_root "$root" "$command" || status=$?
  printf 'fresh_debian: %s: exit %d after %d s\n' "$command" "$status" "$((SECONDS - begin))" >&2
  if ((status != 0)); then failures=$((failures + 1)); fi
done
if [[ -n $keep ]]; then printf 'fresh_debian: the roots are in %s\n' "$place" >&2; fi
((failures == 0))

#!/usr/bin/env bash
# What ./dev promises, tried on a copy of it among commands that only note how they were called.
#
# shellcheck disable=SC2016  # the bodies of the fakes are expanded when they run
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/house"
cp "$source_dir/dev" "$scratch/house/dev"
calls=$scratch/calls
failures=0

# A command that writes its name and arguments down, then does BODY.
fake() {
  printf '#!/bin/bash\nprintf "%%s\\n" "%s $*" >>"%s"\n%s\n' "$1" "$calls" "$2" >"$scratch/bin/$1"
  chmod 755 "$scratch/bin/$1"
}

# Says that all packages are installed but those in $MISSING.
fake dpkg-query '
for name in "${@:4}"; do
  [[ " $MISSING " == *" $name "* ]] || echo "installed $name"
done'
fake apt-get 'echo noise; echo more noise >&2; exit "${APT_STATUS:-0}"'
fake cmake '
if [[ $1 == -S ]]; then
  mkdir -p "$2/build/release"
  touch "$2/build/release/build.ninja"
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=$2" >"$2/build/release/CMakeCache.txt"
else
  echo "[1/1] noise"
  cp "$PROGRAM" "$2/weir"
fi'
fake ccache ''
fake id 'echo "$CALLER"'
cat >"$scratch/program" <<'TEXT'
#!/bin/bash
echo "program $*"
cat
exit 7
TEXT
chmod 755 "$scratch/program"

# door ARGUMENTS…: a call; leaves $out, $err, $status and the calls file.
door() {
  : >"$calls"
  status=0
  env PATH="$scratch/bin:$PATH" PROGRAM="$scratch/program" MISSING="${missing-}" \
    APT_STATUS="${apt_status-0}" CALLER="${caller-0}" "$scratch/house/dev" "$@" \
    >"$scratch/out" 2>"$scratch/err" <<<"input" || status=$?
  out=$(<"$scratch/out") err=$(<"$scratch/err")
}

# expect WHAT FOUND PATTERN
expect() {
  # shellcheck disable=SC2053  # the right side is a pattern
  if [[ $2 == $3 ]]; then return; fi
  printf 'FAILED: %s\n  wanted: %s\n  found:  %s\n' "$1" "$3" "$2"
  failures=$((failures + 1))
}

missing='' door run a 'b c'
expect "standard output is the program's, its input untouched" "$out" $'program a b c\ninput'
expect "the program's exit code comes through" "$status" 7
expect "nothing is installed when nothing is missing" "$(<"$calls")" '!(*apt-get*)'

missing='' door run
expect "with no arguments the demo compares five strategies" "$out" \
  "program compare */scenarios/strategies.toml --policies round_robin,random,p2c,least_loaded,central_queue*"

missing='cmake libfmt-dev' door run
expect "the lists are updated first, then only what is missing is installed" "$(<"$calls")" \
  '*apt-get update*apt-get install -y --no-install-recommends --no-remove cmake libfmt-dev *'
expect "it says what it installs" "$err" '*installing cmake libfmt-dev*'
expect "the noise of apt stays in the log" "$out$err" '!(*noise*)'

missing='cmake' apt_status=100 door run
expect "a failed installation is a failure" "$status" 100
expect "and shows the end of its log" "$err" '*more noise*failed: update of the package lists*'

missing='cmake' caller=1000 door test
expect "without root it stops with 2" "$status" 2
expect "and prints the line to run" "$err" \
  '*apt-get update && apt-get install -y --no-install-recommends --no-remove cmake'
expect "and runs nothing" "$(<"$calls")" '!(*apt-get*)'

door dance
expect "an unknown command is bad input" "$status" 2
door test --preset fast
expect "an unknown preset is bad input" "$status" 2

if ((failures > 0)); then exit 1; fi
echo "the door keeps its promises"

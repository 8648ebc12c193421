#!/usr/bin/env bash
# Tests ./dev without root, network or changes to this machine: a copy of it runs in a directory of
# its own, with fakes of apt-get and the like in front of the real ones.
set -euo pipefail

dev=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# --- fakes ----------------------------------------------------------------------------------------

fake() {
  cat >"$scratch/bin/$1"
  chmod +x "$scratch/bin/$1"
}

# A machine on which nothing is installed: $state/installed lists packages, $state/calls what was
# called, and further files switch what the fakes do.
new_machine() {
  state=$scratch/state
  rm -rf "$state" "$scratch/tree"
  mkdir -p "$state/root/usr/include/boost" "$scratch/bin" "$scratch/tree"
  : >"$state/installed"
  : >"$state/calls"
  printf '%s\n' libboost1.74-dev libboost1.83-dev libboost1.81-dev libboost1.88-dev >"$state/known"
  cp "$dev" "$scratch/tree/dev"
}

make_fakes() {
  mkdir -p "$scratch/bin"
  fake dpkg-query <<'FAKE'
#!/bin/bash
sed 's/$/ installed/' "$STATE/installed"
exit 1 # as the real one does when it does not know one of those asked for
FAKE
  fake apt-cache <<'FAKE'
#!/bin/bash
cat "$STATE/known"
FAKE
  fake apt-get <<'FAKE'
#!/bin/bash
echo "apt-get $*" >>"$STATE/calls"
case " $* " in
  *" update "*) exit "$(cat "$STATE/update_fails" 2>/dev/null || echo 0)" ;;
  *" -s "*) [[ -e $STATE/in_the_way ]] && echo "Remv $(cat "$STATE/in_the_way") [1.74]"; exit 0 ;;
  *" install "*) printf '%s\n' "$@" | grep -v '^-' >>"$STATE/installed" ;;
esac
FAKE
  fake id <<'FAKE'
#!/bin/bash
cat "$STATE/uid" 2>/dev/null || echo 0
FAKE
  fake sudo <<'FAKE'
#!/bin/bash
echo "sudo $*" >>"$STATE/calls"
[[ -e $STATE/sudo_works ]] || exit 1
[[ $1 == -n ]] && shift
exec "$@"
FAKE
  fake cmake <<'FAKE'
#!/bin/bash
echo "cmake $*" >>"$STATE/calls"
mkdir -p build/release/bin
printf '#!/bin/bash\necho "$PWD: $*"\n' >build/release/bin/mentat-sync
chmod +x build/release/bin/mentat-sync
FAKE
  fake ctest <<'FAKE'
#!/bin/bash
echo "ctest $*" >>"$STATE/calls"
FAKE
  fake cpack <<'FAKE'
#!/bin/bash
echo "cpack $*" >>"$STATE/calls"
FAKE
}

# run_dev ARGS...: sets status and output.
run_dev() {
  status=0
  output=$(STATE=$state MENTAT_SYNC_DEV_SYSROOT=$state/root PATH=$scratch/bin:$PATH \
    "$scratch/tree/dev" "$@" 2>&1 </dev/null) || status=$?
}

everything_is_installed() {
  run_dev setup
  echo '#define BOOST_VERSION 108300' >"$state/root/usr/include/boost/version.hpp"
  : >"$state/calls"
}

# --- checks ---------------------------------------------------------------------------------------

wrong() {
  printf '%s: %s\n--- output\n%s\n--- calls\n%s\n' "$fact" "$1" "$output" "$(cat "$state/calls")"
  failures=$((failures + 1))
}

exits_with() { [[ $status == "$1" ]] || wrong "exit code $status, not $1"; }
says() { grep -qF -- "$1" <<<"$output" || wrong "does not say '$1'"; }
calls() { grep -qF -- "$1" "$state/calls" || wrong "does not call '$1'"; }
does_not_call() { ! grep -qF -- "$1" "$state/calls" || wrong "calls '$1'"; }

# --- facts ----------------------------------------------------------------------------------------

InstallsWhatIsMissingAsRoot() {
  run_dev setup
  exits_with 0
  calls "apt-get update"
  calls "install -y --no-remove --no-install-recommends g++ cmake"
  does_not_call sudo
}

ChoosesTheOldestBoostThatIsRecentEnough() {
  run_dev setup
  calls " libboost1.81-dev "
  printf '%s\n' libboost1.74-dev libboost1.88-dev libboost1.83-dev >"$state/known"
  : >"$state/installed"
  run_dev setup
  calls " libboost1.83-dev "
  does_not_call libboost1.74-dev
}

OnlyLooksWhenNothingIsMissing() {
  everything_is_installed
  run_dev setup
  exits_with 0
  does_not_call apt-get
}

InstallsNoBoostWhenRecentHeadersAreThere() {
  echo '#define BOOST_VERSION 108100' >"$state/root/usr/include/boost/version.hpp"
  run_dev setup
  exits_with 0
  does_not_call libboost
}

InstallsBoostBesideOldHeaders() {
  echo '#define BOOST_VERSION 107400' >"$state/root/usr/include/boost/version.hpp"
  run_dev setup
  calls " libboost1.81-dev "
}

RemovesNothingAndNamesWhatIsInTheWay() {
  echo libboost1.74-dev >"$state/in_the_way"
  run_dev setup
  exits_with 1
  says "in the way, because these packages conflict with those: libboost1.74-dev"
  says "apt-get remove libboost1.74-dev"
  does_not_call "install -y"
}

UsesSudoThatAsksNothing() {
  echo 1000 >"$state/uid"
  touch "$state/sudo_works"
  run_dev setup
  exits_with 0
  calls "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get"
}

WithoutRootOrSudoSaysWhatAnAdministratorWouldType() {
  echo 1000 >"$state/uid"
  run_dev setup
  exits_with 1
  says "apt-get install --no-install-recommends g++ cmake"
  says "libboost1.81-dev"
  does_not_call apt-get
}

WithoutRootOrSudoGoesOnWhenNothingIsMissing() {
  everything_is_installed
  echo 1000 >"$state/uid"
  run_dev setup
  exits_with 0
  does_not_call sudo
}

GoesOnWhenThePackageListsCannotBeRenewed() {
  echo 100 >"$state/update_fails"
  run_dev setup
  exits_with 0
  calls "install -y"
}

RunServesWithDefaultsThatTheUsersFlagsFollow() {
  everything_is_installed
  run_dev run --listen 127.0.0.1:0
  exits_with 0
  says "$PWD: serve --listen 127.0.0.1:5013 --data ./data --listen 127.0.0.1:0"
}

TestTakesAPresetAndHandsTheRestToCtest() {
  everything_is_installed
  run_dev test asan -R Uuid
  calls "cmake --preset asan"
  calls "ctest --preset asan -j $(nproc) -R Uuid"
  run_dev test -L fast
  calls "ctest --preset release -j $(nproc) -L fast"
}

PackageBuildsItsOwnPresetAndPacksThat() {
  everything_is_installed
  printf '%s\n' dpkg-dev file >>"$state/installed"
  run_dev package
  exits_with 0
  calls "cmake --preset package"
  calls "cpack --config build/package/CPackConfig.cmake -B build/package"
}

RefusesAnUnknownCommand() {
  run_dev frobnicate
  exits_with 2
  says "unknown command: frobnicate"
}

make_fakes
for fact in $(declare -F | sed -n 's/^declare -f \([A-Z].*\)/\1/p'); do
  new_machine
  "$fact"
  printf 'checked: %s\n' "$fact"
done
exit $((failures > 0))

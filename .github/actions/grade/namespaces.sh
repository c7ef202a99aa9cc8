#!/usr/bin/env bash
# Gets level `full` on this runner. Ubuntu lets only programs with an AppArmor profile use user namespaces: `grade` gets one of its own, and
# only where that is not enough the gate is opened for everybody.
#
# APPARMOR_GATE, APPARMOR_PROFILES    other places than the machine's own (for tests)
set -euo pipefail

gate="${APPARMOR_GATE:-/proc/sys/kernel/apparmor_restrict_unprivileged_userns}"
profiles="${APPARMOR_PROFILES:-/etc/apparmor.d}"
export GRADE_CACHE_DIR="${GRADE_CACHE_DIR:-${RUNNER_TEMP:?}/grade/cache}"

gives_full() {
  grade doctor >/dev/null 2>&1
}

if gives_full; then
  echo "grade: level full is there"
  exit 0
fi

if [ "$(cat "$gate" 2>/dev/null || echo 0)" = 1 ]; then
  echo "grade: giving it an AppArmor profile of its own"
  printf 'abi <abi/4.0>,\ninclude <tunables/global>\nprofile grade %s flags=(unconfined) { userns, }\n' "$(command -v grade)" |
    sudo tee "$profiles/grade" >/dev/null
  if sudo apparmor_parser --replace "$profiles/grade" && gives_full; then
    echo "grade: level full is there"
    exit 0
  fi
  echo "grade: a profile is not enough; letting every program of this runner use user namespaces"
  sudo sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0
  if gives_full; then
    echo "grade: level full is there"
    exit 0
  fi
fi

# What is missing, and what to do about it.
grade doctor

#!/usr/bin/env bash
# Puts `grade` on the path of the steps that follow: a released binary whose checksum and provenance are right, or one built from these sources.
#
# VERSION            `v0.1.0`, `build`, or nothing: then the version by which the action is named, and these sources where it is named by none
# ACTION_REF         the ref of the action; ACTION_REPOSITORY the repository that it is from, nothing for one in the same repository
# GH_TOKEN           lets `gh` ask for the provenance of a release
# RELEASES           where releases are, in place of GitHub's own address (for tests)
set -euo pipefail

fail() {
  echo "grade: $1" >&2
  exit 3
}

wanted() {
  if [ -n "${VERSION:-}" ]; then
    echo "$VERSION"
  elif [[ "${ACTION_REF:-}" =~ ^v[0-9] && -n "${ACTION_REPOSITORY:-}" ]]; then
    echo "$ACTION_REF"
  else
    echo build
  fi
}

target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
    *) fail "there is no release for $(uname -s) on $(uname -m); \`version: build\` builds one" ;;
  esac
}

download() {
  curl --fail --silent --show-error --location --retry 3 --proto '=https,file' --output "$2" "$1" ||
    fail "can't download $1; is there a release of that version?"
}

# Who can change a release can change its list of checksums too; where `gh` is there, it asks who built the archive.
check_provenance() {
  if [ -n "${GH_TOKEN:-}" ] && command -v gh >/dev/null; then
    gh attestation verify "$1" --repo "$ACTION_REPOSITORY" >/dev/null || fail "${1##*/} was not built by $ACTION_REPOSITORY"
  else
    echo "grade: gh is not here, so that only the checksum was looked at"
  fi
}

install_release() {
  local version="$1" archive releases
  [[ "$version" =~ ^v[0-9][0-9A-Za-z.+-]*$ ]] || fail "\`$version\` is no version: name one such as v0.1.0, or \`build\`"
  releases="${RELEASES:-${GITHUB_SERVER_URL:-https://github.com}/${ACTION_REPOSITORY:?is needed to find releases}/releases/download}"
  archive="grade-$version-$(target).tar.gz"
  download "$releases/$version/$archive" "$work/$archive"
  download "$releases/$version/SHA256SUMS" "$work/SHA256SUMS"
  # Exactly this name: what else the list holds is not here.
  awk -v name="$archive" '$2 == name' "$work/SHA256SUMS" >"$work/expected"
  [ "$(wc -l <"$work/expected")" = 1 ] || fail "SHA256SUMS does not say what $archive has to be"
  (cd "$work" && sha256sum --check --strict --quiet expected) || fail "$archive is not what SHA256SUMS says"
  check_provenance "$work/$archive"
  tar --extract --gzip --no-same-owner --file "$work/$archive" --directory "$bin" grade
}

build() {
  local sources
  sources="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
  command -v cargo >/dev/null || fail "cargo is needed to build grade; name a released \`version\` instead"
  cargo build --release --locked --manifest-path "$sources/Cargo.toml" --target-dir "$work/target"
  cp "$work/target/release/grade" "$bin/grade"
}

work="${RUNNER_TEMP:?}/grade"
bin="$work/bin"
mkdir -p "$bin"
version="$(wanted)"
if [ "$version" = build ]; then build; else install_release "$version"; fi

echo "$bin" >>"$GITHUB_PATH"
installed="$("$bin/grade" --version)"
echo "grade: installed $installed"
# What environments depend on, so that a cache of other ones is not used.
echo "key=${installed##* }-$(python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')" >>"$GITHUB_OUTPUT"

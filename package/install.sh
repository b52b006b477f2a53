#!/bin/sh
# Installs codex-auth @VERSION@: with dpkg and as root the Debian package, else the tarball, into /usr/local or, without root,
# into ~/.local (another folder: CODEX_AUTH_PREFIX). Whatever is not what the release was made of is refused.
set -eu

# In a function, so that half a download does nothing.
install_codex_auth() {
  version=@VERSION@
  release=${CODEX_AUTH_RELEASE:-https://github.com/@REPOSITORY@/releases/download/v$version}
  checksums='@CHECKSUMS@'

  case $(uname -s)-$(uname -m) in
    Linux-x86_64) architecture=amd64 ;;
    Linux-aarch64) architecture=arm64 ;;
    *) fail "there is no codex-auth for $(uname -s) on $(uname -m)" "build it: https://github.com/@REPOSITORY@#build-it" ;;
  esac
  prefix=${CODEX_AUTH_PREFIX:-}
  if [ -z "$prefix" ] && [ "$(id -u)" = 0 ] && command -v dpkg > /dev/null; then
    file=codex-auth_@DEBIAN_VERSION@_$architecture.deb
  else
    file=codex-auth-$version-linux-$architecture.tar.gz
    [ -n "$prefix" ] || { [ "$(id -u)" = 0 ] && prefix=/usr/local || prefix=$HOME/.local; }
  fi
  checksum=$(printf '%s\n' "$checksums" | grep -F "  $file") || fail "the release has no $file" "take another release"

  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  # apt reads the package as a user of its own.
  chmod 755 "$folder"
  cd "$folder"
  download "$release/$file"
  printf '%s\n' "$checksum" | sha256sum -c --quiet - ||
    fail "$file is not the one that was released" "try again; if it stays so, tell the people behind $release"
  case $file in
    *.deb)
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "./$file" > log || { cat log >&2; exit 1; }
      started=codex-auth
      ;;
    *)
      mkdir -p "$prefix"
      tar -xzf "$file" -C "$prefix" --strip-components=1 --no-same-owner
      started=$prefix/bin/codex-auth
      ;;
  esac
  "$started" keygen --help > log 2>&1 ||
    fail "codex-auth does not start here $(head -n 1 log)" \
      "it needs glibc 2.34 or newer; else take the image, or codex-auth-$version-any-java.tar.gz with a Java of your own"
  echo "codex-auth $version is installed; type: $started --help"
}

download() {
  if command -v curl > /dev/null; then
    curl -fsSLO "$1"
  elif command -v wget > /dev/null; then
    wget -q "$1"
  else
    fail "neither curl nor wget is here" "install one of them"
  fi
}

fail() {
  echo "codex-auth: error: $1" >&2
  echo "codex-auth: hint: $2" >&2
  exit 1
}

install_codex_auth

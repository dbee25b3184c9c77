# Sourced by deploy/test and deploy/quickstart: says what it does, and installs what is missing.
# shellcheck shell=bash

say() { echo "deploy/${0##*/}: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Runs a command as root: directly when we are, through sudo when we are not.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "this needs root and there is no sudo. As root: $*"
    fi
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Installs those of the named Debian packages that are missing; asks apt nothing when none is.
need_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian or Ubuntu: install the equivalents of these yourself: $*"
        return
    fi
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    # Old package lists often name files that are gone, so they are renewed only after a first failure.
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
    then
        say "renewing the package lists"
        as_root apt-get update -q >&2
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
    fi
}

# The same for packages that one can do without.
want_packages() {
    local package
    for package in "$@"; do
        (need_packages "$package") || say "there is no package $package: going on without it"
    done
}

# The Swift toolchain is the one thing that is not installed for the user: it comes from swift.org, not from apt.
need_swift() {
    local version
    if ! command -v swift >/dev/null; then
        say "there is no 'swift' on PATH. Sluice needs a Swift toolchain, 6.3 or newer, for Linux."
        fail "See https://www.swift.org/install/linux for how to get one, then run this again."
    fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    if [ "$(printf '%s\n' 6.3 "${version:-0}" | sort -V | head -n 1)" != 6.3 ]; then
        say "'swift' is version ${version:-unknown}; Sluice needs 6.3 or newer."
        fail "See https://www.swift.org/install/linux for how to get one, then run this again."
    fi
}

# What building and trying Sluice takes.
need_build() {
    need_swift
    need_packages pkg-config librdkafka-dev libssl-dev zlib1g-dev libyaml-dev kcat
}

# A Python environment of our own in .build/venv, for the clients of the tests.
need_venv() {
    local venv=$1 requirements=$2
    if [ -x "$venv/bin/python" ] && cmp -s "$requirements" "$venv/requirements.txt"; then
        return
    fi
    command -v python3 >/dev/null || need_packages python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv
    say "making $venv with $(paste -sd ' ' "$requirements")"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check -r "$requirements" >&2
    # The mark of a finished environment, so that a run that was cut short is not taken for one.
    cp "$requirements" "$venv/requirements.txt"
}

#!/bin/sh
# Finds what building and testing need beside Rust and Node. With root and apt, installs it; else says what to install.
#   scripts/setup.sh build     a C compiler, for the crates that bring C code along
#   scripts/setup.sh browser   Chromium, for the tests in a browser, and its kind without windows, for image mode
#   scripts/setup.sh bench     nginx, which `make bench` compares with; it is not started as a service
set -eu

need() { # need PACKAGE COMMAND...
    package=$1
    shift
    for command in "$@"; do
        if command -v "$command" >/dev/null 2>&1; then return 0; fi
    done
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing the package $package."
        apt-get update -qq >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$package" >/dev/null
    else
        echo "Missing: $1. On Debian: sudo apt-get install $package" >&2
        exit 1
    fi
}

for tool in cargo node npm; do
    command -v "$tool" >/dev/null 2>&1 || { echo "Missing: $tool. Install Rust (1.88 or later) and Node (20 or later)." >&2; exit 1; }
done
case "${1:-build}" in
    build) need build-essential cc gcc clang ;;
    browser)
        [ -n "${CHROMIUM:-}" ] || need chromium chromium chromium-browser google-chrome
        # Image mode works with either; this one starts in a third of the time and takes a third of the memory. Not every system has it.
        (need chromium-headless-shell chromium-headless-shell chrome-headless-shell) || echo "Image mode uses the Chromium that there is."
        ;;
    bench) PATH="$PATH:/usr/sbin" RUNLEVEL=1 need nginx-light nginx ;;
    *) echo "setup.sh: build, browser or bench" >&2; exit 2 ;;
esac

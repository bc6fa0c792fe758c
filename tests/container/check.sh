#!/bin/sh
# Tries the Dockerfile's run-time steps without a container engine: a clean Debian root, the packages, the user and the folders that
# the Dockerfile names (read from it), then `check`, `serve` and `health` as that user. The builders' stages are not repeated: the binary is built here
# with --release (or is ALONGSIDE_RELEASE), which works where this machine's C library is no newer than the root's.
# Needs root and debootstrap. Usage: tests/container/check.sh [FOLDER for the root, made anew if missing]
set -eu

cd "$(dirname "$0")/../.."
say() { printf 'container-check: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "root is needed, for chroot"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

suite=$(sed -n 's/^FROM debian:\([a-z]*\)-slim AS base$/\1/p' Dockerfile)
packages=$(sed -n '/^FROM debian/,/^RUN useradd/s/.*--no-install-recommends \(.*\) \\$/\1/p' Dockerfile)
[ -n "$suite" ] && [ -n "$packages" ] || fail "the Dockerfile's base stage reads otherwise than expected"

binary=${ALONGSIDE_RELEASE:-}
if [ -z "$binary" ]; then
    cargo build -q --release --locked
    binary=${CARGO_TARGET_DIR:-target}/release/alongside
fi

kept=${1:-}
root=${kept:-$(mktemp -d)}
server=
finish() {
    status=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    umount "$root/proc" 2>/dev/null || true
    [ -n "$kept" ] || rm -rf "$root"
    exit "$status"
}
trap finish EXIT INT TERM

if [ ! -x "$root/usr/bin/apt-get" ]; then
    say "making a Debian root ($suite)"
    mkdir -p "$root"
    chmod 0755 "$root"
    mirror=${DEBIAN_MIRROR:-$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -n 1)}
    debootstrap --variant=minbase --include="$(echo "$packages" | tr ' ' ',')" "$suite" "$root" "$mirror" >"$root.log" 2>&1 \
        || { tail -n 5 "$root.log" | sed 's#[a-z]*://[^ ]*#(mirror)#g' >&2; fail "debootstrap failed"; }
    rm -f "$root.log"
fi

say "user, folders and files, as in the Dockerfile"
sed -n '/^RUN useradd/,/[^\\]$/p' Dockerfile | sed 's/^RUN //' >"$root/steps.sh"
grep -q '^alongside:' "$root/etc/passwd" || chroot "$root" /bin/sh -eu /steps.sh
rm "$root/steps.sh"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
install -m 0755 "$binary" "$root/usr/local/bin/alongside"
install -m 0644 config/alongside.toml "$root/config/alongside.toml"

as_user() { # the environment of the image, nothing of ours; this shell becomes the program, so that it gets the signals
    exec chroot --userspec=alongside:alongside "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/data \
        $(sed -n 's/^ENV //p' Dockerfile) ALONGSIDE_LISTEN__HTTP="127.0.0.1:$port" "$@"
}
port=18080
say "check"
(as_user alongside check --config /config/alongside.toml) >/dev/null || fail "check refuses the configuration"
say "serve"
as_user alongside serve --config /config/alongside.toml >"$root/data/serve.log" 2>&1 &
server=$!
tries=0
until (as_user alongside health --config /config/alongside.toml) >/dev/null 2>&1; do
    tries=$((tries + 1))
    kill -0 "$server" 2>/dev/null || { cat "$root/data/serve.log" >&2; fail "the server stopped"; }
    [ "$tries" -lt 100 ] || fail "the server does not answer"
    sleep 0.1
done
say "health answers"
[ "$(stat -c %u "$root/data/alongside.db")" = 10001 ] || fail "the accounts' file is not the user's"
(as_user sh -c 'touch /config/x 2>/dev/null') && fail "the user can write the configuration" || true
kill -TERM "$server"
tries=0
while kill -0 "$server" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || fail "SIGTERM does not stop the server"
    sleep 0.1
done
wait "$server" || fail "the server did not end with 0 on SIGTERM"
server=
say "stopped cleanly on SIGTERM; all steps passed"

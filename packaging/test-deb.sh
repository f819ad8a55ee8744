#!/usr/bin/env bash
# Installs the package into a fresh Debian with nothing but what it depends on, and starts the program there by the command
# of its desktop file. Fails if no window appears.
#
# Run as root, with debootstrap, Xvfb and xdotool: packaging/test-deb.sh [PACKAGE]. SUITE is the Debian release
# (bookworm), MIRROR its packages, ROOT the folder of the new system (made anew).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

package="${1:-$(ls -t target/debian/convlens_*.deb | head -1)}"
suite="${SUITE:-bookworm}"
root="${ROOT:-$(mktemp -d /tmp/convlens-deb.XXXXXX)}"
display="${DISPLAY_NUMBER:-97}"
# The first archive that this machine itself uses.
archives="$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p;s/^URIs: *\([^ ]*\).*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)"
mirror="${MIRROR:-${archives%%$'\n'*}}"

server=
program=
clean() {
    set +e
    for process in $program $server; do
        kill "$process" 2>/dev/null
        wait "$process" 2>/dev/null
    done
    for mount in tmp/.X11-unix dev proc; do
        mountpoint -q "$root/$mount" && umount -l "$root/$mount"
    done
    # Never into what is still mounted.
    [[ -n "${ROOT:-}" ]] || rm -rf --one-file-system "$root"
}
trap clean EXIT

echo "== a fresh $suite"
debootstrap --variant=minbase "$suite" "$root" "${mirror:-}" >/dev/null
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
before="$(chroot "$root" dpkg-query -W | wc -l)"

echo "== apt-get install without recommended packages"
cp "$package" "$root/tmp/convlens.deb"
export DEBIAN_FRONTEND=noninteractive
chroot "$root" apt-get update -qq
chroot "$root" apt-get install -qq -y --no-install-recommends /tmp/convlens.deb >/dev/null
after="$(chroot "$root" dpkg-query -W | wc -l)"
echo "$((after - before)) packages, $(chroot "$root" dpkg-query -W -f '${Installed-Size}' convlens) KiB of its own"

echo "== the terminal"
chroot "$root" convlens --version
chroot "$root" convlens nets --json | head -c 80
echo
for file in usr/share/man/man1/convlens.1.gz usr/share/bash-completion/completions/convlens usr/share/mime/packages/convlens.xml; do
    [[ -e "$root/$file" ]] || { echo "$file is missing"; exit 1; }
done

echo "== the window"
Xvfb ":$display" -screen 0 1280x800x24 >/dev/null 2>&1 &
server=$!
for _ in $(seq 50); do
    [[ -e "/tmp/.X11-unix/X$display" ]] && break
    sleep 0.1
done
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
# Without a file, %f stands for nothing.
command="$(sed -n 's/^Exec=//p' "$root/usr/share/applications/convlens.desktop" | sed 's/ %[fFuU]//')"
echo "$command"
chroot "$root" env HOME=/root DISPLAY=":$display" LIBGL_ALWAYS_SOFTWARE=1 $command 2>"$root/tmp/stderr" &
program=$!
if ! DISPLAY=":$display" timeout 120 xdotool search --sync --onlyvisible --name '^ConvLens' >/dev/null; then
    cat "$root/tmp/stderr"
    echo "no window appeared"
    exit 1
fi
# What is there after a while is a window that works.
sleep 5
kill -0 "$program" || { cat "$root/tmp/stderr"; echo "the window went away"; exit 1; }
if [[ -n "${PICTURE:-}" ]]; then
    DISPLAY=":$display" import -window root "$PICTURE"
fi
echo "the window is there"

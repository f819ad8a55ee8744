#!/usr/bin/env bash
# Makes target/packaging/convlens-VERSION-linux-ARCHITECTURE.tar.gz: the program, which needs no library but the C library
# to start (the window opens those of the desktop), with an install script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/build.sh
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
name="convlens-$version-linux-$(uname -m)"
folder="target/packaging/$name"
rm -rf "$folder"
mkdir -p "$folder"/{bin,share/{man/man1,applications,metainfo,mime/packages,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d,doc/convlens}}

share="$folder/share"
install -m 755 target/release/convlens "$folder/bin/convlens"
strip --strip-unneeded "$folder/bin/convlens"
install -m 644 target/packaging/man/*.1 "$share/man/man1/"
install -m 644 target/packaging/completions/convlens.bash "$share/bash-completion/completions/convlens"
install -m 644 target/packaging/completions/_convlens "$share/zsh/site-functions/"
install -m 644 target/packaging/completions/convlens.fish "$share/fish/vendor_completions.d/"
install -m 644 packaging/linux/convlens.desktop "$share/applications/"
install -m 644 packaging/linux/*.metainfo.xml "$share/metainfo/"
install -m 644 packaging/linux/convlens-mime.xml "$share/mime/packages/convlens.xml"
install -m 644 README.md README.zh-CN.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE assets/licences.txt "$share/doc/convlens/"
for size in 16 24 32 48 64 128 256 512; do
    install -D -m 644 "packaging/icon/convlens-$size.png" "$share/icons/hicolor/${size}x$size/apps/convlens.png"
done
install -D -m 644 packaging/icon/convlens.svg "$share/icons/hicolor/scalable/apps/convlens.svg"
install -m 755 packaging/linux/install.sh "$folder/install.sh"

# The system's C library, and nothing else.
needed="$(objdump -p "$folder/bin/convlens" | sed -n 's/^ *NEEDED *//p')"
others="$(grep -Ev '^(libc|libm|libgcc_s|ld-linux.*|libdl|libpthread|librt)\.so' <<<"$needed" || true)"
if [[ -n "$others" ]]; then
    echo "the program needs libraries that a system may lack: $others" >&2
    exit 1
fi
glibc="$(objdump -T "$folder/bin/convlens" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)"

# The same content gives the same bytes.
epoch="$(git log -1 --format=%ct 2>/dev/null || echo 0)"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -C target/packaging -c "$name" | gzip -9n >"$folder.tar.gz"
echo "$folder.tar.gz: $(stat -c %s "$folder.tar.gz") bytes, needs $glibc or later"

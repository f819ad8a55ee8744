#!/usr/bin/env bash
# Makes target/packaging/convlens-VERSION-windows-x86_64.zip with two programs: convlens.exe for the terminal, and
# ConvLens-window.exe, the same program marked as one without a terminal, to double-click.
#
# Runs in Git Bash on Windows, or on Linux with mingw-w64 and the Rust target x86_64-pc-windows-gnu. RESOURCE_ONLY=1 makes
# and checks the resource alone. The icon, version and manifest are linked here, so that the crate needs no build script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target="${TARGET:-x86_64-pc-windows-gnu}"
windres="${WINDRES:-x86_64-w64-mingw32-windres}"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
mkdir -p target/packaging
resource="$PWD/target/packaging/convlens-resource.o"
defines=("-DVERSION=\\\"$version\\\"" "-DVERSION_NUMBERS=${version//./,},0")
(cd packaging/windows && "$windres" "${defines[@]}" -i convlens.rc -O coff -o "$resource")
echo "$resource: $(stat -c %s "$resource") bytes"
[[ -n "${RESOURCE_ONLY:-}" ]] && exit 0

CONVLENS_COMMIT="${CONVLENS_COMMIT:-$(git rev-parse --short=12 HEAD)}"
export CONVLENS_COMMIT
cargo rustc --release --locked --bin convlens --target "$target" -- -C "link-arg=$resource"

name="convlens-$version-windows-x86_64"
folder="target/packaging/$name"
rm -rf "$folder" "$folder.zip"
mkdir -p "$folder"
cp "target/$target/release/convlens.exe" "$folder/"
python3 packaging/windows/without_terminal.py "$folder/convlens.exe" "$folder/ConvLens-window.exe"
cp README.md README.zh-CN.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE assets/licences.txt "$folder/"
python3 -c 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", "target/packaging", sys.argv[2])' "$folder" "$name"
echo "$folder.zip: $(stat -c %s "$folder.zip") bytes"

#!/usr/bin/env bash
# Makes target/packaging/ConvLens.app, for both kinds of processor where both targets are installed, and a zip of it.
# Run on macOS: packaging/macos/app.sh [IDENTITY]; without an identity, it is signed for this Mac alone.
# With PROGRAM=path, that program is taken, and nothing is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

identity="${1:--}"
app=target/packaging/ConvLens.app
rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"

if [[ -n "${PROGRAM:-}" ]]; then
    cp "$PROGRAM" "$app/Contents/MacOS/convlens"
else
    CONVLENS_COMMIT="${CONVLENS_COMMIT:-$(git rev-parse --short=12 HEAD)}"
    export CONVLENS_COMMIT MACOSX_DEPLOYMENT_TARGET=11.0
    built=()
    for target in aarch64-apple-darwin x86_64-apple-darwin; do
        if rustup target list --installed | grep -qx "$target"; then
            cargo build --release --locked --bin convlens --target "$target"
            built+=("target/$target/release/convlens")
        fi
    done
    lipo -create "${built[@]}" -output "$app/Contents/MacOS/convlens"
fi

version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
sed "s|<string>0.1.0</string>|<string>$version</string>|" packaging/macos/Info.plist >"$app/Contents/Info.plist"
printf 'APPL????' >"$app/Contents/PkgInfo"
cp packaging/icon/convlens.icns "$app/Contents/Resources/"
cp LICENSE-MIT LICENSE-APACHE assets/licences.txt "$app/Contents/Resources/"

if command -v codesign >/dev/null; then
    codesign --force --options runtime --sign "$identity" "$app"
    (cd target/packaging && ditto -c -k --keepParent ConvLens.app "ConvLens-$version-macos.zip")
fi
echo "$app"

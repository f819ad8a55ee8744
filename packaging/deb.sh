#!/usr/bin/env bash
# Makes target/debian/convlens_VERSION_ARCHITECTURE.deb. Needs cargo-deb (`cargo install cargo-deb`).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/build.sh
${CARGO:-cargo} deb --locked --no-build --no-strip
dpkg-deb --info target/debian/convlens_*.deb

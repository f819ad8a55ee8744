#!/usr/bin/env bash
# Builds the program that all packages hold, and what is made from it: manual pages and completions, in target/packaging.
# CARGO is the cargo to use; NO_BUILD=1 takes the program that is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CONVLENS_COMMIT="${CONVLENS_COMMIT:-$(git rev-parse --short=12 HEAD 2>/dev/null || true)}"
if [[ -n "$CONVLENS_COMMIT" && -n "$(git status --porcelain --untracked-files=no 2>/dev/null)" ]]; then
    CONVLENS_COMMIT="$CONVLENS_COMMIT with changes"
fi
export CONVLENS_COMMIT
if [[ -z "${NO_BUILD:-}" ]]; then
    ${CARGO:-cargo} build --release --locked --bin convlens
fi

program=target/release/convlens
out=target/packaging
rm -rf "$out/man" "$out/completions"
mkdir -p "$out/man" "$out/completions"
"$program" --lang en man --out "$out/man"
"$program" --lang en completions bash >"$out/completions/convlens.bash"
"$program" --lang en completions zsh >"$out/completions/_convlens"
"$program" --lang en completions fish >"$out/completions/convlens.fish"
"$program" --version

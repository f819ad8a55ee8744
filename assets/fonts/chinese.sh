#!/bin/sh
# Makes NotoSansSC-Regular.otf and NotoSansSC-Bold.otf: the characters of the Chinese table and of the lessons, of the
# Noto Sans CJK SC of the Debian package fonts-noto-cjk. Needs fonttools (pip install fonttools). Run it again when a
# text has a new character; a test says so.
set -eu
cd "$(dirname "$0")"
SOURCE=${1:-/usr/share/fonts/opentype/noto}
CHARACTERS=$(mktemp)
trap 'rm -f "$CHARACTERS"' EXIT
cat ../languages/zh.toml ../lessons/*.md chinese.txt |
  python3 -c 'import sys; print("".join(sorted({c for c in sys.stdin.read() if ord(c) >= 0x2e80})))' > "$CHARACTERS"
for weight in Regular Bold; do
  # Number 2 of the collection is the SC face. Latin is Inter's.
  pyftsubset "$SOURCE/NotoSansCJK-$weight.ttc" --font-number=2 --output-file="NotoSansSC-$weight.otf" \
    --text-file="$CHARACTERS" --layout-features='' --no-hinting --name-IDs=0,1,2,3,4,5,6,13,14,16,17
done
ls -l NotoSansSC-*.otf

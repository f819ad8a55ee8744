#!/usr/bin/env bash
# Makes the pictures of the icon from convlens.svg: PNG for Linux, ICO for Windows, ICNS for macOS.
# Needs rsvg-convert (Debian's librsvg2-bin) and Python 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for size in 16 24 32 48 64 128 256 512; do
    rsvg-convert --width "$size" --height "$size" convlens.svg --output "convlens-$size.png"
done
# Both containers hold PNG files as they are.
python3 - <<'PYTHON'
import struct

def png(size):
    return open(f"convlens-{size}.png", "rb").read()

sizes = [16, 24, 32, 48, 64, 128, 256]
place = 6 + 16 * len(sizes)
entries, pictures = b"", b""
for size in sizes:
    data = png(size)
    entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), place + len(pictures))
    pictures += data
open("convlens.ico", "wb").write(struct.pack("<HHH", 0, 1, len(sizes)) + entries + pictures)

kinds = [(b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512)]
parts = b"".join(kind + struct.pack(">I", 8 + len(png(size))) + png(size) for kind, size in kinds)
open("convlens.icns", "wb").write(b"icns" + struct.pack(">I", 8 + len(parts)) + parts)
PYTHON

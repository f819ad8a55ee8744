#!/usr/bin/env python3
"""Makes the small examples in corpus/ that are not made by the program itself: IDX files, networks, specs, lessons, pictures.

Needs Pillow. Settings, states of the window and hand-ins were saved by the program and made shorter by hand."""

import gzip
import io
import json
import os
import struct
import zipfile

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def keep(target, name, data):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def read(*path):
    with open(os.path.join(ROOT, *path), "rb") as file:
        return file.read()


def idx():
    pixels = bytes((x * 40 + y * 25) % 256 for _ in range(2) for y in range(6) for x in range(5))
    images = struct.pack(">IIII", 2051, 2, 6, 5) + pixels
    labels = struct.pack(">II", 2049, 5) + bytes([0, 1, 2, 9, 4])
    keep("idx_images", "two", images)
    keep("idx_images", "two.gz", gzip.compress(images, mtime=0))
    keep("idx_images", "none", struct.pack(">IIII", 2051, 0, 1, 1))
    keep("idx_images", "huge", struct.pack(">IIII", 2051, 0xFFFFFFFF, 28, 28) + pixels)
    keep("idx_labels", "five", labels)
    keep("idx_labels", "five.gz", gzip.compress(labels, mtime=0))


def safetensors(tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, shape, values in tensors:
        raw = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


SPEC = {
    "name": "tiny",
    "input": [1, 6, 6],
    "layers": [
        {"type": "conv2d", "out_channels": 2, "kernel_size": 3},
        {"type": "relu"},
        {"type": "max_pool2d", "kernel_size": 2},
        {"type": "flatten"},
        {"type": "linear", "out_features": 3},
    ],
}


def networks():
    weights = [
        ("0.weight", [2, 1, 3, 3], [i / 9 - 1 for i in range(18)]),
        ("0.bias", [2], [0.5, -0.25]),
        ("4.weight", [3, 8], [i / 12 - 1 for i in range(24)]),
        ("4.bias", [3], [0.0, 1.0, -1.0]),
    ]
    keep("model", "tiny.safetensors", safetensors(weights, {"convlens.spec": json.dumps(SPEC)}))
    keep("model", "no-spec.safetensors", safetensors(weights, {}))
    keep("model", "other-names.safetensors", safetensors([("conv." + n, s, v) for n, s, v in weights], {"format": "pt"}))
    state = safetensors([("slot.0.0.weight", [2, 1, 3, 3], [0.0] * 18)], {"convlens.training": json.dumps({"step": 3, "seed": 1})})
    keep("training_state", "small.safetensors", state)
    keep("spec", "tiny.json", json.dumps(SPEC))
    for name in sorted(os.listdir(os.path.join(ROOT, "tests", "cases"))):
        if name.endswith(".json"):
            keep("spec", name, read("tests", "cases", name))
    layers = ["batch_norm2d", "avg_pool2d", "dropout", "tanh", "sigmoid", "local_response_norm", "conv_transpose2d"]
    for kind in layers:
        spec = {"name": kind, "input": [2, 8, 8], "layers": [{"type": kind, "kernel_size": 2, "out_channels": 2, "p": 0.5}]}
        keep("spec", f"{kind}.json", json.dumps(spec))


def lessons():
    for name in ("01-what-a-computer-sees.md", "02-sliding-window.md", "11-how-it-learns.md"):
        keep("lesson", name, read("assets", "lessons", name)[:6000])
    form = read("assets", "lessons", "FORMAT.md")
    keep("lesson", "form.md", form[form.index(b"+++") : form.index("中文".encode())])


def pictures():
    picture = Image.new("L", (24, 20), 250)
    for y in range(3, 17):
        for x in (11, 12, 13):
            picture.putpixel((x, y), 10)
    for kind in ("PNG", "JPEG", "BMP", "GIF", "WEBP"):
        out = io.BytesIO()
        picture.save(out, kind)
        keep("picture", f"one.{kind.lower()}", out.getvalue())
    out = io.BytesIO()
    picture.convert("RGBA").rotate(20).save(out, "PNG")
    keep("picture", "turned.png", out.getvalue())


def tables():
    rows = [[c] + [(c * 60 + 7 * i) % 256 for i in range(16)] for c in (0, 1, 2, 0, 1, 2)]
    head = "label," + ",".join(f"pixel{i}" for i in range(16))
    lines = [",".join(map(str, row)) for row in rows]
    keep("table", "head.csv", "\n".join([head, *lines]) + "\n")
    keep("table", "plain.csv", "\r\n".join(lines))
    keep("table", "lines.csv.gz", gzip.compress("\n".join(lines).encode(), mtime=0))
    keep("table", "quoted.csv", '"cat",' + ",".join(['"0"'] * 16) + "\n" + '"dog",' + ",".join(["255"] * 16) + "\n")


def npy(kind, shape, data):
    text = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def arrays():
    images = npy("|u1", (6, 4, 4), bytes(range(96)))
    labels = npy("<i8", (6,), struct.pack("<6q", 0, 1, 2, 0, 1, 2))
    floats = npy("<f4", (6, 16), struct.pack("<96f", *[i / 96 for i in range(96)]))
    for name, pixels, how in (("stored", images, zipfile.ZIP_STORED), ("packed", images, zipfile.ZIP_DEFLATED), ("floats", floats, zipfile.ZIP_STORED)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", how) as archive:
            for part, data in (("images", pixels), ("labels", labels)):
                archive.writestr(zipfile.ZipInfo(part + ".npy", (2026, 1, 1, 0, 0, 0)), data, how)
        keep("npz", f"{name}.npz", out.getvalue())


def drawings():
    keep("svg", "path.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><path d="M4 4 L20 4 L10 24" stroke="#000" fill="none" stroke-width="3"/></svg>')
    keep("svg", "parts.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs><g id="a"><circle cx="4" cy="4" r="3"/></g></defs><use href="#a"/><rect width="2" height="2" transform="rotate(9)"/></svg>')


idx()
networks()
lessons()
pictures()
tables()
arrays()
drawings()

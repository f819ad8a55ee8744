#!/usr/bin/env python3
"""Writes assets/licences.txt: the licences of everything in the program that others made.

Run it when Cargo.lock or an asset changes; `cargo test --test architecture packages` says when that is. It lists the
packages that can be in the program on any system, without those of tests. Of a package that may be used under several
licences, it takes the first of PREFERRED; where that asks for the package's own copyright notice, its licence file is
copied, each text once.
"""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PREFERRED = [
    "Apache-2.0", "MIT", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib", "BSL-1.0", "MIT-0", "0BSD", "CC0-1.0", "Unlicense",
    "Unicode-3.0", "NCSA", "LGPL-3.0", "MPL-2.0", "LGPL-2.1-or-later",
]
# Of a package without a licence file, the text is that of its licence, with the authors of its Cargo.toml.
STANDARD = {
    "MIT": """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
""",
}
# Name, what it is in the program, licence, and the file with its text.
ASSETS = [
    ("Inter", "typeface; the Inter Project Authors", "OFL-1.1", "fonts/OFL-Inter.txt"),
    ("JetBrains Mono", "typeface; the JetBrains Mono Project Authors", "OFL-1.1", "fonts/OFL-JetBrainsMono.txt"),
    ("Noto Sans SC", "typeface; Adobe and Google", "OFL-1.1", "fonts/OFL-NotoSansCJK.txt"),
    ("Lucide", "icons; the Lucide contributors, parts Cole Bemis", "ISC AND MIT", "icons/LICENSE"),
    ("MNIST", "handwritten digits; Yann LeCun, Corinna Cortes, Christopher J.C. Burges", "CC-BY-SA-3.0, as commonly stated", None),
    ("Photographs", "Stéfan van der Walt, Lav Varshney, CC0Textures; NASA", "CC0-1.0; public domain", None),
]


def metadata():
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def in_the_program(data):
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    found, queue = set(), [data["resolve"]["root"]]
    while queue:
        node = queue.pop()
        if node not in found:
            found.add(node)
            deps = nodes[node]["deps"]
            queue.extend(d["pkg"] for d in deps if any(kind["kind"] != "dev" for kind in d["dep_kinds"]))
    found.discard(data["resolve"]["root"])
    packages = [package for package in data["packages"] if package["id"] in found]
    return sorted(packages, key=lambda package: (package["name"], [int(n) if n.isdigit() else 0 for n in re.split(r"[.+-]", package["version"])]))


def chosen(expression):
    """The licences that a package is used under: all of those joined by AND, the first preferred of those by OR."""
    parts = [part.strip("() ") for part in re.split(r"\bAND\b(?![^(]*\))", expression)]
    names = []
    for part in parts:
        options = [option.strip("() ") for option in re.split(r"\bOR\b|/", part)]
        plain = [option.split(" WITH ")[0] for option in options]
        known = [name for name in PREFERRED if name in plain]
        if not known:
            sys.exit(f"no licence of {expression!r} is in PREFERRED")
        names.append(known[0])
    return sorted(set(names))


def licence_files(package, licence):
    """The package's own text of a licence, and its notices."""
    folder = os.path.dirname(package["manifest_path"])
    names = sorted(os.listdir(folder))
    files = [name for name in names if re.match(r"(?i)(licen[cs]e|copying|unlicense)", name) and os.path.isfile(os.path.join(folder, name))]
    if len(files) > 1:
        word = {"BSL-1.0": "boost"}.get(licence, licence.split("-")[0].lower())
        files = [name for name in files if word in name.lower()] or files[:1]
    files += [name for name in names if re.match(r"(?i)notice", name)]
    return [clean(open(os.path.join(folder, name), encoding="utf-8", errors="replace").read()) for name in files]


def clean(text):
    lines = [re.sub(r"[^\S\n]", " ", line.rstrip()) for line in text.replace("\r\n", "\n").replace("\f", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "".join(c for c in "\n".join(lines) if c == "\n" or c.isprintable())).strip("\n") + "\n"


def main():
    packages = in_the_program(metadata())
    texts = {}  # The text, and the packages that it is of.
    rows = []
    for package in packages:
        expression = package["license"] or sys.exit(f"{package['name']} names no licence")
        rows.append(f"{package['name']} {package['version']} · {expression}")
        label = f"{package['name']} {package['version']}"
        for licence in chosen(expression):
            if licence == "Apache-2.0":
                continue  # One text for all, at the end.
            own = licence_files(package, licence)
            if not own:
                if licence not in STANDARD:
                    sys.exit(f"{label} has no text of its licence {licence}")
                authors = ", ".join(re.sub(r"\s*<[^>]*>", "", author) for author in package["authors"])
                own = [f"Copyright (c) {authors or 'the ' + package['name'] + ' authors'}\n\n{STANDARD[licence]}"]
            for text in own:
                texts.setdefault(text, []).append(label)
    out = ["ConvLens is licensed under the MIT licence or the Apache licence 2.0, at your option.", ""]
    out += ["It contains work of others, under these licences. Their texts follow.", "", "Data, typefaces and icons", ""]
    out += [f"{name} · {what} · {licence}" for name, what, licence, _ in ASSETS]
    out += ["", "Packages", ""] + rows
    for name, _, _, path in ASSETS:
        if path:
            text = clean(open(os.path.join(ROOT, "assets", path), encoding="utf-8").read())
            texts.setdefault(text, []).append(name)
    for text, names in sorted(texts.items(), key=lambda item: item[1]):
        out += ["", "-" * 80, ", ".join(names), "-" * 80, "", text.rstrip("\n")]
    apache = clean(open(os.path.join(ROOT, "LICENSE-APACHE"), encoding="utf-8").read())
    out += ["", "-" * 80, "All packages that name Apache-2.0", "-" * 80, "", apache.rstrip("\n")]
    with open(os.path.join(ROOT, "assets", "licences.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
    print(f"assets/licences.txt: {len(packages)} packages, {len(texts) + 1} texts")


main()

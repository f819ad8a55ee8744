"""Makes the test pictures from other sources: digits of handwriting fonts, and 8x8 scans.

usage: fetch.py FONTS_DIR     (needs: pillow, scikit-learn; FONTS_DIR has the npm packages @fontsource/*, see fonts.tsv)

Writes
  fonts.png   one row a face, ten cells of 48x48 a row, digits 0 to 9 in black on white
  fonts.tsv   one line a row: face, weight, licence
  scans.idx.gz, scans-labels.idx.gz   every second image of the test part of "Optical Recognition of Handwritten Digits"
              (E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, CC BY 4.0), values 0 to 16
"""
import gzip, json, pathlib, struct, sys
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_digits

CELL, INK = 48, 40
here = pathlib.Path(__file__).parent
rows, names = [], []
for package in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    licence = json.loads((package / "package.json").read_text())["license"]
    faces = sorted(package.glob("files/*-latin-[0-9]*-normal.woff2"))
    # The lightest and the heaviest weight of a face that has several.
    for face in {faces[0], faces[-1]} if len(faces) > 1 else faces:
        weight = face.name.split("-")[-2]
        row = Image.new("L", (10 * CELL, CELL), 255)
        for digit in range(10):
            font = ImageFont.truetype(face, 160)
            large = Image.new("L", (800, 800), 255)
            ImageDraw.Draw(large).text((300, 250), str(digit), font=font, fill=0)
            box = Image.eval(large, lambda v: 255 - v).getbbox()
            ink = large.crop(box)
            scale = INK / max(ink.size)
            ink = ink.resize([max(1, round(side * scale)) for side in ink.size], Image.Resampling.BOX)
            row.paste(ink, (digit * CELL + (CELL - ink.width) // 2, (CELL - ink.height) // 2))
        rows.append(row)
        names.append(f"{package.name}\t{weight}\t{licence}")
order = sorted(range(len(rows)), key=lambda i: names[i])
sheet = Image.new("L", (10 * CELL, len(rows) * CELL), 255)
for y, i in enumerate(order):
    sheet.paste(rows[i], (0, y * CELL))
sheet.save(here / "fonts.png", optimize=True)
(here / "fonts.tsv").write_text("".join(names[i] + "\n" for i in order))

scans = load_digits()
images, labels = scans.images[::2].astype("uint8"), scans.target[::2].astype("uint8")
def write(name, header, data):
    with open(here / name, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(header + data.tobytes())
write("scans.idx.gz", struct.pack(">IIII", 0x803, *images.shape), images)
write("scans-labels.idx.gz", struct.pack(">II", 0x801, len(labels)), labels)
print(len(rows), "faces;", len(labels), "scans")

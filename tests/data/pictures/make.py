"""Makes the pictures of this folder: a dark stroke on white, in ink of four colours. Needs Pillow."""

from pathlib import Path

from PIL import Image

here = Path(__file__).parent
picture = Image.new("CMYK", (16, 16), (0, 0, 0, 0))
for y in range(2, 14):
    for x in (7, 8):
        picture.putpixel((x, y), (0, 0, 0, 255))
picture.save(here / "cmyk.jpg", quality=95)
picture.save(here / "cmyk.tiff")

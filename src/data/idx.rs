//! IDX, the file format of MNIST and related data sets: a magic number, the sizes, then the bytes.
//!
//! Every size in a header is checked against a limit and against the file's length before anything is allocated for it.

use std::io::{self, Read, Write};

use flate2::bufread::GzDecoder;

use super::DataError;
use crate::text::Sentence;

/// The most images or labels in one file.
const MAX_COUNT: usize = 10_000_000;
/// The largest height or width of an image, in pixels.
const MAX_SIDE: usize = 4096;
/// The most pixels in one file.
const MAX_BYTES: usize = 1 << 30;
/// The longest file: the most pixels and a header.
pub(super) const MAX_FILE: u64 = MAX_BYTES as u64 + 16;
/// Deflate expands at most 1032:1, so a header that claims more is wrong.
const MAX_EXPANSION: usize = 1032;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const IMAGES_MAGIC: [u8; 4] = [0, 0, 8, 3];
const LABELS_MAGIC: [u8; 4] = [0, 0, 8, 1];

/// The images of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Shape (count, height, width).
    pub pixels: Vec<u8>,
    /// The height of an image in pixels, at least 1.
    pub height: usize,
    /// The width of an image in pixels, at least 1.
    pub width: usize,
}

impl Images {
    /// The number of images.
    pub fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width).max(1)
    }
}

/// Reads an IDX file of unsigned bytes of rank 3, plain or gzip. `name` is what errors call it.
pub fn read_images(name: &str, bytes: &[u8]) -> Result<Images, DataError> {
    let (header, mut source) = read_header::<16>(name, bytes, "images", IMAGES_MAGIC)?;
    let [count, height, width] = [4, 8, 12].map(|at| size_at(&header, at));
    let claim = || {
        Sentence::new("{count} images of {height}×{width}")
            .with("count", count)
            .with("height", height)
            .with("width", width)
    };
    let total = [height, width].into_iter().try_fold(count, usize::checked_mul);
    let total =
        total.filter(|&n| n <= MAX_BYTES && count <= MAX_COUNT && height <= MAX_SIDE && width <= MAX_SIDE);
    let Some(total) = total else {
        let limit = "10000000 images, 4096×4096 pixels and 1 GiB";
        return Err(DataError::TooLarge { name: name.into(), claim: claim(), limit });
    };
    if height == 0 || width == 0 {
        return Err(DataError::NoPixels { name: name.into(), claim: claim() });
    }
    let pixels = source.read_exactly(header.len(), total, claim)?;
    Ok(Images { pixels, height, width })
}

/// Reads an IDX file of unsigned bytes of rank 1, plain or gzip. `name` is what errors call it.
pub fn read_labels(name: &str, bytes: &[u8]) -> Result<Vec<u8>, DataError> {
    let (header, mut source) = read_header::<8>(name, bytes, "labels", LABELS_MAGIC)?;
    let count = size_at(&header, 4);
    let claim = || Sentence::new("{count} labels").with("count", count);
    if count > MAX_COUNT {
        return Err(DataError::TooLarge { name: name.into(), claim: claim(), limit: "10000000 labels" });
    }
    source.read_exactly(header.len(), count, claim)
}

/// Writes images as plain IDX.
///
/// # Errors
/// `InvalidInput` if a size has more than 32 bits or the pixels are not a whole number of images.
pub fn write_images(out: &mut impl Write, images: &Images) -> io::Result<()> {
    if images.count() * images.height * images.width != images.pixels.len() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the pixels are not a whole number of images",
        ));
    }
    out.write_all(&IMAGES_MAGIC)?;
    for size in [images.count(), images.height, images.width] {
        out.write_all(&size_bytes(size)?)?;
    }
    out.write_all(&images.pixels)
}

/// Writes labels as plain IDX.
///
/// # Errors
/// `InvalidInput` if their number has more than 32 bits.
pub fn write_labels(out: &mut impl Write, labels: &[u8]) -> io::Result<()> {
    out.write_all(&LABELS_MAGIC)?;
    out.write_all(&size_bytes(labels.len())?)?;
    out.write_all(labels)
}

fn size_bytes(size: usize) -> io::Result<[u8; 4]> {
    u32::try_from(size)
        .map(u32::to_be_bytes)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}

fn size_at(header: &[u8], at: usize) -> usize {
    header[at..at + 4].iter().fold(0, |size, &byte| size << 8 | byte as usize)
}

fn hex(bytes: [u8; 4]) -> String {
    bytes.map(|byte| format!("{byte:02x}")).join(" ")
}

/// The bytes of a file, decompressed while they are read.
enum Source<'a> {
    Plain(&'a [u8]),
    Gzip { decoder: GzDecoder<&'a [u8]>, compressed: usize },
}

impl Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let decoder = match self {
            Source::Plain(bytes) => return bytes.read(out),
            Source::Gzip { decoder, .. } => decoder,
        };
        loop {
            let read = decoder.read(out)?;
            let rest = *decoder.get_ref();
            // The member ends. Another one can follow, or zeros that fill a block, as after gzip's own files on tapes.
            if read > 0 || rest.iter().all(|&byte| byte == 0) {
                return Ok(read);
            }
            *decoder = GzDecoder::new(rest);
        }
    }
}

/// A source and its name for errors.
struct Named<'a> {
    name: &'a str,
    source: Source<'a>,
}

/// Opens the file and reads its first `N` bytes, which must begin with `magic`.
fn read_header<'a, const N: usize>(
    name: &'a str,
    bytes: &'a [u8],
    wanted: &'static str,
    magic: [u8; 4],
) -> Result<([u8; N], Named<'a>), DataError> {
    let source = if bytes.starts_with(&GZIP_MAGIC) {
        Source::Gzip { decoder: GzDecoder::new(bytes), compressed: bytes.len() }
    } else {
        Source::Plain(bytes)
    };
    let mut named = Named { name, source };
    let mut header = [0; N];
    let bytes = named.read_some(&mut header)?;
    let found = [header[0], header[1], header[2], header[3]];
    if bytes >= 4 && found != magic {
        let (found, right) = (hex(found), hex(magic));
        return Err(DataError::WrongMagic { name: name.into(), found, wanted, right });
    }
    if bytes < N {
        return Err(DataError::ShortHeader { name: name.into(), bytes, header: N, wanted });
    }
    Ok((header, named))
}

impl Named<'_> {
    /// Fills as much of `out` as there are bytes, and returns how many there were.
    fn read_some(&mut self, out: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < out.len() {
            let rest = &mut out[filled..];
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(reason) => return Err(DataError::Gzip { name: self.name.into(), reason }),
            }
        }
        Ok(filled)
    }

    /// Reads the `total` bytes after the header, at which the file must end.
    fn read_exactly(
        &mut self,
        header: usize,
        total: usize,
        claim: impl Fn() -> Sentence,
    ) -> Result<Vec<u8>, DataError> {
        let name = || self.name.to_owned();
        match &self.source {
            Source::Plain(rest) if rest.len() < total => {
                return Err(DataError::TooShort { name: name(), claim: claim(), bytes: header + rest.len() });
            }
            Source::Gzip { compressed, .. } if compressed.saturating_mul(MAX_EXPANSION) < total => {
                // Too short without a doubt; the bytes are counted for the message alone.
                let bytes = header + self.count_up_to(total)?;
                return Err(DataError::TooShort { name: self.name.into(), claim: claim(), bytes });
            }
            _ => {}
        }
        let mut bytes = vec![0; total];
        let filled = self.read_some(&mut bytes)?;
        if filled < total {
            let bytes = header + filled;
            return Err(DataError::TooShort { name: self.name.into(), claim: claim(), bytes });
        }
        if self.read_some(&mut [0])? > 0 {
            return Err(DataError::TooLong { name: self.name.into(), claim: claim(), bytes: header + total });
        }
        Ok(bytes)
    }

    /// Counts the bytes that are left, up to `limit`.
    fn count_up_to(&mut self, limit: usize) -> Result<usize, DataError> {
        let mut scratch = [0; 4096];
        let mut count = 0;
        while count < limit {
            match self.read_some(&mut scratch)? {
                0 => break,
                more => count += more,
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn small_images() -> Vec<u8> {
        let images = Images { pixels: (0..24).map(|i| i * 9).collect(), height: 3, width: 4 };
        let mut file = Vec::new();
        write_images(&mut file, &images).unwrap();
        file
    }

    fn small_labels() -> Vec<u8> {
        let mut file = Vec::new();
        write_labels(&mut file, &[3, 1, 4, 1, 5]).unwrap();
        file
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn message<T: std::fmt::Debug>(result: Result<T, DataError>) -> String {
        let message = result.unwrap_err().to_string();
        assert!(message.starts_with("f: ") && !message.contains('\n'), "{message}");
        message
    }

    #[test]
    fn plain_and_gzip_files_survive_a_round_trip() {
        for file in [small_images(), gzip(&small_images())] {
            let images = read_images("f", &file).unwrap();
            assert_eq!((images.count(), images.height, images.width), (2, 3, 4));
            assert_eq!(images.pixels[23], 207);
        }
        for file in [small_labels(), gzip(&small_labels())] {
            assert_eq!(read_labels("f", &file).unwrap(), [3, 1, 4, 1, 5]);
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error() {
        for file in [small_images(), gzip(&small_images())] {
            for end in 0..file.len() {
                message(read_images("f", &file[..end]));
            }
        }
        for file in [small_labels(), gzip(&small_labels())] {
            for end in 0..file.len() {
                message(read_labels("f", &file[..end]));
            }
        }
    }

    #[test]
    fn trailing_bytes_are_an_error() {
        let longer = [small_images(), vec![0]].concat();
        assert_eq!(
            message(read_images("f", &longer)),
            "f: claims to hold 2 images of 3×4, which take 40 bytes, but is longer"
        );
        message(read_images("f", &gzip(&longer)));
        message(read_labels("f", &[small_labels(), vec![7]].concat()));
        message(read_images("f", &[gzip(&small_images()), vec![7]].concat()));
        message(read_images("f", &[gzip(&small_images()), gzip(&[1])].concat()));
    }

    #[test]
    fn zeros_after_a_gzip_file_are_no_part_of_it() {
        let file = small_images();
        let images = read_images("f", &file).unwrap();
        let (start, end) = file.split_at(25);
        for zeros in [1, 7, 512, 10_000] {
            let zeros = vec![0; zeros];
            assert_eq!(read_images("f", &[gzip(&file), zeros.clone()].concat()).unwrap(), images);
            let members = [gzip(start), gzip(end), zeros.clone()].concat();
            assert_eq!(read_images("f", &members).unwrap(), images, "several members");
            let labels = [gzip(&small_labels()), zeros.clone()].concat();
            assert_eq!(read_labels("f", &labels).unwrap(), [3, 1, 4, 1, 5]);
            message(read_images("f", &[gzip(&file), zeros, vec![1]].concat()));
        }
    }

    #[test]
    fn every_flipped_bit_is_an_error_or_a_changed_pixel() {
        let file = small_images();
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let in_header = bit / 8 < 16;
            assert_eq!(read_images("f", &flipped).is_err(), in_header, "bit {bit}");
        }
        let file = small_labels();
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read_labels("f", &flipped).is_err(), bit / 8 < 8, "bit {bit}");
        }
    }

    #[test]
    fn every_flipped_bit_of_a_gzip_file_is_an_error_or_changes_nothing() {
        let whole = read_images("f", &small_images()).unwrap();
        let file = gzip(&small_images());
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(images) = read_images("f", &flipped) {
                assert_eq!(images, whole, "bit {bit}");
            }
        }
    }

    #[test]
    fn absurd_sizes_are_refused_before_anything_is_allocated() {
        let huge = [&IMAGES_MAGIC[..], &[0xff; 12]].concat();
        let said = message(read_images("f", &huge));
        assert!(
            said.starts_with(
                "f: claims to hold 4294967295 images of 4294967295×4294967295, but the limits are "
            ),
            "{said}"
        );
        message(read_images("f", &gzip(&huge)));
        message(read_labels("f", &[&LABELS_MAGIC[..], &[0xff; 4]].concat()));
        // Within the limits, but not in the file.
        let claim = [0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28];
        let file = [&IMAGES_MAGIC[..], &claim, &[0; 1188]].concat();
        let right = "f: claims to hold 60000 images of 28×28, but ends after 1204 bytes";
        assert_eq!(message(read_images("f", &file)), right);
        assert_eq!(message(read_images("f", &gzip(&file))), right);
    }

    #[test]
    fn a_gzip_that_expands_beyond_its_header_is_not_expanded() {
        let bomb = gzip(&[small_images(), vec![0; 50_000_000]].concat());
        assert!(message(read_images("f", &bomb)).contains("is longer"));
    }

    #[test]
    fn other_kinds_of_file_are_named() {
        assert_eq!(
            message(read_images("f", &small_labels())),
            "f: begins with the bytes 00 00 08 01, but an IDX file of images begins with 00 00 08 03"
        );
        message(read_labels("f", &small_images()));
        assert_eq!(
            message(read_images("f", &[])),
            "f: ends after 0 bytes, inside the 16 bytes of an IDX header for images"
        );
        message(read_labels("f", &gzip(&[])));
        let flat = [&IMAGES_MAGIC[..], &[0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4]].concat();
        assert!(message(read_images("f", &flat)).contains("at least one pixel"));
    }
}

//! IDX, the file format of MNIST and related data sets: a magic number, the sizes, then the bytes.
//!
//! Every size in a header is checked against a limit and against the file's length before anything is allocated for it.

use std::io::{self, BufRead, Write};

use super::{
    DataError,
    packed::{MAX_BYTES, Packed},
};
use crate::text::Sentence;

/// The most images or labels in one file.
const MAX_COUNT: usize = 10_000_000;
/// The largest height or width of an image, in pixels.
const MAX_SIDE: usize = 4096;

const IMAGES_MAGIC: [u8; 4] = [0, 0, 8, 3];
const COLOR_MAGIC: [u8; 4] = [0, 0, 8, 4];
const LABELS_MAGIC: [u8; 4] = [0, 0, 8, 1];
/// Rows of 32-bit integers, as QMNIST's labels: the first of each row is the class.
const ROWS_MAGIC: [u8; 4] = [0, 0, 12, 2];
/// The most integers in a row of [`ROWS_MAGIC`].
const MAX_ROW: usize = 64;

/// The grey images of one file.
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

/// The images of one file, grey or in colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Maps {
    /// Shape (count, channels, height, width).
    pub pixels: Vec<u8>,
    /// (channels, height, width), each at least 1.
    pub shape: (usize, usize, usize),
}

/// Reads an IDX file of unsigned bytes of rank 3, plain or gzip. `name` is what errors call it.
pub fn read_images(name: &str, bytes: &[u8]) -> Result<Images, DataError> {
    let maps = read_maps(Packed::new(name.into(), bytes, bytes.len() as u64)?)?;
    let (channels, height, width) = maps.shape;
    if channels != 1 {
        let (found, right) = (hex(COLOR_MAGIC), hex(IMAGES_MAGIC));
        return Err(DataError::WrongMagic { name: name.into(), found, wanted: "images", right });
    }
    Ok(Images { pixels: maps.pixels, height, width })
}

/// Reads an IDX file of unsigned bytes of rank 1, plain or gzip. `name` is what errors call it.
pub fn read_labels(name: &str, bytes: &[u8]) -> Result<Vec<u8>, DataError> {
    read_classes(Packed::new(name.into(), bytes, bytes.len() as u64)?)
}

/// Reads images: (count, height, width), (count, channels, height, width) or (count, height, width, channels).
pub(super) fn read_maps(mut file: Packed<impl BufRead>) -> Result<Maps, DataError> {
    let magic = read_magic(&mut file, "images", &[IMAGES_MAGIC, COLOR_MAGIC])?;
    let rank = usize::from(magic[3]);
    let sizes = read_sizes(&mut file, rank, "images")?;
    let header = 4 + 4 * rank;
    let &[count, ref image @ ..] = sizes.as_slice() else {
        return Err(DataError::NoImages { name: file.name });
    };
    let claim = || {
        let shape = image.iter().map(usize::to_string).collect::<Vec<_>>().join("×");
        Sentence::new("{count} images of {shape}").with("count", count).with("shape", shape)
    };
    let total = image.iter().copied().try_fold(count, usize::checked_mul);
    let fits =
        |&n: &usize| n <= MAX_BYTES && count <= MAX_COUNT && image.iter().all(|&side| side <= MAX_SIDE);
    let Some(total) = total.filter(fits) else {
        let limit = "10000000 images, 4096×4096 pixels and 1 GiB";
        return Err(DataError::TooLarge { name: file.name, claim: claim(), limit });
    };
    if image.contains(&0) {
        return Err(DataError::NoPixels { name: file.name, claim: claim() });
    }
    let pixels = read_exactly(&mut file, header, total, claim)?;
    match *image {
        [height, width] => Ok(Maps { pixels, shape: (1, height, width) }),
        [channels @ (1 | 3), height, width] => Ok(Maps { pixels, shape: (channels, height, width) }),
        [height, width, channels @ (1 | 3)] => Ok(Maps {
            pixels: planes_of(pixels, channels, channels * height * width),
            shape: (channels, height, width),
        }),
        _ => {
            let reason = Sentence::new("holds {claim}, but images have 1 channel or 3: red, green and blue")
                .part("claim", claim());
            Err(DataError::Form { name: file.name, reason })
        }
    }
}

/// Pixels of shape (…, height, width, channels) as (…, channels, height, width), where `size` is one image's bytes.
pub(super) fn planes_of(mut pixels: Vec<u8>, channels: usize, size: usize) -> Vec<u8> {
    if channels > 1 {
        let map = size / channels;
        let mut image = vec![0; size];
        for pixel in pixels.chunks_exact_mut(size.max(1)) {
            for (at, &value) in pixel.iter().enumerate() {
                image[at % channels * map + at / channels] = value;
            }
            pixel.copy_from_slice(&image);
        }
    }
    pixels
}

/// Reads the class of each image: bytes, or rows of integers whose first is the class.
pub(super) fn read_classes(mut file: Packed<impl BufRead>) -> Result<Vec<u8>, DataError> {
    let magic = read_magic(&mut file, "labels", &[LABELS_MAGIC, ROWS_MAGIC])?;
    let rank = usize::from(magic[3]);
    let sizes = read_sizes(&mut file, rank, "labels")?;
    let count = sizes.first().copied().unwrap_or_default();
    let row = sizes.get(1).copied();
    let claim = || Sentence::new("{count} labels").with("count", count);
    if count > MAX_COUNT || row.is_some_and(|row| row > MAX_ROW) {
        return Err(DataError::TooLarge { name: file.name, claim: claim(), limit: "10000000 labels" });
    }
    let header = 4 + 4 * rank;
    let Some(row) = row else { return read_exactly(&mut file, header, count, claim) };
    if row == 0 {
        let reason = Sentence::new("has labels without a column, but the first column must be the class");
        return Err(DataError::Form { name: file.name, reason });
    }
    let bytes = read_exactly(&mut file, header, count * row * 4, claim)?;
    let class = |(image, row): (usize, &[u8])| {
        u8::try_from(size_at(row, 0)).map_err(|_| {
            let reason = Sentence::new("the class of image {image} is {class}, but must be from 0 to 255")
                .with("image", image)
                .with("class", size_at(row, 0));
            DataError::Form { name: file.name.clone(), reason }
        })
    };
    bytes.chunks_exact(row * 4).enumerate().map(class).collect()
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

/// Reads the first four bytes, which must be one of `magics`.
fn read_magic(
    file: &mut Packed<impl BufRead>,
    wanted: &'static str,
    magics: &[[u8; 4]],
) -> Result<[u8; 4], DataError> {
    let mut found = [0; 4];
    let bytes = file.read_some(&mut found)?;
    let first = magics.first().copied().unwrap_or_default();
    if bytes < 4 {
        let header = 4 + 4 * usize::from(first[3]);
        return Err(DataError::ShortHeader { name: file.name.clone(), bytes, header, wanted });
    }
    if !magics.contains(&found) {
        let (found, right) = (hex(found), hex(first));
        return Err(DataError::WrongMagic { name: file.name.clone(), found, wanted, right });
    }
    Ok(found)
}

/// Reads the sizes of `rank` dimensions, after the magic number.
fn read_sizes(
    file: &mut Packed<impl BufRead>,
    rank: usize,
    wanted: &'static str,
) -> Result<Vec<usize>, DataError> {
    let mut header = vec![0; 4 * rank];
    let bytes = file.read_some(&mut header)?;
    if bytes < header.len() {
        let (bytes, header) = (4 + bytes, 4 + header.len());
        return Err(DataError::ShortHeader { name: file.name.clone(), bytes, header, wanted });
    }
    Ok((0..rank).map(|dimension| size_at(&header, 4 * dimension)).collect())
}

/// Reads the `total` bytes after the header, at which the file must end.
fn read_exactly(
    file: &mut Packed<impl BufRead>,
    header: usize,
    total: usize,
    claim: impl Fn() -> Sentence,
) -> Result<Vec<u8>, DataError> {
    if file.most_left() < total as u64 {
        // Too short without a doubt; the bytes are counted for the message alone.
        let bytes = header + file.count_up_to(total)?;
        return Err(DataError::TooShort { name: file.name.clone(), claim: claim(), bytes });
    }
    let mut bytes = vec![0; total];
    let filled = file.read_some(&mut bytes)?;
    if filled < total {
        let bytes = header + filled;
        return Err(DataError::TooShort { name: file.name.clone(), claim: claim(), bytes });
    }
    if file.read_some(&mut [0])? > 0 {
        return Err(DataError::TooLong { name: file.name.clone(), claim: claim(), bytes: header + total });
    }
    Ok(bytes)
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

    fn with_header(magic: [u8; 4], sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
        let sizes: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).collect();
        [&magic[..], &sizes, bytes].concat()
    }

    fn packed(bytes: &[u8]) -> Packed<&[u8]> {
        Packed::new("f".into(), bytes, bytes.len() as u64).unwrap()
    }

    #[test]
    fn images_in_colour_have_channels_first_or_last() {
        let bytes: Vec<u8> = (0..24).collect();
        let first = read_maps(packed(&with_header(COLOR_MAGIC, &[2, 3, 2, 2], &bytes))).unwrap();
        assert_eq!((first.shape, &first.pixels), ((3, 2, 2), &bytes));
        let last = read_maps(packed(&with_header(COLOR_MAGIC, &[2, 2, 2, 3], &bytes))).unwrap();
        assert_eq!(last.shape, (3, 2, 2));
        assert_eq!(last.pixels[..12], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
        let four = read_maps(packed(&with_header(COLOR_MAGIC, &[1, 2, 2, 6], &bytes)));
        assert_eq!(
            four.unwrap_err().to_string(),
            "f: holds 1 images of 2×2×6, but images have 1 channel or 3: red, green and blue"
        );
        message(read_images("f", &with_header(COLOR_MAGIC, &[2, 3, 2, 2], &bytes)));
    }

    #[test]
    fn the_first_column_of_qmnist_is_the_class() {
        let rows: Vec<u8> = [[7_u32, 99], [2, 500]].concat().iter().flat_map(|n| n.to_be_bytes()).collect();
        let file = with_header(ROWS_MAGIC, &[2, 2], &rows);
        for file in [file.clone(), gzip(&file)] {
            assert_eq!(read_labels("f", &file).unwrap(), [7, 2]);
            for end in 0..file.len() {
                message(read_labels("f", &file[..end]));
            }
        }
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            drop(read_labels("f", &flipped));
        }
        let mut large = file;
        large[13] = 1;
        assert!(message(read_labels("f", &large)).contains("the class of image 0 is 65543"));
    }
}

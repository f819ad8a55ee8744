//! Why a data set or a picture cannot be read.

use crate::text::{Say, Sentence};
use std::io;
use thiserror::Error;

/// An error of a data file. Its sentence names the file, the value that is wrong, and what would be right.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum DataError {
    /// The file system refused.
    Read {
        /// The file or folder.
        name: String,
        /// The system's message.
        reason: io::Error,
    },
    /// A folder lacks one of the four files of a data set.
    MissingFile {
        /// The folder.
        folder: String,
        /// The file.
        file: String,
    },
    /// A folder holds several EMNIST sets.
    SeveralSets {
        /// The folder.
        folder: String,
        /// A file of one set.
        first: String,
        /// A file of another.
        second: String,
    },
    /// A file does not start like an IDX file of the wanted kind.
    WrongMagic {
        /// The file.
        name: String,
        /// Its first four bytes, in hexadecimal.
        found: String,
        /// `images` or `labels`.
        wanted: &'static str,
        /// The first four bytes of such a file, in hexadecimal.
        right: String,
    },
    /// A file ends inside its header.
    ShortHeader {
        /// The file.
        name: String,
        /// Its length in bytes (of a gzip file: after decompression).
        bytes: usize,
        /// The length of the header.
        header: usize,
        /// `images` or `labels`.
        wanted: &'static str,
    },
    /// A header claims more than is accepted.
    TooLarge {
        /// The file.
        name: String,
        /// The header's claim.
        claim: Sentence,
        /// The limit.
        limit: &'static str,
    },
    /// A header claims images without pixels.
    NoPixels {
        /// The file.
        name: String,
        /// The header's claim.
        claim: Sentence,
    },
    /// A file is shorter than its header claims.
    TooShort {
        /// The file.
        name: String,
        /// The header's claim.
        claim: Sentence,
        /// The file's length in bytes (of a gzip file: after decompression).
        bytes: usize,
    },
    /// A file is longer than its header claims.
    TooLong {
        /// The file.
        name: String,
        /// The header's claim.
        claim: Sentence,
        /// The length in bytes that the header claims.
        bytes: usize,
    },
    /// A compressed file is damaged.
    Gzip {
        /// The file.
        name: String,
        /// The decompressor's message.
        reason: io::Error,
    },
    /// The numbers of images and labels differ.
    CountMismatch {
        /// The set, or its two files.
        name: String,
        /// Images.
        images: usize,
        /// Labels.
        labels: usize,
    },
    /// The pixels are not a whole number of images.
    PixelCount {
        /// The set.
        name: String,
        /// Pixels.
        pixels: usize,
        /// The height of an image in pixels.
        height: usize,
        /// The width of an image in pixels.
        width: usize,
    },
    /// Training images and test images differ in size.
    SizeMismatch {
        /// The set.
        name: String,
        /// Height and width of the training images.
        train: (usize, usize),
        /// Height and width of the test images.
        test: (usize, usize),
    },
    /// A file of images holds none.
    NoImages {
        /// The file.
        name: String,
    },
    /// A file or folder does not have the form of a data set, or a value in it is wrong.
    Form {
        /// The file or folder.
        name: String,
        /// What is wrong, where, and what would be right.
        reason: Sentence,
    },
    /// A picture has too many pixels.
    PictureTooLarge {
        /// The file.
        name: String,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// The limit in megapixels.
        limit: u64,
    },
    /// A file is not a picture of a known format.
    NotAPicture {
        /// The file.
        name: String,
    },
    /// A picture file ends too early.
    CutOff {
        /// The file.
        name: String,
        /// The format of its content.
        format: &'static str,
    },
    /// A picture is damaged, or of a kind that the decoder does not know.
    BadPicture {
        /// The file.
        name: String,
        /// The format of its content.
        format: &'static str,
        /// The decoder's message.
        reason: String,
    },
    /// A file is too long for a picture.
    FileTooLong {
        /// The file.
        name: String,
        /// Its length in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
}

impl Say for DataError {
    fn say(&self) -> Sentence {
        let of = |name: &String, key| Sentence::new(key).with("file", name);
        match self {
            Self::Read { name, reason } => {
                of(name, "{file}: cannot be read: {reason}").with("reason", reason)
            }
            Self::MissingFile { folder, file } => {
                of(folder, "{file}: does not contain {missing} or {missing}.gz").with("missing", file)
            }
            Self::SeveralSets { folder, first, second } => {
                of(folder, "{file}: contains both {first} and {second}; open one of the files of the wanted set, or put each set in its own folder")
                    .with("first", first)
                    .with("second", second)
            }
            Self::WrongMagic { name, found, wanted, right } => {
                of(name, "{file}: begins with the bytes {found}, but an IDX file of {wanted} begins with {right}")
                    .with("found", found)
                    .part("wanted", Sentence::new(wanted))
                    .with("right", right)
            }
            Self::ShortHeader { name, bytes, header, wanted } => {
                of(name, "{file}: ends after {bytes} bytes, inside the {header} bytes of an IDX header for {wanted}")
                    .with("bytes", bytes)
                    .with("header", header)
                    .part("wanted", Sentence::new(wanted))
            }
            Self::TooLarge { name, claim, limit } => {
                of(name, "{file}: claims to hold {claim}, but the limits are {limit}")
                    .part("claim", claim.clone())
                    .part("limit", Sentence::new(limit))
            }
            Self::NoPixels { name, claim } => {
                of(name, "{file}: claims to hold {claim}, but an image needs at least one pixel")
                    .part("claim", claim.clone())
            }
            Self::TooShort { name, claim, bytes } => {
                of(name, "{file}: claims to hold {claim}, but ends after {bytes} bytes")
                    .part("claim", claim.clone())
                    .with("bytes", bytes)
            }
            Self::TooLong { name, claim, bytes } => {
                of(name, "{file}: claims to hold {claim}, which take {bytes} bytes, but is longer")
                    .part("claim", claim.clone())
                    .with("bytes", bytes)
            }
            Self::Gzip { name, reason } => {
                of(name, "{file}: cannot be decompressed, because it is damaged or not gzip: {reason}")
                    .with("reason", reason)
            }
            Self::CountMismatch { name, images, labels } => {
                of(name, "{file}: has {images} images but {labels} labels; there must be one label per image")
                    .with("images", images)
                    .with("labels", labels)
            }
            Self::PixelCount { name, pixels, height, width } => {
                of(name, "{file}: has {pixels} pixels, which is not a whole number of {height}×{width} images")
                    .with("pixels", pixels)
                    .with("height", height)
                    .with("width", width)
            }
            Self::SizeMismatch { name, train, test } => of(
                name,
                "{file}: has training images of {height}×{width} but test images of {test_height}×{test_width}; they must have one size",
            )
            .with("height", train.0)
            .with("width", train.1)
            .with("test_height", test.0)
            .with("test_width", test.1),
            Self::NoImages { name } => of(name, "{file}: contains no images; at least one is needed"),
            Self::Form { name, reason } => of(name, "{file}: {reason}").part("reason", reason.clone()),
            Self::PictureTooLarge { name, width, height, limit } => {
                let megapixels = f64::from(*width) * f64::from(*height) / 1e6;
                of(name, "{file}: is {width}×{height}, {megapixels} megapixels; the limit is {limit}")
                    .with("width", width)
                    .with("height", height)
                    .with("megapixels", format!("{megapixels:.1}"))
                    .with("limit", limit)
            }
            Self::NotAPicture { name } => {
                of(name, "{file}: is not a picture in one of the formats PNG, JPEG, BMP, GIF, WebP, TIFF and SVG")
            }
            Self::CutOff { name, format } => {
                of(name, "{file}: is incomplete: the {format} file is cut off").with("format", format)
            }
            Self::BadPicture { name, format, reason } => {
                of(name, "{file}: cannot be decoded as {format}, because it is damaged or unusual: {reason}")
                    .with("format", format)
                    .with("reason", reason)
            }
            Self::FileTooLong { name, bytes, limit } => {
                of(name, "{file}: is {megabytes} MB long; the limit for pictures is {limit} MB")
                    .with("megabytes", bytes / 1_000_000)
                    .with("limit", limit / 1_000_000)
            }
        }
    }
}

//! What can be wrong with a file, each said in one sentence that names the file.

use std::io;

use thiserror::Error;

/// Why data could not be read. Every message names the file, the value in it, and what would be right.
#[derive(Debug, Error)]
pub enum DataError {
    /// The file system refused.
    #[error("{name}: cannot be read: {reason}")]
    Read {
        /// The file or folder.
        name: String,
        /// What the system said.
        reason: io::Error,
    },
    /// A folder lacks one of the four files of a data set.
    #[error("{folder}: has no file {file} or {file}.gz")]
    MissingFile {
        /// The folder that was searched.
        folder: String,
        /// The file that was looked for.
        file: String,
    },
    /// A folder holds several EMNIST sets side by side.
    #[error("{folder}: holds both {first} and {second}; keep one data set in a folder")]
    SeveralSets {
        /// The folder that was searched.
        folder: String,
        /// A file of one set.
        first: String,
        /// A file of another.
        second: String,
    },
    /// A file does not start as IDX of the wanted kind does.
    #[error("{name}: begins with the bytes {found}, but an IDX file of {wanted} begins with {right}")]
    WrongMagic {
        /// The file.
        name: String,
        /// Its first four bytes, in hexadecimal.
        found: String,
        /// What was wanted: `images` or `labels`.
        wanted: &'static str,
        /// The four bytes that would be right, in hexadecimal.
        right: String,
    },
    /// A file ends inside the header.
    #[error(
        "{name}: ends after {bytes} bytes, inside the {header} bytes an IDX file of {wanted} begins with"
    )]
    ShortHeader {
        /// The file.
        name: String,
        /// How many bytes there are (of a gzip file: after decompression).
        bytes: usize,
        /// How many bytes the header has.
        header: usize,
        /// What was wanted: `images` or `labels`.
        wanted: &'static str,
    },
    /// A header claims more than any data set holds.
    #[error("{name}: says it holds {claim}, more than the {limit} this reader accepts")]
    TooLarge {
        /// The file.
        name: String,
        /// What the header says.
        claim: String,
        /// What is accepted.
        limit: &'static str,
    },
    /// A header says that the images have no pixels.
    #[error("{name}: says it holds {claim}, but an image needs at least one pixel")]
    NoPixels {
        /// The file.
        name: String,
        /// What the header says.
        claim: String,
    },
    /// A file ends before what its header promises.
    #[error("{name}: says it holds {claim} but ends after {bytes} bytes")]
    TooShort {
        /// The file.
        name: String,
        /// What the header says.
        claim: String,
        /// How many bytes there are (of a gzip file: after decompression).
        bytes: usize,
    },
    /// A file goes on after what its header promises.
    #[error("{name}: says it holds {claim}, which ends after {bytes} bytes, but goes on after them")]
    TooLong {
        /// The file.
        name: String,
        /// What the header says.
        claim: String,
        /// How many bytes the header accounts for.
        bytes: usize,
    },
    /// A compressed file is damaged.
    #[error("{name}: cannot be decompressed, since it is damaged or not gzip: {reason}")]
    Gzip {
        /// The file.
        name: String,
        /// What the decompressor said.
        reason: io::Error,
    },
    /// There are not as many labels as images.
    #[error("{name}: holds {images} images but {labels} labels; there must be one label an image")]
    CountMismatch {
        /// The set or the two files.
        name: String,
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
    },
    /// The pixels are not a whole number of images.
    #[error("{name}: holds {pixels} pixels, which is not a whole number of {height}×{width} images")]
    PixelCount {
        /// The set.
        name: String,
        /// How many pixels.
        pixels: usize,
        /// The height of one image in pixels.
        height: usize,
        /// The width of one image in pixels.
        width: usize,
    },
    /// The training images and the test images differ in size.
    #[error("{name}: has training images of {}×{} but test images of {}×{}; they must be the same", train.0, train.1, test.0, test.1)]
    SizeMismatch {
        /// The set.
        name: String,
        /// Height and width of the training images.
        train: (usize, usize),
        /// Height and width of the test images.
        test: (usize, usize),
    },
    /// A file that should hold images holds none.
    #[error("{name}: holds no images; at least one is needed")]
    NoImages {
        /// The file.
        name: String,
    },
    /// More pixels than will be decoded.
    #[error(
        "{name}: is {width}×{height}, {:.1} megapixels; at most {limit} are opened",
        *width as f64 * *height as f64 / 1e6
    )]
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
    /// The content is none of the formats that can be opened.
    #[error("{name}: is not a picture that can be opened; PNG, JPEG, BMP, GIF and WebP can")]
    NotAPicture {
        /// The file.
        name: String,
    },
    /// The picture is damaged, or of a kind the decoder does not know.
    #[error("{name}: is damaged or unusual and cannot be decoded as {format}: {reason}")]
    BadPicture {
        /// The file.
        name: String,
        /// The format its content has.
        format: &'static str,
        /// What the decoder said, in one line.
        reason: String,
    },
    /// A file that is too long to be a picture.
    #[error("{name}: is {} MB long; pictures of at most {} MB are opened", bytes / 1_000_000, limit / 1_000_000)]
    FileTooLong {
        /// The file.
        name: String,
        /// Its length in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
}

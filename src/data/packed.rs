//! The bytes of a data file, plain or gzip, decompressed while they are read, and what a file is that was something else.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::bufread::GzDecoder;

use super::DataError;
use crate::text::Sentence;

/// The most pixels of one file.
pub(super) const MAX_BYTES: usize = 1 << 30;
/// The longest file: the most pixels and a header.
pub(super) const MAX_FILE: u64 = MAX_BYTES as u64 + 20;
/// Deflate expands at most 1032:1, so a header that claims more is wrong.
pub(super) const MAX_EXPANSION: usize = 1032;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The bytes of a file that are looked at to tell what it is. More than a gzip header.
const LOOK: usize = 1 << 12;

/// A file and its name for errors.
pub(super) struct Packed<R> {
    /// What errors call the file.
    pub name: String,
    inner: Inner<R>,
    /// The bytes of the file.
    len: u64,
}

enum Inner<R> {
    Plain {
        rest: R,
        left: u64,
    },
    Gzip(Box<GzDecoder<R>>),
    /// The file has ended.
    End,
}

impl Packed<BufReader<File>> {
    /// Opens a file, unless it is too long, or is not a regular file and might never end.
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let name = path.display().to_string();
        let file =
            open_file(path, MAX_FILE).map_err(|reason| DataError::Read { name: name.clone(), reason })?;
        let len = file.metadata().map_or(0, |metadata| metadata.len());
        Self::new(name, BufReader::with_capacity(1 << 16, file), len)
    }
}

impl<R: BufRead> Packed<R> {
    /// The bytes of `rest`, a file of `len` bytes.
    pub(super) fn new(name: String, mut rest: R, len: u64) -> Result<Self, DataError> {
        let unreadable = |reason| DataError::Read { name: name.clone(), reason };
        let first = rest.fill_buf().map_err(unreadable)?;
        if let Some(kind) = foreign_kind(&first[..first.len().min(LOOK)]) {
            let reason = Sentence::new("is {kind}, not what its name says").part("kind", Sentence::new(kind));
            return Err(DataError::Form { name, reason });
        }
        let inner = if first.starts_with(&GZIP_MAGIC) {
            Inner::Gzip(Box::new(GzDecoder::new(rest)))
        } else {
            Inner::Plain { rest, left: len }
        };
        Ok(Self { name, inner, len })
    }

    /// Whether the file is compressed.
    pub(super) fn is_packed(&self) -> bool {
        matches!(self.inner, Inner::Gzip(_))
    }

    /// The bytes that are left in a plain file.
    pub(super) fn left(&self) -> Option<u64> {
        match self.inner {
            Inner::Plain { left, .. } => Some(left),
            Inner::Gzip(_) | Inner::End => None,
        }
    }

    /// The most bytes that can be left.
    pub(super) fn most_left(&self) -> u64 {
        self.left().unwrap_or_else(|| self.len.saturating_mul(MAX_EXPANSION as u64))
    }

    /// Fills as much of `out` as there are bytes, and returns how many there were.
    pub(super) fn read_some(&mut self, out: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < out.len() {
            match self.read(&mut out[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(reason) if self.is_packed() => {
                    return Err(DataError::Gzip { name: self.name.clone(), reason });
                }
                Err(reason) => return Err(DataError::Read { name: self.name.clone(), reason }),
            }
        }
        Ok(filled)
    }

    /// Counts the bytes that are left, up to `limit`.
    pub(super) fn count_up_to(&mut self, limit: usize) -> Result<usize, DataError> {
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

impl<R: BufRead> Read for Packed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match &mut self.inner {
                Inner::End => return Ok(0),
                Inner::Plain { rest, left } => {
                    let read = rest.read(out)?;
                    *left = left.saturating_sub(read as u64);
                    return Ok(read);
                }
                Inner::Gzip(decoder) => {
                    let read = decoder.read(out)?;
                    if read > 0 || out.is_empty() {
                        return Ok(read);
                    }
                }
            }
            // The member ends. Another one can follow, or zeros that fill a block, as after gzip's own files on tapes.
            let Inner::Gzip(decoder) = std::mem::replace(&mut self.inner, Inner::End) else { return Ok(0) };
            let mut rest = decoder.into_inner();
            match rest.fill_buf()?.first() {
                None => {}
                Some(0) => skip_zeros(&mut rest)?,
                Some(_) => self.inner = Inner::Gzip(Box::new(GzDecoder::new(rest))),
            }
        }
    }
}

/// Reads to the end of a file that holds nothing but zeros.
fn skip_zeros(rest: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = rest.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        if bytes.iter().any(|&byte| byte != 0) {
            return Err(io::Error::other("something follows the zeros after its end"));
        }
        let read = bytes.len();
        rest.consume(read);
    }
}

/// Opens a regular file of at most `most` bytes.
pub(super) fn open_file(path: &Path, most: u64) -> io::Result<File> {
    // Checked before the file is opened: opening a pipe waits for its writer.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("is not a regular file"));
    }
    if metadata.len() > most {
        let bytes = metadata.len();
        return Err(io::Error::other(format!("is {bytes} bytes long, but the limit is {most}")));
    }
    File::open(path)
}

/// What a file is that holds no data set, told by its first bytes: a download that went wrong, an archive, a picture.
pub(super) fn foreign_kind(first: &[u8]) -> Option<&'static str> {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
    let begins =
        |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()));
    if ["<!doctype html", "<html", "<head", "<?xml"].iter().any(|tag| begins(tag)) {
        return Some("a web page (HTML): the download answered with a page; download the file itself");
    }
    let kinds: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "a ZIP archive: unpack it and open what is in it"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and open what is in it"),
        (b"Rar!", "a RAR archive: unpack it and open what is in it"),
        (b"\x89HDF", "an HDF5 file: save its arrays with numpy.savez and open the .npz"),
        (b"MATLAB", "a MATLAB file: save its arrays with numpy.savez and open the .npz"),
        (b"PAR1", "a Parquet file: save its table as CSV or its arrays with numpy.savez"),
        (b"%PDF", "a PDF"),
    ];
    kinds.into_iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_data_file_is_named() {
        for (bytes, part) in [
            (&b"\n <!DOCTYPE HTML><html>"[..], "a web page (HTML)"),
            (b"<html lang", "a web page"),
            (b"PK\x03\x04....", "a ZIP archive: unpack it"),
            (b"\x89HDF\r\n", "an HDF5 file"),
        ] {
            let error = Packed::new("t.gz".into(), bytes, bytes.len() as u64).err().unwrap().to_string();
            assert!(error.starts_with("t.gz: is ") && error.contains(part), "{error}");
        }
        assert!(Packed::new("t".into(), &b"\0\0\x08\x03"[..], 4).is_ok());
    }
}

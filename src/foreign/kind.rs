//! What a file is, told by its first bytes.

use std::ops::Range;

/// The bytes of a file that [`FileKind::of`] needs.
pub const LOOKED_AT: usize = 512;

/// A kind of file with a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Safetensors.
    Safetensors,
    /// A zip of PyTorch (`.pt`, `.pth`) or Keras (`.keras`).
    Zip,
    /// A pickle of PyTorch before 1.6, or its tar before 0.1.10.
    Pickle,
    /// ONNX.
    Onnx,
    /// HDF5, as Keras writes it (`.h5`).
    Hdf5,
}

/// The versions of ONNX's file format.
const IR_VERSIONS: Range<u8> = 1..64;

impl FileKind {
    /// The kind of a file that begins with these bytes, of which [`LOOKED_AT`] suffice, and has this length.
    pub fn of(first: &[u8], length: u64) -> Option<Self> {
        let begins = |magic: &[u8]| first.starts_with(magic);
        if begins(b"PK\x03\x04") {
            Some(Self::Zip)
        } else if begins(b"\x89HDF\r\n\x1a\n") {
            Some(Self::Hdf5)
        } else if is_safetensors(first, length) {
            Some(Self::Safetensors)
        } else if matches!(first, [0x80, 2..=5, ..]) || first.get(257..262) == Some(b"ustar") {
            Some(Self::Pickle)
        } else if is_onnx(first) {
            Some(Self::Onnx)
        } else {
            None
        }
    }
}

/// A safetensors file begins with the length of its header, which is JSON.
fn is_safetensors(first: &[u8], length: u64) -> bool {
    let Some((header, rest)) = first.split_first_chunk::<8>() else { return false };
    u64::from_le_bytes(*header) < length && rest.first() == Some(&b'{')
}

/// An ONNX file is a protobuf: the format's version as field 1, then another field of a model.
fn is_onnx(first: &[u8]) -> bool {
    matches!(first, [0x08, version, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42, ..] if IR_VERSIONS.contains(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_is_taken_for_a_network() {
        for first in [
            &b""[..],
            b"\x08",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"{\"name\"",
            b"+++\n",
            b"\xff\xd8\xff",
            b"BM",
        ] {
            assert_eq!(FileKind::of(first, 1000), None, "{first:?}");
        }
    }
}

//! NumPy's array files (`.npy`): a header in the form of a Python dictionary, then the values.
//!
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>

use std::io::Read;

use crate::{data::packed::MAX_BYTES, text::Sentence};

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// The longest header, in bytes.
const MAX_HEADER: usize = 1 << 16;
/// The most dimensions.
const MAX_RANK: usize = 8;

/// What the values of an array are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
}

/// The header of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub kind: Kind,
    is_big_endian: bool,
    /// The bytes of a value.
    pub size: usize,
    /// The sizes of its dimensions.
    pub shape: Vec<usize>,
}

/// Reads the header. `most` is the number of bytes that the file can hold.
pub(super) fn read_header(file: &mut impl Read, most: u64) -> Result<Header, Sentence> {
    let not_numpy =
        || Sentence::new("is not a NumPy array: it does not begin with NumPy's mark and a version");
    let mut start = [0; 8];
    file.read_exact(&mut start).map_err(|_| not_numpy())?;
    if &start[..6] != MAGIC || !(1..=3).contains(&start[6]) {
        return Err(not_numpy());
    }
    let cut = |e| Sentence::new("ends inside its header: {reason}").with("reason", e);
    let length = if start[6] == 1 {
        let mut length = [0; 2];
        file.read_exact(&mut length).map_err(cut)?;
        usize::from(u16::from_le_bytes(length))
    } else {
        let mut length = [0; 4];
        file.read_exact(&mut length).map_err(cut)?;
        u32::from_le_bytes(length) as usize
    };
    if length > MAX_HEADER {
        return Err(Sentence::new("has a header of {bytes} bytes, but at most {most} are right")
            .with("bytes", length)
            .with("most", MAX_HEADER));
    }
    let mut text = vec![0; length];
    file.read_exact(&mut text).map_err(cut)?;
    let header = parse(&String::from_utf8_lossy(&text))?;
    let bytes = header.shape.iter().try_fold(header.size, |product, &side| product.checked_mul(side));
    let count = bytes.map(|bytes| bytes / header.size.max(1)).filter(|&count| count <= MAX_BYTES);
    let (Some(bytes), Some(_)) = (bytes, count) else {
        return Err(Sentence::new("claims the shape {shape}, but at most 1 GiB of values fit")
            .with("shape", shape_in_words(&header.shape)));
    };
    if bytes as u64 > most {
        return Err(Sentence::new("claims the shape {shape}, which takes {bytes} bytes, but is shorter")
            .with("shape", shape_in_words(&header.shape))
            .with("bytes", bytes));
    }
    Ok(header)
}

/// A shape as NumPy writes it.
pub(super) fn shape_in_words(shape: &[usize]) -> String {
    format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
}

/// Parses `{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
fn parse(text: &str) -> Result<Header, Sentence> {
    let wrong = || Sentence::new("has a header that is not NumPy's: it needs descr, fortran_order and shape");
    let value = |key: &str| {
        let after = ['\'', '"'].into_iter().find_map(|q| text.split_once(&format!("{q}{key}{q}")))?.1;
        Some(after.trim_start().strip_prefix(':')?.trim_start())
    };
    let shape =
        value("shape").and_then(|value| value.strip_prefix('(')?.split_once(')')).ok_or_else(wrong)?.0;
    let sides = shape.split(',').map(str::trim).filter(|side| !side.is_empty());
    let shape: Vec<usize> = sides
        .take(MAX_RANK + 1)
        .map(|side| side.trim_end_matches('L').parse().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    let descr = value("descr").ok_or_else(wrong)?;
    let kind = || {
        Sentence::new(
            "has values of the type {kind}, but whole numbers and floats are right (save with .astype('uint8'))",
        )
    };
    let Some(descr) = descr.strip_prefix(['\'', '"']).and_then(|rest| rest.split(['\'', '"']).next()) else {
        return Err(kind().with("kind", descr.chars().take(20).collect::<String>()));
    };
    if shape.len() > MAX_RANK {
        return Err(wrong());
    }
    if value("fortran_order").ok_or_else(wrong)?.starts_with("True") && shape.len() > 1 {
        return Err(Sentence::new("is in Fortran's order: save it with numpy.ascontiguousarray"));
    }
    let (order, rest) = match descr.chars().next() {
        Some(order @ ('<' | '>' | '|' | '=')) => (order, &descr[1..]),
        _ => ('|', descr),
    };
    let (kind, size) = match rest {
        "b1" | "?" => (Kind::Bool, 1),
        "u1" | "u2" | "u4" | "u8" => (Kind::Unsigned, usize::from(rest.as_bytes()[1] - b'0')),
        "i1" | "i2" | "i4" | "i8" => (Kind::Signed, usize::from(rest.as_bytes()[1] - b'0')),
        "f2" | "f4" | "f8" => (Kind::Float, usize::from(rest.as_bytes()[1] - b'0')),
        _ => return Err(kind().with("kind", descr)),
    };
    Ok(Header { kind, is_big_endian: order == '>', size, shape })
}

impl Header {
    /// The number of values.
    pub(super) fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Calls `take(number, value)` for every value in order.
    pub(super) fn for_each(
        &self,
        file: &mut impl Read,
        mut take: impl FnMut(usize, f64) -> Result<(), Sentence>,
    ) -> Result<(), Sentence> {
        let mut buffer = vec![0; self.size * 8192];
        let (mut done, count) = (0, self.count());
        while done < count {
            let values = (count - done).min(8192);
            let bytes = &mut buffer[..values * self.size];
            file.read_exact(bytes).map_err(|_| self.too_short(done))?;
            for (at, value) in bytes.chunks_exact_mut(self.size).enumerate() {
                if self.is_big_endian {
                    value.reverse();
                }
                take(done + at, self.value(value))?;
            }
            done += values;
        }
        Ok(())
    }

    /// Reads the values as they are, if they are single bytes.
    pub(super) fn bytes(&self, file: &mut impl Read) -> Result<Vec<u8>, Sentence> {
        let mut bytes = Vec::new();
        let count = self.count();
        file.take(count as u64).read_to_end(&mut bytes).map_err(|_| self.too_short(bytes.len()))?;
        if bytes.len() < count { Err(self.too_short(bytes.len())) } else { Ok(bytes) }
    }

    fn too_short(&self, done: usize) -> Sentence {
        Sentence::new("has the shape {shape}, but ends or is damaged after {values} values")
            .with("shape", shape_in_words(&self.shape))
            .with("values", done)
    }

    /// A value from its bytes, the lowest first.
    fn value(&self, bytes: &[u8]) -> f64 {
        let mut eight = [0; 8];
        eight[..bytes.len()].copy_from_slice(bytes);
        let whole = u64::from_le_bytes(eight);
        match (self.kind, self.size) {
            (Kind::Bool, _) => f64::from(u8::from(whole != 0)),
            (Kind::Unsigned, _) => whole as f64,
            (Kind::Signed, size) => {
                let unused = 64 - 8 * size as u32;
                ((whole << unused) as i64 >> unused) as f64
            }
            (Kind::Float, 2) => half::f16::from_bits(whole as u16).to_f64(),
            (Kind::Float, 4) => f64::from(f32::from_bits(whole as u32)),
            (Kind::Float, _) => f64::from_bits(whole),
        }
    }
}

/// An array of bytes or of little-endian 64-bit integers as a file, for tests.
#[cfg(test)]
pub(super) fn written(descr: &str, shape: &[usize], values: &[u8]) -> Vec<u8> {
    let comma = if shape.len() == 1 { "," } else { "" };
    let shape = shape_in_words(shape).replace(')', &format!("{comma})"));
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    while !(header.len() + 11).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    [&b"\x93NUMPY\x01\0"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), values].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(file: &[u8]) -> Result<(Header, Vec<f64>), Sentence> {
        let mut rest = file;
        let header = read_header(&mut rest, file.len() as u64)?;
        let mut values = Vec::new();
        header.for_each(&mut rest, |_, value| {
            values.push(value);
            Ok(())
        })?;
        Ok((header, values))
    }

    #[test]
    fn every_type_of_number_is_read() {
        let bytes = |numbers: &[[u8; 8]]| numbers.concat();
        for (descr, stored, expected) in [
            ("|u1", vec![0, 255], [0.0, 255.0]),
            ("|b1", vec![0, 1], [0.0, 1.0]),
            ("|i1", vec![1, 255], [1.0, -1.0]),
            ("<u2", vec![1, 1, 0, 0], [257.0, 0.0]),
            (">i4", vec![0, 0, 0, 5, 255, 255, 255, 254], [5.0, -2.0]),
            ("<i8", bytes(&[7_i64.to_le_bytes(), (-3_i64).to_le_bytes()]), [7.0, -3.0]),
            ("<f4", [0.5_f32.to_le_bytes(), 2.0_f32.to_le_bytes()].concat(), [0.5, 2.0]),
            (">f8", bytes(&[0.25_f64.to_be_bytes(), (-1.0_f64).to_be_bytes()]), [0.25, -1.0]),
            ("<f2", vec![0, 0x3c, 0, 0x38], [1.0, 0.5]),
        ] {
            let (header, found) = values(&written(descr, &[2], &stored)).unwrap();
            assert_eq!((found, header.shape), (expected.to_vec(), vec![2]), "{descr}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let say = |file: &[u8]| values(file).unwrap_err().to_string();
        assert!(say(b"hello").contains("is not a NumPy array"));
        assert!(say(&written("<U5", &[2], &[0; 40])).contains("values of the type <U5"));
        assert!(say(&written("|u1", &[3], &[0; 2])).contains("the shape (3)"));
        assert!(say(&written("<f8", &[usize::MAX, 9], &[])).contains("at most 1 GiB"));
        let fortran = String::from_utf8_lossy(&written("|u1", &[2, 2], &[0; 4])).replace("False", "True ");
        assert!(parse(&fortran).unwrap_err().to_string().contains("ascontiguousarray"));
    }

    #[test]
    fn a_damaged_array_never_panics() {
        let file = written("<f4", &[2, 2], &[0; 16]);
        for end in 0..file.len() {
            values(&file[..end]).unwrap_err();
        }
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            drop(values(&flipped));
        }
    }
}

//! NumPy's formats: `.npy`, one array, and `.npz`, several with names.
//!
//! Source: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>; `.npz` is a ZIP archive (PKWARE's APPNOTE)
//! whose members are stored as they are.

/// The header is filled up to a multiple of this, in bytes.
const ALIGNMENT: usize = 64;

/// The first of January 1980, the earliest date of a ZIP archive: the same arrays give the same bytes.
const DATE: u16 = 0x21;

/// The version of the ZIP format that is needed: stored members.
const VERSION: u16 = 10;

/// An array of `shape`, row by row, as little-endian `float32`.
pub fn to_npy(shape: &[usize], values: &[f32]) -> Vec<u8> {
    let sides: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let comma = if sides.len() == 1 { "," } else { "" };
    let shape = format!("({}{comma})", sides.join(", "));
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic string, version, length of the header, header, newline.
    let length = (10 + header.len() + 1).next_multiple_of(ALIGNMENT) - 10;
    header.extend(std::iter::repeat_n(' ', length - header.len() - 1));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// Files of [`to_npy`] by the names of their arrays.
pub fn to_npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, array) in arrays {
        let name = format!("{name}.npy");
        let place = bytes.len() as u32;
        let head = head(&name, array);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&head);
        bytes.extend(name.as_bytes());
        bytes.extend(array);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&head);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(place.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (begin, length) = (bytes.len() as u32, directory.len() as u32);
    let count = (arrays.len() as u16).to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(length.to_le_bytes());
    bytes.extend(begin.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// What the local header and the directory say of a member alike.
fn head(name: &str, member: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    // Version, flags (the name is UTF-8), stored, time, date.
    for field in [VERSION, 1 << 11, 0, 0, DATE] {
        head.extend(field.to_le_bytes());
    }
    let length = (member.len() as u32).to_le_bytes();
    head.extend(crc32fast::hash(member).to_le_bytes());
    head.extend(length);
    head.extend(length);
    head.extend((name.len() as u16).to_le_bytes());
    head.extend([0; 2]);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What NumPy 2 writes: `np.save(f, np.arange(6, dtype="<f4").reshape(2, 3))`.
    #[test]
    fn an_array_is_as_numpy_writes_it() {
        let values: Vec<f32> = (0..6u8).map(f32::from).collect();
        let bytes = to_npy(&[2, 3], &values);
        assert_eq!(bytes.len(), 128 + 24);
        assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\x76\x00");
        let header = String::from_utf8(bytes[10..128].to_vec()).unwrap();
        assert!(header.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } "));
        assert!(header.ends_with(" \n"));
        assert_eq!(&bytes[128..136], [0.0f32.to_le_bytes(), 1.0f32.to_le_bytes()].as_flattened());
        let shape = |shape: &[usize]| String::from_utf8_lossy(&to_npy(shape, &[])).into_owned();
        assert!(shape(&[5]).contains("'shape': (5,)") && shape(&[]).contains("'shape': ()"));
    }

    #[test]
    fn an_archive_has_its_members_where_its_directory_says() {
        let members = [("input", to_npy(&[1], &[1.0])), ("output", to_npy(&[2], &[2.0, 3.0]))];
        let bytes = to_npz(&members);
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let mut at = number(end + 16);
        for (name, member) in &members {
            assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
            let place = number(at + 42);
            assert_eq!(&bytes[place..place + 4], b"PK\x03\x04");
            let name = format!("{name}.npy");
            assert_eq!(&bytes[place + 30..][..name.len()], name.as_bytes());
            assert_eq!(&bytes[place + 30 + name.len()..][..member.len()], member.as_slice());
            assert_eq!(number(place + 14), crc32fast::hash(member) as usize);
            at += 46 + name.len();
        }
        assert_eq!(at, end);
    }
}

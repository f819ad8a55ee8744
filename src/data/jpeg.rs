//! Whether a JPEG file is complete. The decoder fills in what is missing at the end of a file, with a wrong picture.

/// Whether the file has an end-of-image marker, where its segments and its entropy-coded data end (ITU-T T.81, B.1).
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(&[0xFF, SOI]).unwrap_or_default();
    while let Some((marker, after)) = next_marker(rest) {
        rest = after;
        match marker {
            EOI => return true,
            TEM | RST0..=RST7 => {}
            _ => {
                // A segment: its length counts the two bytes of the length.
                let Some(&length) = rest.first_chunk() else { return false };
                let Some(after) = rest.get(usize::from(u16::from_be_bytes(length)).max(2)..) else {
                    return false;
                };
                rest = after;
            }
        }
    }
    false
}

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const TEM: u8 = 0x01;
const RST0: u8 = 0xD0;
const RST7: u8 = 0xD7;

/// The next marker, and the bytes after it. In entropy-coded data, a byte `FF` that is not a marker is followed by 0.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let at = bytes.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF))?;
    Some((bytes[at + 1], &bytes[at + 2..]))
}

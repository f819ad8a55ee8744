//! The checksum of a lesson, by which its versions are told apart.

/// The checksum of a lesson's text: the same whatever ends its lines, and whether or not a byte order mark begins it.
pub fn checksum(text: &str) -> String {
    let mut crc = crc32fast::Hasher::new();
    let mut length = 0;
    for line in text.trim_start_matches('\u{feff}').lines() {
        crc.update(line.as_bytes());
        crc.update(b"\n");
        length += line.len() + 1;
    }
    format!("{:08x}-{length}", crc.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_change_by_themselves_does_not_count() {
        let text = "+++\nid = \"a\"\n+++\n\n## One\n";
        assert_eq!(checksum(text), checksum(&format!("\u{feff}{}", text.replace('\n', "\r\n"))));
        assert_ne!(checksum(text), checksum(&text.replace("One", "Two")));
    }
}

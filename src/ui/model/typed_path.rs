//! Paths as people type, paste and copy them.

use directories::BaseDirs;
use std::path::{Path, PathBuf};

/// The path that was typed. Quotes around it, a leading `~` and `file://` are understood, and a relative path starts at
/// `base`.
///
/// ```
/// use convlens::ui::model::typed_path::parse;
/// use std::path::Path;
/// let base = Path::new("/home/ada");
/// assert_eq!(parse("\"my digit.png\"", base), Path::new("/home/ada/my digit.png"));
/// assert_eq!(parse("file:///tmp/my%20digit.png", base), Path::new("/tmp/my digit.png"));
/// ```
pub fn parse(typed: &str, base: &Path) -> PathBuf {
    let text = unquoted(typed.trim());
    let path = match text.strip_prefix("file://") {
        Some(url) => path_of_url(url),
        None => with_home(text),
    };
    base.join(path)
}

fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).map_or(text, str::trim)
}

/// The path of a file URL without its scheme.
fn path_of_url(url: &str) -> PathBuf {
    let path = url.strip_prefix("localhost").unwrap_or(url);
    let path = decoded(path);
    // `file:///C:/digits` on Windows.
    let path = if cfg!(windows) { path.strip_prefix('/').unwrap_or(&path) } else { &path };
    PathBuf::from(path)
}

/// Text with `%20` and the like decoded. What is not valid stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                decoded.push(byte);
                at += 3;
            }
            _ => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

fn with_home(text: &str) -> PathBuf {
    let Some(rest) = text.strip_prefix('~') else { return PathBuf::from(text) };
    let is_home = rest.is_empty() || rest.starts_with(std::path::is_separator);
    match BaseDirs::new().filter(|_| is_home) {
        Some(dirs) => dirs.home_dir().join(rest.trim_start_matches(std::path::is_separator)),
        None => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_understood_as_they_are_copied() {
        let base = Path::new("/base");
        let home = BaseDirs::new().unwrap().home_dir().to_owned();
        for (typed, path) in [
            ("m1", "/base/m1"),
            (" /tmp/m1 ", "/tmp/m1"),
            ("'/tmp/a b.png'", "/tmp/a b.png"),
            ("\"/tmp/a b.png\"", "/tmp/a b.png"),
            ("'/tmp/a", "/base/'/tmp/a"),
            ("file:///tmp/%C3%A4%20b.png", "/tmp/ä b.png"),
            ("file://localhost/tmp/a", "/tmp/a"),
            ("file:///tmp/100%", "/tmp/100%"),
            ("file:///tmp/%zz%ff", "/tmp/%zz%ff"),
            ("~ada/m1", "/base/~ada/m1"),
        ] {
            assert_eq!(parse(typed, base), Path::new(path), "{typed}");
        }
        assert_eq!(parse("~", base), home);
        assert_eq!(parse("~/a b", base), home.join("a b"));
        assert_eq!(parse("\"~/a b\"", base), home.join("a b"));
    }
}

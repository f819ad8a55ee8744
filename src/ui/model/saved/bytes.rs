//! Bytes as text.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Bytes as Base64.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes; the error is why the text has none.
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text.trim()).map_err(|e| e.to_string())
}

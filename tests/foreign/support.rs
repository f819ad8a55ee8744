//! The files of `tests/reference/foreign/`, with what other programs compute with them.

use convlens::nn::NetworkSpec;
use safetensors::SafeTensors;
use serde_json::Value;
use std::{fs, path::Path};

/// A file with inputs and outputs, or one that is refused.
pub struct Case {
    pub file: String,
    /// The spec for a file that has none.
    pub net: Option<NetworkSpec>,
    /// Words that the file's notes contain.
    pub words: Vec<String>,
    /// Whether the outputs are probabilities.
    pub softmax: bool,
    /// The words of the sentence with which it is refused.
    pub refused: Vec<String>,
}

pub fn bytes(file: &str) -> Vec<u8> {
    fs::read(Path::new("tests/reference/foreign").join(file)).unwrap()
}

pub fn cases() -> Vec<Case> {
    let index: Value = serde_json::from_slice(&bytes("cases.json")).unwrap();
    let words = |value: &Value| {
        value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let case = |case: &Value| Case {
        file: case["file"].as_str().unwrap().to_owned(),
        net: case
            .get("net")
            .filter(|net| !net.is_null())
            .map(|net| NetworkSpec::from_json(&net.to_string()).unwrap()),
        words: words(&case["words"]),
        softmax: case["softmax"] == true,
        refused: words(&case["refused"]),
    };
    index["cases"].as_array().unwrap().iter().map(case).collect()
}

/// The values of `file/x` or `file/y`.
pub fn values(file: &str, which: &str) -> Vec<f32> {
    let bytes = bytes("values.safetensors");
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let view = tensors.tensor(&format!("{file}/{which}")).unwrap();
    view.data().chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

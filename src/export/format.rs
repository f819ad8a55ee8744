//! The formats, told by the endings of files' names.

use std::path::Path;

/// What a network is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A graph with its weights, for ONNX Runtime, Netron and others.
    Onnx,
    /// A Keras model as Python, with its weights beside it.
    Keras,
    /// A PyTorch module as Python, with its weights beside it.
    Torch,
    /// The spec.
    Spec,
    /// The weights as C, for microcontrollers.
    Header,
}

impl Format {
    /// All formats. Those with the longer ending are before those whose ending is a part of it.
    pub const ALL: [Self; 5] = [Self::Onnx, Self::Keras, Self::Torch, Self::Spec, Self::Header];

    /// The format of a file of this name.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| name.len() > format.ending().len() && name.ends_with(format.ending()))
    }

    /// The ending of its files' names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Onnx => ".onnx",
            Self::Keras => ".keras.py",
            Self::Torch => ".py",
            Self::Spec => ".json",
            Self::Header => ".h",
        }
    }

    /// The name of the program or language that reads it.
    pub fn program(self) -> &'static str {
        match self {
            Self::Onnx => "ONNX",
            Self::Keras => "Keras",
            Self::Torch => "PyTorch",
            Self::Spec => "ConvLens",
            Self::Header => "C",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides() {
        let of = |name| Format::of(Path::new(name));
        assert_eq!(of("a/net.onnx"), Some(Format::Onnx));
        assert_eq!(of("net.keras.PY"), Some(Format::Keras));
        assert_eq!(of("net.py"), Some(Format::Torch));
        assert_eq!(of("net.v2.json"), Some(Format::Spec));
        assert_eq!(of("net.h"), Some(Format::Header));
        for none in ["net", ".py", "net.pt", "net.onnx/", ".keras.pyc", "h"] {
            assert_ne!(of(none), Some(Format::Torch), "{none}");
            assert!(matches!(of(none), None | Some(Format::Onnx)), "{none}");
        }
    }
}

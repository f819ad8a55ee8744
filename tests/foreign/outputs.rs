//! Every file of `tests/reference/foreign/`: what its program computes is what comes out here.

use crate::support::{bytes, cases, values};
use convlens::{
    foreign::{self, Map},
    text::Sentence,
};
use std::io::Read;

/// The bytes of a case; the weights alone are taken out of the whole model.
fn bytes_of(file: &str) -> Vec<u8> {
    if file != "model.weights.h5" {
        return bytes(file);
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes("first.keras"))).unwrap();
    let mut weights = Vec::new();
    archive.by_name(file).unwrap().read_to_end(&mut weights).unwrap();
    weights
}

#[test]
fn outputs_are_those_of_the_program_that_saved_the_file() {
    let mut compared = 0;
    for case in cases().into_iter().filter(|case| case.refused.is_empty()) {
        let file = case.file.as_str();
        let opened = foreign::read(file, bytes_of(file)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(opened.spec.is_none(), case.net.is_some(), "{file}");
        let words = opened.words.iter().map(Sentence::to_string).collect::<Vec<_>>().join("; ");
        assert!(case.words.iter().all(|word| words.contains(word)), "{file}: {words}");
        assert_eq!(case.softmax && case.net.is_none(), words.contains("softmax"), "{file}: {words}");
        let spec = case.net.or_else(|| opened.spec.clone()).unwrap();
        let network = opened.network(spec, &Map::default()).unwrap_or_else(|e| panic!("{e}"));
        let (x, y) = (values(file, "x"), values(file, "y"));
        let last = network.layers().len() - 1;
        let (inputs, outputs) = (network.input().len(), network.layers()[last].output().len());
        assert_eq!(x.len() / inputs, y.len() / outputs, "{file}");
        for (x, y) in x.chunks_exact(inputs).zip(y.chunks_exact(outputs)) {
            let trace = network.trace(x);
            let ours = if case.softmax { trace.first_probabilities() } else { trace.activation(last) };
            for (ours, theirs) in ours.iter().zip(y) {
                assert!((ours - theirs).abs() < 1e-5, "{file}: {ours} instead of {theirs}");
            }
        }
        compared += 1;
    }
    assert!(compared >= 18, "{compared}");
}

#[test]
fn what_cannot_be_expressed_is_refused_by_the_name_of_its_place() {
    let mut refused = 0;
    for case in cases().into_iter().filter(|case| !case.refused.is_empty()) {
        let error = foreign::read(&case.file, bytes(&case.file)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: ", case.file)) && !error.contains('\n'), "{error}");
        for word in &case.refused {
            assert!(error.contains(word), "{error} lacks {word}");
        }
        refused += 1;
    }
    assert!(refused >= 5, "{refused}");
}

#[test]
fn what_is_no_network_is_said_to_be_none() {
    for bytes in [&b""[..], b"hello", b"\x89PNG\r\n\x1a\n", b"{}"] {
        let error = foreign::read("notes.txt", bytes.to_vec()).unwrap_err().to_string();
        assert!(error.starts_with("notes.txt: is not a network: "), "{error}");
    }
}

//! What reads bytes that someone else supplies, one function each, over the same bytes. Whatever they are, it returns.
//!
//! `files.rs` runs them under libFuzzer, and `tests/data/readers.rs` for a moment in every test run. A new reader is a
//! function, a line in [`TARGETS`] and a folder of small examples in `corpus/`.

use convlens::{
    data::{DataSet, digit, idx, picture},
    lesson::{Draft, Lesson},
    model_file,
    nn::NetworkSpec,
    ui::{model::lesson::hand_in::HandIn, store::settings_file, work::state_file},
};
use std::{fs, path::Path};
use tempfile::TempDir;

/// Reads bytes.
pub type Target = fn(&[u8]);

/// All of them by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("idx_images", idx_images),
    ("idx_labels", idx_labels),
    ("model", model),
    ("training_state", training_state),
    ("spec", spec),
    ("lesson", lesson),
    ("settings", settings),
    ("window_state", window_state),
    ("picture", picture),
    ("hand_in", hand_in),
    ("table", table),
    ("npz", npz),
    ("svg", svg),
];

/// Images of a data set, plain or compressed with gzip: as many bytes as the header says.
fn idx_images(bytes: &[u8]) {
    if let Ok(images) = idx::read_images("file", bytes) {
        assert_eq!(images.pixels.len(), images.count() * images.height * images.width);
    }
}

/// Labels of a data set, plain or compressed with gzip.
fn idx_labels(bytes: &[u8]) {
    let _ = idx::read_labels("file", bytes);
}

/// A network as a safetensors file. What is read can be written and read again, and has the same weights.
fn model(bytes: &[u8]) {
    if let Ok(network) = model_file::from_bytes("file", bytes, None) {
        let written = model_file::to_bytes("file", &network).unwrap();
        assert!(model_file::from_bytes("file", &written, None).is_ok());
    }
}

/// The training state beside a network.
fn training_state(bytes: &[u8]) {
    let _ = model_file::training_from_bytes("file", bytes);
}

/// A network as JSON. What is read is written as JSON that is read as the same.
fn spec(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(spec) = NetworkSpec::from_json(&text) {
        assert_eq!(NetworkSpec::from_json(&spec.to_json()).unwrap().to_json(), spec.to_json());
    }
    if let Ok(spec) = NetworkSpec::read_json(&text) {
        let _ = spec.build_to_fault();
    }
}

/// A lesson. As a draft, no word is lost: what is written is read as the same draft.
fn lesson(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Lesson::read(&text);
    let written = Draft::of_text(&text).to_text();
    assert_eq!(Draft::of_text(&written).to_text(), written);
}

/// The window's settings.
fn settings(bytes: &[u8]) {
    let _ = settings_file::of_text(&String::from_utf8_lossy(bytes));
}

/// A state of the window.
fn window_state(bytes: &[u8]) {
    let _ = state_file::from_bytes(Path::new("file"), bytes);
}

/// A picture and what `convlens predict` makes of it before the network sees it.
fn picture(bytes: &[u8]) {
    if let Ok(grey) = picture::from_bytes("file", bytes) {
        let ink = picture::to_ink(&grey);
        let _ = digit::raw(&ink);
        if let Some(stages) = digit::normalise(&ink) {
            assert_eq!(stages.input.dimensions(), (28, 28));
        }
    }
}

/// A student's hand-in.
fn hand_in(bytes: &[u8]) {
    if let Ok(read) = HandIn::read(bytes) {
        assert!(HandIn::read(&read.to_bytes().unwrap()).is_ok());
    }
}

/// A data set in one file of this name, for readers that take a path.
fn data_set(name: &str, bytes: &[u8]) {
    thread_local! {
        static FOLDER: Option<TempDir> = TempDir::new().ok();
    }
    FOLDER.with(|folder| {
        let path = folder.as_ref().unwrap().path().join(name);
        fs::write(&path, bytes).unwrap();
        if let Ok(set) = DataSet::read_dir(&path) {
            assert!(!set.train.is_empty() && !set.test.is_empty());
        }
    });
}

/// A data set as a table.
fn table(bytes: &[u8]) {
    data_set("set.csv", bytes);
}

/// A data set as NumPy's arrays.
fn npz(bytes: &[u8]) {
    data_set("set.npz", bytes);
}

/// A drawing as SVG.
fn svg(bytes: &[u8]) {
    let _ = picture::from_bytes("file.svg", bytes);
}

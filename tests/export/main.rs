//! Exports, and what ONNX Runtime, PyTorch and Keras computed with them.
//!
//! The tests need none of these: `tests/reference/exported/proof.json` has what they said about the very bytes that are made
//! here again. `tests/reference/exported/generate.py` makes it anew when an export changes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test's helper fails the test"
)]

mod cases;

use cases::{Case, cases, layer_cases};
use convlens::{
    export::{ExportError, export, export_spec},
    nn::{LayerSpec, presets},
    text::Say,
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The version that the exports of these tests name.
const VERSION: &str = "test";

/// How far another program's numbers may be from ours.
const TOLERANCE: f32 = 1e-5;

/// Layers with settings that a program lacks: the first words of what is said.
const REFUSED: &[(&str, &str)] = &[
    ("conv2d", "cannot be written for Keras: its convolutions have a stride or a dilation, not both"),
    ("conv_transpose2d", "cannot be written for Keras: its transposed convolutions have no groups"),
    (
        "conv_transpose2d",
        "cannot be written for Keras: its transposed convolutions have a stride or a dilation, not both",
    ),
    ("conv_transpose2d", "cannot be written for Keras: its output padding must be below the stride"),
    (
        "conv_transpose2d",
        "cannot be written for ONNX: its output padding must be below the stride, or at most the padding",
    ),
    ("max_pool2d", "cannot be written for Keras: its max pooling has no dilation"),
    (
        "avg_pool2d",
        "cannot be written for Keras: its average pooling has no windows past the padding (ceil mode)",
    ),
    ("avg_pool2d", "cannot be written for Keras: its average pooling always counts the padding"),
    ("conv2d", "cannot be written for ONNX: its padding is never circular in opset 17"),
    ("conv2d", "cannot be written for Keras: its convolutions pad with zeros"),
    (
        "adaptive_avg_pool2d",
        "cannot be written for Keras: its pooling has windows of one size, which the output must divide the input into",
    ),
    (
        "adaptive_max_pool2d",
        "cannot be written for Keras: its pooling has windows of one size, which the output must divide the input into",
    ),
    (
        "adaptive_max_pool2d",
        "cannot be written for ONNX: its max pooling has windows of one size, which the output must divide the input into",
    ),
    ("upsample", "cannot be written for Keras: it enlarges maps by whole factors, from edge to edge"),
    (
        "layer_norm",
        "cannot be written for Keras: its layer normalisation has the channels last, which are other values",
    ),
    ("leaky_relu", "cannot be written for Keras: its LeakyReLU has no negative slope below 0"),
    ("softplus", "cannot be written for Keras: its softplus has no threshold"),
];

const ENDINGS: [&str; 4] = ["onnx", "py", "keras.py", "h"];

/// What other programs computed with the exports of a case.
#[derive(Deserialize)]
struct Proof {
    /// The CRC-32 of each file, by its name.
    files: BTreeMap<String, u32>,
    /// Logits of all images, by the program's name.
    outputs: BTreeMap<String, Vec<f32>>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/exported")
}

/// The files of a case by their names, and what was refused.
fn files(case: &Case) -> (BTreeMap<String, Vec<u8>>, Vec<ExportError>) {
    let mut files = BTreeMap::new();
    let mut refused = Vec::new();
    for ending in ["onnx", "py", "keras.py"] {
        match export(&case.network, Path::new(&format!("net.{ending}")), VERSION) {
            Ok(exported) => {
                files.extend(
                    exported.files.into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)),
                );
            }
            Err(error) => refused.push(error),
        }
    }
    (files, refused)
}

/// For `generate.py`, which names a folder.
#[test]
fn exports_are_written_for_other_programs_to_run() {
    let Some(folder) = std::env::var_os("CONVLENS_EXPORTED") else { return };
    let mut list = Vec::new();
    for case in cases() {
        let folder = Path::new(&folder).join(&case.name);
        fs::create_dir_all(&folder).unwrap();
        let (files, _) = files(&case);
        for (name, bytes) in &files {
            fs::write(folder.join(name), bytes).unwrap();
        }
        let crcs: BTreeMap<_, _> = files.iter().map(|(name, bytes)| (name, crc32fast::hash(bytes))).collect();
        list.push(serde_json::json!({
            "name": case.name, "files": crcs, "shape": case.picture_shape(), "pictures": case.pictures,
            "logits": case.logits(),
        }));
    }
    fs::write(Path::new(&folder).join("cases.json"), serde_json::to_string(&list).unwrap()).unwrap();
}

#[test]
fn other_programs_compute_what_we_compute() {
    let proofs: BTreeMap<String, Proof> =
        serde_json::from_slice(&fs::read(folder().join("proof.json")).unwrap()).unwrap();
    let all = cases();
    let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(proofs.keys().map(String::as_str).collect::<BTreeSet<_>>(), names, "run generate.py");
    for case in &all {
        let proof = &proofs[&case.name];
        let (files, _) = files(case);
        let crcs: BTreeMap<String, u32> =
            files.iter().map(|(name, bytes)| (name.clone(), crc32fast::hash(bytes))).collect();
        assert_eq!(crcs, proof.files, "{}: the export has changed: run generate.py", case.name);
        let ours = case.logits();
        let programs = [("onnx", "net.onnx"), ("torch", "net.py"), ("keras", "net.keras.py")];
        for (program, _) in programs.iter().filter(|(_, file)| files.contains_key(*file)) {
            let theirs = &proof.outputs[*program];
            assert_eq!(theirs.len(), ours.len(), "{} {program}", case.name);
            for (i, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                let most = TOLERANCE * ours.abs().max(1.0);
                assert!((ours - theirs).abs() <= most, "{} {program} {i}: {ours} {theirs}", case.name);
            }
        }
    }
}

/// A layer that is new to the registry has an export in every format, or a stated reason.
#[test]
fn every_layer_has_its_exports_or_a_reason() {
    let mut reasons = BTreeSet::new();
    for kind in LayerSpec::TYPES {
        let of_kind: Vec<Case> = layer_cases()
            .into_iter()
            .filter(|case| case.network.spec().layers[0].type_name() == *kind)
            .collect();
        assert!(!of_kind.is_empty(), "{kind} has no example");
        for ending in ENDINGS {
            let path = format!("net.{ending}");
            let mut written = 0;
            for case in &of_kind {
                match export(&case.network, Path::new(&path), VERSION) {
                    Ok(_) => written += 1,
                    Err(error) => {
                        let said = error.to_string();
                        let reason =
                            said.strip_prefix(&format!("{kind} 0 ")).unwrap_or_else(|| panic!("{said}"));
                        let known = REFUSED.iter().position(|known| *known == (*kind, reason));
                        reasons.insert(known.unwrap_or_else(|| panic!("{said}")));
                    }
                }
            }
            assert!(written > 0, "{kind} is never written to {path}");
        }
    }
    assert_eq!(reasons.len(), REFUSED.len(), "a reason is never given: {reasons:?}");
}

#[test]
fn a_graph_says_every_shape_and_what_it_was_made_of() {
    let case = cases().into_iter().find(|case| case.name == "lenet5-wide").unwrap();
    let (files, _) = files(&case);
    let model = onnx_rs::parse(&files["net.onnx"]).unwrap();
    let graph = model.graph.as_ref().unwrap();
    let known: BTreeSet<&str> =
        graph.value_info.iter().chain(&graph.output).map(|value| value.name).collect();
    for node in &graph.node {
        assert!(node.output.iter().all(|name| known.contains(name)), "{}", node.name);
    }
    assert_eq!(graph.input.iter().map(|input| input.name).collect::<Vec<_>>(), ["picture"]);
    assert_eq!(
        graph.output.iter().map(|output| output.name).collect::<Vec<_>>(),
        ["logits", "probabilities"]
    );
    for word in ["(batch, 1, 28, 28)", "pads it by 2 on each side", "temperature"] {
        assert!(model.doc_string.contains(word), "{}", model.doc_string);
    }
    let spec = model.metadata_props.iter().find(|entry| entry.key == "convlens.spec").unwrap();
    assert_eq!(spec.value, case.network.spec().to_json());
}

#[test]
fn code_is_for_reading() {
    let case = cases().into_iter().find(|case| case.name == "lenet5-wide").unwrap();
    let (files, _) = files(&case);
    for (file, stored) in [("net.py", "lenet5-wide.py"), ("net.keras.py", "lenet5-wide.keras.py")] {
        let code = String::from_utf8(files[file].clone()).unwrap();
        assert!(code.lines().all(|line| line.chars().count() <= 120), "{file}");
        let path = folder().join(stored);
        assert_eq!(code, fs::read_to_string(&path).unwrap(), "{}", path.display());
    }
}

/// A file's name is anyone's.
#[test]
fn a_name_cannot_leave_its_comment() {
    let mut spec = presets::by_name("mlp-5").unwrap().spec;
    spec.name = "a\"\"\"\nimport os\n*/ int x; /*".into();
    let network = convlens::nn::Network::zeros(spec).unwrap();
    for ending in ["py", "keras.py", "h"] {
        let exported = export(&network, Path::new(&format!("net.{ending}")), VERSION).unwrap();
        let text = String::from_utf8(exported.files[0].1.clone()).unwrap();
        assert!(!text.contains("\nimport os") && !text.contains("int x; /*"), "{ending}");
    }
}

#[test]
fn the_weights_of_a_module_are_a_model() {
    let case = cases().into_iter().find(|case| case.name == "norms").unwrap();
    let (files, _) = files(&case);
    let again = convlens::model_file::from_bytes("net.safetensors", &files["net.safetensors"], None).unwrap();
    assert_eq!(again.spec(), case.network.spec());
    assert_eq!(again.parameters(), case.network.parameters());
    assert_eq!(again.buffers(), case.network.buffers());
}

#[test]
fn a_draft_becomes_code_without_weights() {
    let spec = presets::by_name("lenet5-relu").unwrap().spec;
    let text = |name: &str| {
        let exported = export_spec(&spec, Path::new(name), VERSION).unwrap();
        assert_eq!(exported.files.len(), 1);
        String::from_utf8(exported.files[0].1.clone()).unwrap()
    };
    assert!(
        text("net.py").contains("nn.Conv2d(1, 6, kernel_size=5)") && !text("net.py").contains("load_file")
    );
    assert!(
        text("net.keras.py").contains("layers.Conv2D(6, 5,") && !text("net.keras.py").contains("load_file")
    );
    assert!(text("net.json").starts_with("{\"name\":\"lenet5-relu\""));
    let error = export_spec(&spec, Path::new("net.onnx"), VERSION).unwrap_err();
    assert!(error.say().to_string().contains(".onnx file holds the weights"), "{error}");
}

#[test]
fn the_model_itself_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("net.safetensors");
    let case = cases().into_iter().find(|case| case.name == "norms").unwrap();
    let out = folder.path().join("net.py");
    let exported = export(&case.network, &out, VERSION).unwrap();
    fs::write(&model, b"weights from elsewhere").unwrap();
    let error = exported.write(Some(&model)).unwrap_err().to_string();
    assert!(error.contains("net.safetensors: is the model itself"), "{error}");
    assert!(!out.exists() && fs::read(&model).unwrap() == b"weights from elsewhere");
    fs::write(&model, &exported.files[1].1).unwrap();
    exported.write(Some(&model)).unwrap();
    assert_eq!(fs::read(&out).unwrap(), exported.files[0].1);
}

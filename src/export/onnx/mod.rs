//! ONNX: the network as a graph from pixels to probabilities, with its weights.

mod graph;
mod layers;
mod norm;
mod pad;
mod pool;
mod resize;
mod scope;

use self::{
    graph::{Builder, Operation, Result as Value, Value as Attribute},
    scope::Scope,
};
use super::{
    ExportError, Format,
    network::Source,
    python::{dims, plain},
};
use crate::{
    model_file::SPEC_KEY,
    nn::{Network, Preprocess},
    text::fill,
};
use onnx_rs::ast::{Model, OperatorSetId, StringStringEntry};

/// The version of ONNX's operators, which runtimes from 2022 on have.
const OPSET: i64 = 17;
/// The version of the file format that goes with it.
const IR: i64 = 8;

/// The names of input and outputs.
const PICTURE: &str = "picture";
const LOGITS: &str = "logits";
const PROBABILITIES: &str = "probabilities";

/// The bytes of an ONNX file.
pub(super) fn model(source: Source<'_>, network: &Network) -> Result<Vec<u8>, ExportError> {
    let mut builder = Builder::default();
    let mut x = preprocess(&mut builder, source);
    for part in source.parts() {
        let name = format!("{}.{}", part.number, part.spec.type_name());
        let mut scope = Scope { builder: &mut builder, name: name.clone(), x, part, network, count: 0 };
        layers::add(&mut scope, part.spec)
            .map_err(|reason| source.refusal(part.number, Format::Onnx, reason))?;
        builder.rename_last(&name);
        x = name;
    }
    let classes = source.output().len();
    if source.output().dims().len() > 1 {
        single(&mut builder, "Flatten", &[&x], vec![("axis", Attribute::Int(1))], LOGITS, &[classes]);
    } else {
        builder.rename_last(LOGITS);
    }
    let axis = vec![("axis", Attribute::Int(1))];
    single(&mut builder, "Softmax", &[LOGITS], axis, PROBABILITIES, &[classes]);
    let (name, doc, spec) = (plain(&source.spec.name), doc(source), source.spec.to_json());
    let input = Value { name: PICTURE.into(), dims: source.picture().dims(), is_boolean: false };
    let model = Model {
        ir_version: IR,
        opset_import: vec![OperatorSetId { domain: "", version: OPSET }],
        producer_name: "ConvLens",
        producer_version: source.version,
        doc_string: &doc,
        graph: Some(builder.graph(&name, &input, &[LOGITS, PROBABILITIES])),
        metadata_props: vec![StringStringEntry { key: SPEC_KEY, value: &spec }],
        ..Model::default()
    };
    Ok(onnx_rs::encode(&model))
}

/// Pads and scales the picture. Returns the name of the network's input.
fn preprocess(builder: &mut Builder, source: Source<'_>) -> String {
    let Preprocess { mean, std, pad } = source.spec.preprocess;
    let mut x = PICTURE.to_owned();
    let dims = source.spec.input.dims();
    let mut next = |builder: &mut Builder, op, inputs: &[&str], name: &str| {
        single(builder, op, inputs, vec![], name, &dims);
        name.clone_into(&mut x);
    };
    let mut last = PICTURE;
    if pad > 0 {
        let side = pad as i64;
        let pads = builder.ints("input/pads".into(), &[0, 0, side, side, 0, 0, side, side]);
        next(builder, "Pad", &[last, &pads], "input/padded");
        last = "input/padded";
    }
    if mean != 0.0 {
        let mean = builder.floats("input/mean".into(), &[], &[mean]);
        next(builder, "Sub", &[last, &mean], "input/centred");
        last = "input/centred";
    }
    if std != 1.0 {
        let std = builder.floats("input/std".into(), &[], &[std]);
        next(builder, "Div", &[last, &std], "input/scaled");
    }
    x
}

/// An operation that is no layer's.
fn single(
    builder: &mut Builder,
    op: &'static str,
    inputs: &[&str],
    attributes: Vec<graph::Named>,
    output: &str,
    dims: &[usize],
) {
    let inputs = inputs.iter().map(|&input| input.to_owned()).collect();
    let (name, output) = (format!("{output}/{op}"), output.to_owned());
    builder.operation(Operation { op, name, inputs, output, attributes }, dims);
}

/// What is said in the file about it.
fn doc(source: Source<'_>) -> String {
    let Preprocess { mean, std, pad } = source.spec.preprocess;
    let steps = if (mean, std, pad) == (0.0, 1.0, 0) {
        "The network takes it as it is.".to_owned()
    } else {
        format!(
            "The graph pads it by {pad} on each side and makes it (x - {mean:?}) / {std:?}, as in training."
        )
    };
    let values = [
        ("name", plain(&source.spec.name)),
        ("version", plain(source.version)),
        ("picture", dims(source.picture())),
        ("preprocess", steps),
        ("classes", source.output().len().to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(include_str!("doc.txt"), &values)
}

//! Keras: a model as Python that a person reads, and its weights in Keras's order.

mod layers;
mod order;
mod parts;
mod weights;

use self::{order::Order, parts::Helper, weights::Weight};
use super::{
    ExportError, Format,
    network::{Part, Source},
    python::{commented, plain},
    torch::mode,
};
use crate::{
    model_file::ModelError,
    nn::{LayerSpec, Preprocess, Shape},
    text::fill,
};
use safetensors::{Dtype, tensor::TensorView};
use std::{collections::BTreeSet, path::Path};

/// Puts maps in PyTorch's order before they are flattened.
const PERMUTE: &str = "layers.Permute((3, 1, 2))";

/// The model as Python, and its weights; none without a network. With weights also how to load them and to predict.
pub(super) fn code(source: Source<'_>) -> Result<(String, Vec<Weight>), ExportError> {
    let parts: Vec<Part<'_>> = source.parts().collect();
    let mut lines = Vec::new();
    let mut helpers = BTreeSet::new();
    let mut values = Vec::new();
    let mut order = Order::Same;
    for (index, &part) in parts.iter().enumerate() {
        let name = format!("{}_{}", part.spec.type_name(), part.number);
        let made = layers::layers(part, &name)
            .map_err(|reason| source.refusal(part.number, Format::Keras, reason))?;
        let mut code = made.code;
        helpers.extend(made.helper);
        if matches!(part.spec, LayerSpec::Flatten(_)) && matches!(part.layer.input(), Shape::Maps { .. }) {
            order = Order::of(part.layer.input());
            if order != Order::Same && !order::is_taken_up(&parts[index + 1..]) {
                code.insert(0, PERMUTE.into());
                order = Order::Same;
            }
        }
        if let Some(network) = source.network {
            values.extend(weights::of(network, part, &name, order));
        }
        if matches!(part.spec, LayerSpec::Linear(_)) {
            order = Order::Same;
        }
        lines.extend(commented_layer(part, code));
    }
    if let Shape::Maps { .. } = source.output() {
        let permuted = (Order::of(source.output()) != Order::Same).then_some(PERMUTE);
        let last = permuted.into_iter().chain(["layers.Flatten()"]);
        lines.extend(last.map(|code| (format!("{code},"), String::new())));
    }
    Ok((file(source, &lines, &helpers), values))
}

/// The lines of a layer; the last has its number, the shape of its output and its parameters.
fn commented_layer(part: Part<'_>, code: Vec<String>) -> Vec<(String, String)> {
    let shape = channels_last(part.layer.output(), "×");
    let comment = match part.parameters() {
        0 => format!("{}: {shape}", part.number),
        count => format!("{}: {shape}, {count} parameters", part.number),
    };
    let last = code.len().saturating_sub(1);
    let comments = (0..=last).map(|i| if i == last { comment.clone() } else { String::new() });
    code.into_iter().map(|code| format!("{code},")).zip(comments).collect()
}

fn channels_last(shape: Shape, between: &str) -> String {
    match shape {
        Shape::Maps { channels, height, width } => format!("{height}{between}{width}{between}{channels}"),
        Shape::Vector(features) => features.to_string(),
    }
}

fn file(source: Source<'_>, lines: &[(String, String)], helpers: &BTreeSet<Helper>) -> String {
    let (picture, has_weights) = (source.picture(), source.network.is_some());
    let mode = mode(picture);
    let (channels, height, width) = picture.as_maps();
    let said = match (has_weights, mode) {
        (false, _) => "",
        (true, Some(_)) => include_str!("with_pictures.txt"),
        (true, None) => include_str!("with_values.txt"),
    };
    let input_dims = match picture {
        Shape::Maps { .. } => channels_last(picture, ", "),
        Shape::Vector(features) => format!("{features},"),
    };
    let values = [
        ("name", plain(&source.spec.name)),
        ("version", plain(source.version)),
        ("picture", channels_last(picture, "×")),
        ("input_dims", input_dims),
        ("classes", source.output().len().to_string()),
        ("weights", said.to_owned()),
        ("imports", imports(source, helpers, mode.is_some())),
        ("helpers", helpers.iter().map(|helper| helper.code()).collect()),
        ("preprocess", preprocess(source)),
        ("layers", commented(lines, 8, "#")),
        ("mode", mode.unwrap_or_default().to_owned()),
        ("channels", channels.to_string()),
        ("height", height.to_string()),
        ("width", width.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut parts = vec![include_str!("net.py")];
    if has_weights {
        let example = if mode.is_some() { include_str!("read.py") } else { include_str!("values.py") };
        parts.extend([include_str!("load.py"), example, include_str!("main.py")]);
    }
    parts.into_iter().map(|part| fill(part, &values)).collect()
}

fn imports(source: Source<'_>, helpers: &BTreeSet<Helper>, has_pictures: bool) -> String {
    let has_weights = source.network.is_some();
    let has_ops = has_weights || helpers.iter().any(|helper| *helper != Helper::GeluTanh);
    let lines: [(&str, bool); 10] = [
        ("import sys", has_weights && has_pictures),
        ("from pathlib import Path", has_weights),
        ("", has_weights),
        ("import keras", true),
        ("import numpy as np", has_weights),
        ("from keras import layers", !has_ops),
        ("from keras import layers, ops", has_ops),
        ("from PIL import Image", has_weights && has_pictures),
        ("from safetensors.numpy import load_file", has_weights),
        ("\nWEIGHTS = Path(__file__).with_suffix(\".safetensors\")", has_weights),
    ];
    let needed = lines.iter().filter(|(_, is_needed)| *is_needed).map(|(line, _)| *line);
    needed.flat_map(|line| [line, "\n"]).collect()
}

/// Padding and scaling as in training.
fn preprocess(source: Source<'_>) -> String {
    let Preprocess { mean, std, pad } = source.spec.preprocess;
    let shape = channels_last(source.spec.input, "×");
    let padding = (pad > 0).then(|| format!("        layers.ZeroPadding2D({pad}),  # {shape}\n"));
    let scaling = ((mean, std) != (0.0, 1.0))
        .then(|| format!("        layers.Rescaling(1 / {std:?}, offset={:?} / {std:?}),\n", -mean));
    padding.into_iter().chain(scaling).collect()
}

/// The weights as safetensors.
pub(super) fn to_bytes(path: &Path, weights: &[Weight]) -> Result<Vec<u8>, ExportError> {
    let name = path.display().to_string();
    let bytes: Vec<Vec<u8>> =
        weights.iter().map(|weight| weight.values.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
    let views = weights.iter().zip(&bytes);
    let views = views.map(|(weight, bytes)| {
        Ok((weight.name.as_str(), TensorView::new(Dtype::F32, weight.shape.clone(), bytes)?))
    });
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>();
    views
        .and_then(|views| safetensors::serialize(views, None))
        .map_err(|reason| ExportError::Model(ModelError::Format { name, reason: reason.to_string() }))
}

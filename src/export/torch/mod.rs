//! PyTorch: a module as Python that a person reads, and its weights.

mod layers;

use super::{
    ExportError,
    network::Source,
    python::{commented, dims, plain},
};
use crate::{
    model_file,
    nn::{Network, Preprocess, Shape},
    text::fill,
};
use std::path::Path;

/// The weights: a model of ConvLens, whose keys are those of the module's `state_dict`.
pub(super) fn weights(path: &Path, network: &Network) -> Result<Vec<u8>, ExportError> {
    model_file::to_bytes(&path.display().to_string(), network).map_err(ExportError::Model)
}

/// The module. With weights also how to load them and to predict.
pub(super) fn code(source: Source<'_>) -> String {
    let (picture, input) = (source.picture(), source.spec.input);
    let mode = mode(picture);
    let has_weights = source.network.is_some();
    let (channels, height, width) = picture.as_maps();
    let values = [
        ("name", plain(&source.spec.name)),
        ("version", plain(source.version)),
        ("picture", picture.to_string()),
        ("picture_dims", dims(picture)),
        ("input", input.to_string()),
        ("classes", source.output().len().to_string()),
        ("weights", if has_weights { said_weights(mode.is_some()).into() } else { String::new() }),
        ("imports", imports(source, has_weights, mode.is_some())),
        ("layers", layer_lines(source)),
        ("forward", forward(source)),
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

/// Pillow's mode of pictures with the network's channels, if there is one.
pub(super) fn mode(picture: Shape) -> Option<&'static str> {
    match picture {
        Shape::Maps { channels: 1, .. } => Some("L"),
        Shape::Maps { channels: 3, .. } => Some("RGB"),
        _ => None,
    }
}

fn said_weights(has_pictures: bool) -> &'static str {
    if has_pictures { include_str!("with_pictures.txt") } else { include_str!("with_values.txt") }
}

fn imports(source: Source<'_>, has_weights: bool, has_pictures: bool) -> String {
    let is_padded = source.spec.preprocess.pad > 0;
    let standard: &[&str] = match (has_weights, has_pictures) {
        (true, true) => &["import sys", "from pathlib import Path", ""],
        (true, false) => &["from pathlib import Path", ""],
        (false, _) => &[],
    };
    let pictures: &[&str] = if has_weights && has_pictures { &["import numpy as np"] } else { &[] };
    let torch: &[&str] = if has_weights { &["import torch"] } else { &[] };
    let pillow: &[&str] = if has_weights && has_pictures { &["from PIL import Image"] } else { &[] };
    let load: &[&str] = if has_weights { &["from safetensors.torch import load_file"] } else { &[] };
    let functional: &[&str] = if is_padded { &["from torch.nn import functional as F"] } else { &[] };
    let path: &[&str] =
        if has_weights { &["", "WEIGHTS = Path(__file__).with_suffix(\".safetensors\")"] } else { &[] };
    let lines =
        [standard, pictures, torch, pillow, load, &["from torch import nn"], functional, path].concat();
    lines.join("\n") + "\n"
}

/// The modules, each with its number, the shape of its output and its parameters.
fn layer_lines(source: Source<'_>) -> String {
    let line = |part: super::network::Part<'_>| {
        let shape = part.layer.output();
        let comment = match part.parameters() {
            0 => format!("{}: {shape}", part.number),
            count => format!("{}: {shape}, {count} parameters", part.number),
        };
        (format!("{},", layers::module(part)), comment)
    };
    commented(&source.parts().map(line).collect::<Vec<_>>(), 12, "#")
}

/// The body of `forward`: preprocessing as in training, then the layers.
fn forward(source: Source<'_>) -> String {
    let Preprocess { mean, std, pad } = source.spec.preprocess;
    let mut lines = Vec::new();
    let mut x = "picture";
    if pad > 0 {
        lines.push(format!("x = F.pad({x}, ({pad}, {pad}, {pad}, {pad}))  # {}", source.spec.input));
        x = "x";
    }
    if (mean, std) != (0.0, 1.0) {
        lines.push(format!("x = ({x} - {mean:?}) / {std:?}"));
        x = "x";
    }
    let flat = if source.output().dims().len() > 1 { ".flatten(1)" } else { "" };
    lines.push(format!("return super().forward({x}){flat}"));
    lines.iter().map(|line| format!("        {line}")).collect::<Vec<_>>().join("\n")
}

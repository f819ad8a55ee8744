//! C: the weights as constants, for microcontrollers.

use super::{
    network::{Source, tensors},
    python::{commented, plain},
};
use crate::{
    nn::{Network, Preprocess, Tensor},
    text::fill,
};
use std::fmt::Write as _;

/// Numbers in a line.
const PER_LINE: usize = 8;

/// The header.
pub(super) fn code(source: Source<'_>, network: &Network) -> String {
    let Preprocess { mean, std, pad } = source.spec.preprocess;
    let (channels, height, width) = source.picture().as_maps();
    let steps = match (mean, std, pad) {
        (0.0, 1.0, 0) => String::new(),
        _ => format!(",\n * padded by {pad} zeros on each side, and then (x - {mean:?}) / {std:?}"),
    };
    let layer = |part: super::network::Part<'_>| {
        (format!("{} {}", part.number, settings(part.spec)), part.layer.output().to_string())
    };
    let list = commented(&source.parts().map(layer).collect::<Vec<_>>(), 0, "->");
    let count: usize = (0..network.layers().len())
        .flat_map(|number| tensors(network, number))
        .filter(|(name, _)| is_written(name))
        .map(|(_, tensor)| tensor.len())
        .sum();
    let values = [
        ("name", plain(&source.spec.name)),
        ("version", plain(source.version)),
        ("picture", source.picture().to_string()),
        ("preprocess", steps),
        ("classes", source.output().len().to_string()),
        ("list", list.lines().map(starred).collect()),
        ("values", count.to_string()),
        ("kilobytes", (count * size_of::<f32>()).div_ceil(1000).to_string()),
        ("channels", channels.to_string()),
        ("height", height.to_string()),
        ("width", width.to_string()),
        ("pad", pad.to_string()),
        ("mean", format!("{mean:?}")),
        ("std", format!("{std:?}")),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut text = fill(include_str!("net.h"), &values);
    for part in source.parts() {
        for (name, tensor) in tensors(network, part.number).filter(|(name, _)| is_written(name)) {
            array(&mut text, &format!("{}_{}_{name}", part.spec.type_name(), part.number), tensor);
        }
    }
    text.push_str("\n#endif\n");
    text
}

/// A line of a comment.
fn starred(line: &str) -> String {
    format!(" *   {line}\n")
}

/// The count of batches is for training alone.
fn is_written(name: &str) -> bool {
    name != "num_batches_tracked"
}

/// A layer's name and settings, without what would end a comment.
fn settings(spec: &crate::nn::LayerSpec) -> String {
    let json = serde_json::to_string(spec).unwrap_or_default();
    json.replace(['{', '}', '"'], "").replace("type:", "").replace(',', ", ").replace("*/", "")
}

fn array(text: &mut String, name: &str, tensor: &Tensor) {
    let bracketed = |n: &usize| format!("[{n}]");
    let dims: String = tensor.shape().iter().map(bracketed).collect();
    let flat = format!("[{}]", tensor.len());
    let _ = write!(text, "\n/* {name}{dims} */\nstatic const float {name}{flat} = {{");
    for (i, value) in tensor.values().iter().enumerate() {
        let space = if i % PER_LINE == 0 { "\n    " } else { " " };
        let _ = write!(text, "{space}{value:?}f,");
    }
    text.push_str("\n};\n");
}

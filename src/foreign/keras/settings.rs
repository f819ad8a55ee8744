//! Settings and weights of a layer.

use super::{config::Layer, file::WeightsFile, weights};
use crate::{
    foreign::{chain::Weight, tensor::FoundTensor},
    text::Sentence,
};
use serde_json::Value;

/// A number of the settings.
pub(super) fn real(layer: &Layer, name: &str, usual: f64) -> f64 {
    layer.settings.get(name).and_then(Value::as_f64).unwrap_or(usual)
}

pub(super) fn flag(layer: &Layer, name: &str, usual: bool) -> bool {
    layer.settings.get(name).and_then(Value::as_bool).unwrap_or(usual)
}

pub(super) fn text<'a>(layer: &'a Layer, name: &str) -> &'a str {
    layer.settings.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn wrong_setting(name: &'static str, value: &Value) -> Sentence {
    Sentence::new("{setting} is {value}, which cannot be read").with("setting", name).with("value", value)
}

/// A height and a width, or one number for both.
pub(super) fn pair(layer: &Layer, name: &'static str, usual: usize) -> Result<[usize; 2], Sentence> {
    let value = layer.settings.get(name).unwrap_or(&Value::Null);
    let size = |value: &Value| value.as_u64().and_then(|size| usize::try_from(size).ok());
    let pair = match value {
        Value::Null => Some([usual; 2]),
        Value::Number(_) => size(value).map(|size| [size; 2]),
        Value::Array(sizes) => match sizes.as_slice() {
            [height, width] => size(height).zip(size(width)).map(|(h, w)| [h, w]),
            _ => None,
        },
        _ => None,
    };
    pair.ok_or_else(|| wrong_setting(name, value))
}

/// Weights of which there must be as many as are named.
pub(super) fn named<const N: usize>(layer: &Layer, file: &WeightsFile) -> Result<[FoundTensor; N], Sentence> {
    let found = weights::of(file, layer)?;
    let count = found.len();
    found.try_into().map_err(|_| {
        Sentence::new("has {count} arrays in the file, but needs {wanted}")
            .with("count", count)
            .with("wanted", N)
    })
}

/// The kernel, and the bias if there is one.
pub(super) fn kernel_and_bias(
    layer: &Layer,
    file: &WeightsFile,
) -> Result<(FoundTensor, Option<FoundTensor>), Sentence> {
    if flag(layer, "use_bias", true) {
        let [kernel, bias] = named(layer, file)?;
        Ok((kernel, Some(bias)))
    } else {
        let [kernel] = named(layer, file)?;
        Ok((kernel, None))
    }
}

pub(super) fn with_bias(weight: FoundTensor, bias: Option<FoundTensor>) -> Vec<Weight> {
    [("weight", weight)].into_iter().chain(bias.map(|bias| ("bias", bias))).collect()
}

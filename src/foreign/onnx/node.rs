//! Attributes and names of a node.

use crate::text::Sentence;
use onnx_rs::ast::{Attribute, Dimension, Node, TensorShape};

/// What a node is called in messages: its name, or else what it computes.
pub(super) fn label(node: &Node<'_>) -> String {
    match (node.name, node.output.first()) {
        ("", Some(output)) => format!("{} → {output}", node.op_type.as_str()),
        ("", None) => node.op_type.as_str().to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// The first output.
pub(super) fn output<'a>(node: &Node<'a>) -> &'a str {
    node.output.first().copied().unwrap_or_default()
}

/// The sizes of a shape; `None` for those that are not fixed.
pub(super) fn dims(shape: &TensorShape<'_>) -> Vec<Option<i64>> {
    let size = |value: &Dimension<'_>| if let Dimension::Value(size) = value { Some(*size) } else { None };
    shape.dim.iter().map(|dim| size(&dim.value)).collect()
}

fn attribute<'n, 'a>(node: &'n Node<'a>, name: &str) -> Option<&'n Attribute<'a>> {
    node.attribute.iter().find(|attribute| attribute.name == name)
}

pub(super) fn float(node: &Node<'_>, name: &str, usual: f32) -> f32 {
    attribute(node, name).map_or(usual, |attribute| attribute.f)
}

pub(super) fn int(node: &Node<'_>, name: &str, usual: i64) -> i64 {
    attribute(node, name).map_or(usual, |attribute| attribute.i)
}

pub(super) fn ints<'n>(node: &'n Node<'_>, name: &str) -> Option<&'n [i64]> {
    attribute(node, name).map(|attribute| attribute.ints.as_slice())
}

pub(super) fn text<'a>(node: &Node<'a>, name: &str) -> Option<&'a str> {
    attribute(node, name).and_then(|attribute| std::str::from_utf8(attribute.s).ok())
}

/// A list of as many sizes as wanted, each at least 0, or the usual one everywhere.
pub(super) fn sizes<const N: usize>(
    node: &Node<'_>,
    name: &'static str,
    usual: usize,
) -> Result<[usize; N], Sentence> {
    let Some(values) = ints(node, name) else { return Ok([usual; N]) };
    let sizes: Option<Vec<usize>> = values.iter().map(|&v| usize::try_from(v).ok()).collect();
    sizes.and_then(|sizes| sizes.try_into().ok()).ok_or_else(|| {
        let sentence = Sentence::new(
            "{setting} is {value}, but must be {count} numbers of at least 0: layers have two dimensions",
        );
        sentence.with("setting", name).with("value", format!("{values:?}")).with("count", N)
    })
}

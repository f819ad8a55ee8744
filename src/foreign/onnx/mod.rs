//! ONNX: a graph whose nodes follow each other becomes a spec.

mod constant;
mod depth;
mod graph;
mod layers;
mod node;

use super::{chain::Chain, content::Foreign, error::ForeignError};
use crate::{nn::Shape, text::Sentence};
use graph::{Next, Walk};
use onnx_rs::ast::Graph;

/// Reads the graph of a file.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Foreign, ForeignError> {
    let damaged = |reason: &str| ForeignError::damaged(name, "ONNX", reason);
    if !depth::is_bounded(bytes) {
        return Err(damaged("graphs inside graphs, too many of them"));
    }
    let model = onnx_rs::parse(bytes).map_err(|e| damaged(&e.to_string()))?;
    let graph = model.graph.as_ref().ok_or_else(|| damaged("it has no graph"))?;
    let mut walk = Walk::new(graph);
    let (input, shape) = input(name, graph, &walk)?;
    let wrong = |node: &str, reason| ForeignError::node(name, node, reason);
    let mut chain = Chain::new(shape).map_err(|reason| wrong(input, reason))?;
    let mut current = input;
    loop {
        match walk.next(current).map_err(|(node, reason)| wrong(&node, reason))? {
            Next::End => break,
            Next::Node(node) => {
                layers::add(&mut chain, &walk, node, current)
                    .map_err(|reason| wrong(&node::label(node), reason))?;
                current = node::output(node);
            }
            Next::Silu(node, output) => {
                let added = chain.push("silu", serde_json::json!({}), Vec::new());
                added.map_err(|reason| wrong(&node::label(node), reason))?;
                current = output;
            }
        }
    }
    let mut words = Vec::new();
    if chain.ended {
        words.push(Sentence::new("the softmax at the end is left out: ConvLens computes it by itself"));
    }
    let (spec, found) = chain.finish(graph.name).map_err(|reason| wrong(current, reason))?;
    Ok(Foreign { spec: Some(spec), found, words, ..Foreign::default() })
}

/// The only input that is no weight, and the shape of one image.
fn input<'a>(name: &str, graph: &'a Graph<'a>, walk: &Walk<'a>) -> Result<(&'a str, Shape), ForeignError> {
    let mut inputs = graph.input.iter().filter(|input| walk.constant(input.name).is_none());
    let (Some(input), None) = (inputs.next(), inputs.next()) else {
        let reason = Sentence::new("has not exactly one input");
        return Err(ForeignError::node(name, graph.name, reason));
    };
    let unknown = |dims: String| {
        let sentence = "is {shape}, but must be (images, channels, height, width) or (images, features), with known sizes except for the images";
        ForeignError::node(name, input.name, Sentence::new(sentence).with("shape", dims))
    };
    let dims = input.tensor_shape().map(|shape| node::dims(shape)).unwrap_or_default();
    let sizes: Option<Vec<usize>> = dims.iter().skip(1).map(|d| usize::try_from((*d)?).ok()).collect();
    let shape = match sizes.as_deref() {
        Some(&[channels, height, width]) => Shape::maps(channels, height, width),
        Some(&[features]) => Shape::Vector(features),
        _ => return Err(unknown(format!("{:?}", dims.iter().map(|d| d.unwrap_or(-1)).collect::<Vec<_>>()))),
    };
    Ok((input.name, shape))
}

//! The way through a graph, from its input to its output, along nodes that follow each other.

use super::node::{label, output};
use crate::text::Sentence;
use onnx_rs::ast::{Graph, Node, OpType, TensorProto};
use std::collections::HashMap;

/// A graph with its constants and the nodes that read each tensor.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    constants: HashMap<&'a str, &'a TensorProto<'a>>,
    readers: HashMap<&'a str, Vec<&'a Node<'a>>>,
    makers: HashMap<&'a str, &'a Node<'a>>,
    outputs: Vec<&'a str>,
    /// Nodes that are left to be visited: a graph that goes round in circles would not end.
    left: usize,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Next<'a> {
    /// The output of the graph.
    End,
    /// A node.
    Node(&'a Node<'a>),
    /// x · sigmoid(x), with the sigmoid and the name of the product.
    Silu(&'a Node<'a>, &'a str),
}

/// A node that cannot be passed, and why.
type Stopped = (String, Sentence);

impl<'a> Walk<'a> {
    pub(super) fn new(graph: &'a Graph<'a>) -> Self {
        let mut constants: HashMap<&str, &TensorProto<'_>> =
            graph.initializer.iter().map(|tensor| (tensor.name(), tensor)).collect();
        let mut readers: HashMap<&str, Vec<&Node<'_>>> = HashMap::new();
        let mut makers = HashMap::new();
        for node in &graph.node {
            if node.op_type == OpType::Constant {
                let value = node.attribute.iter().find(|attribute| attribute.name == "value");
                if let Some(tensor) = value.and_then(|value| value.t.as_ref()) {
                    constants.insert(output(node), tensor);
                }
                continue;
            }
            // The shape of an image is known: what is computed from it is not followed.
            if node.op_type != OpType::Shape {
                for name in &node.input {
                    let of_input = readers.entry(*name).or_default();
                    if !of_input.last().is_some_and(|last| std::ptr::eq(*last, node)) {
                        of_input.push(node);
                    }
                }
            }
            for name in &node.output {
                makers.insert(*name, node);
            }
        }
        let outputs = graph.output.iter().map(|output| output.name).collect();
        Self { constants, readers, makers, outputs, left: graph.node.len() + 1 }
    }

    /// The constant of this name; a constant that only passes through other nodes counts, too.
    pub(super) fn constant(&self, name: &str) -> Option<&'a TensorProto<'a>> {
        let mut name = name;
        for _ in 0..4 {
            if let Some(constant) = self.constants.get(name) {
                return Some(constant);
            }
            let maker = self.makers.get(name).filter(|maker| maker.op_type == OpType::Identity)?;
            name = maker.input.first()?;
        }
        None
    }

    /// The node that makes a tensor.
    pub(super) fn maker(&self, name: &str) -> Option<&'a Node<'a>> {
        self.makers.get(name).copied()
    }

    /// What reads the tensor of this name.
    pub(super) fn next(&mut self, current: &'a str) -> Result<Next<'a>, Stopped> {
        let readers = self.readers.get(current).map(Vec::as_slice).unwrap_or_default();
        let place = || self.maker(current).map_or(current.to_owned(), label);
        match readers {
            [] if self.outputs.contains(&current) => Ok(Next::End),
            [] => Err((place(), Sentence::new("its output is used nowhere, and is not that of the network"))),
            [node] if self.outputs.len() == 1 && !self.outputs.contains(&current) => {
                self.left = self
                    .left
                    .checked_sub(1)
                    .ok_or_else(|| (label(node), Sentence::new("the graph goes round in a circle")))?;
                Ok(Next::Node(node))
            }
            [a, b] => {
                let sigmoid = [a, b].into_iter().find(|node| node.op_type == OpType::Sigmoid);
                let product = [a, b].into_iter().find(|node| node.op_type == OpType::Mul);
                if let (Some(sigmoid), Some(product)) = (sigmoid, product)
                    && product.input.iter().all(|name| *name == current || *name == output(sigmoid))
                    && self.readers.get(output(sigmoid)).is_some_and(|readers| readers.len() == 1)
                {
                    return Ok(Next::Silu(sigmoid, output(product)));
                }
                Err(branch(place(), readers))
            }
            _ => Err(branch(place(), readers)),
        }
    }
}

fn branch(place: String, readers: &[&Node<'_>]) -> Stopped {
    let names: Vec<String> = readers.iter().map(|node| label(node)).collect();
    let sentence = Sentence::new(
        "the network branches here, into {nodes}; a spec is a list of layers, each of which reads the one before it",
    );
    (place, sentence.with("nodes", names.join(", ")))
}

//! The operations of one layer, named after it.

use super::graph::{Builder, Named, Operation};
use crate::{
    export::network::{Part, tensors},
    nn::{Network, Shape, Tensor},
};

/// Where a layer adds its operations.
pub(super) struct Scope<'a> {
    pub(super) builder: &'a mut Builder,
    /// What names begin with, such as `0.conv2d`.
    pub(super) name: String,
    /// The name of the input.
    pub(super) x: String,
    pub(super) part: Part<'a>,
    pub(super) network: &'a Network,
    /// The operations so far.
    pub(super) count: usize,
}

impl Scope<'_> {
    /// The shape of the input, without the batch.
    pub(super) fn input(&self) -> Vec<usize> {
        self.part.layer.input().dims()
    }

    /// The shape of the output, without the batch.
    pub(super) fn output(&self) -> Vec<usize> {
        self.part.layer.output().dims()
    }

    /// (channels, height, width) of the input.
    pub(super) fn maps(&self) -> (usize, usize, usize) {
        self.part.layer.input().as_maps()
    }

    /// (height, width) of the output.
    pub(super) fn out_sides(&self) -> (usize, usize) {
        match self.part.layer.output() {
            Shape::Maps { height, width, .. } => (height, width),
            Shape::Vector(_) => (1, 1),
        }
    }

    /// The values of a parameter or buffer.
    pub(super) fn tensor(&self, name: &str) -> Option<&Tensor> {
        tensors(self.network, self.part.number).find(|(own, _)| *own == name).map(|(_, tensor)| tensor)
    }

    /// Stores a parameter or buffer under its key in PyTorch's `state_dict`; `None` if the layer has none of this name.
    pub(super) fn stored(&mut self, name: &str) -> Option<String> {
        let (key, tensor) = (format!("{}.{name}", self.part.number), self.tensor(name)?.clone());
        Some(self.builder.floats(key, tensor.shape(), tensor.values()))
    }

    /// Stores a number.
    pub(super) fn number(&mut self, what: &str, value: f32) -> String {
        self.builder.floats(format!("{}/{what}", self.name), &[], &[value])
    }

    /// Adds an operation whose output has the shape of the layer's input.
    pub(super) fn map(&mut self, op: &'static str, inputs: &[&str], attributes: Vec<Named>) -> String {
        let dims = self.input();
        self.op(op, inputs, attributes, &dims)
    }

    /// Adds an operation, and returns the name of its output. `dims`: of the output, for each image.
    pub(super) fn op(
        &mut self,
        op: &'static str,
        inputs: &[&str],
        attributes: Vec<Named>,
        dims: &[usize],
    ) -> String {
        let name = match self.count {
            0 => format!("{}/{op}", self.name),
            count => format!("{}/{op}.{count}", self.name),
        };
        self.count += 1;
        let inputs = inputs.iter().map(|&input| input.to_owned()).collect();
        self.builder
            .operation(Operation { op, output: name.clone(), name: name.clone(), inputs, attributes }, dims);
        name
    }
}

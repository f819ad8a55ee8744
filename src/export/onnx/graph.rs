//! A graph while it is built, with names of its own, and its ONNX form.

use crate::nn::Pair;
use onnx_rs::ast::{
    Attribute, AttributeType, DataType, Dimension, Graph, Node, OpType, TensorProto, TensorShape,
    TensorShapeDimension, TensorTypeProto, TypeProto, TypeValue, ValueInfo,
};

/// An attribute's value.
pub(super) enum Value {
    Int(i64),
    Ints(Vec<i64>),
    Float(f32),
    Text(&'static str),
}

impl Value {
    pub(super) fn ints(values: impl IntoIterator<Item = usize>) -> Self {
        Self::Ints(values.into_iter().map(|value| value as i64).collect())
    }

    /// (height, width).
    pub(super) fn pair(pair: Pair) -> Self {
        Self::ints([pair.h, pair.w])
    }

    /// The same padding before and after.
    pub(super) fn both_sides(padding: Pair) -> Self {
        Self::ints([padding.h, padding.w, padding.h, padding.w])
    }
}

/// An attribute with its name.
pub(super) type Named = (&'static str, Value);

/// An operation.
pub(super) struct Operation {
    pub(super) op: &'static str,
    pub(super) name: String,
    pub(super) inputs: Vec<String>,
    pub(super) output: String,
    pub(super) attributes: Vec<Named>,
}

/// A stored tensor.
struct Constant {
    name: String,
    dims: Vec<usize>,
    kind: DataType,
    bytes: Vec<u8>,
}

/// The type of the result of an operation, for each image.
pub(super) struct Result {
    pub(super) name: String,
    /// Without the dimension of the batch.
    pub(super) dims: Vec<usize>,
    pub(super) is_boolean: bool,
}

/// The graph so far.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) operations: Vec<Operation>,
    pub(super) results: Vec<Result>,
    constants: Vec<Constant>,
}

impl Builder {
    /// Stores `f32`s, and returns their name.
    pub(super) fn floats(&mut self, name: String, dims: &[usize], values: &[f32]) -> String {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(name, dims, DataType::Float, bytes)
    }

    /// Stores `i64`s, and returns their name.
    pub(super) fn ints(&mut self, name: String, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(name, &[values.len()], DataType::Int64, bytes)
    }

    fn constant(&mut self, name: String, dims: &[usize], kind: DataType, bytes: Vec<u8>) -> String {
        self.constants.push(Constant { name: name.clone(), dims: dims.to_vec(), kind, bytes });
        name
    }

    /// Adds an operation. `dims`: of its output, for each image.
    pub(super) fn operation(&mut self, operation: Operation, dims: &[usize]) {
        let is_boolean = operation.op == "Greater";
        self.results.push(Result { name: operation.output.clone(), dims: dims.to_vec(), is_boolean });
        self.operations.push(operation);
    }

    /// Gives the last operation's output another name.
    pub(super) fn rename_last(&mut self, name: &str) {
        if let (Some(operation), Some(result)) = (self.operations.last_mut(), self.results.last_mut()) {
            name.clone_into(&mut operation.output);
            name.clone_into(&mut result.name);
        }
    }

    /// The ONNX form. `outputs` are names of results.
    pub(super) fn graph<'a>(&'a self, name: &'a str, input: &'a Result, outputs: &[&str]) -> Graph<'a> {
        let (output, inner): (Vec<_>, Vec<_>) =
            self.results.iter().partition(|result| outputs.contains(&result.name.as_str()));
        Graph {
            name,
            node: self.operations.iter().map(node).collect(),
            initializer: self.constants.iter().map(tensor).collect(),
            input: vec![value_info(input)],
            output: output.into_iter().map(value_info).collect(),
            value_info: inner.into_iter().map(value_info).collect(),
            ..Graph::default()
        }
    }
}

fn node(operation: &Operation) -> Node<'_> {
    Node {
        op_type: OpType::from(operation.op),
        name: &operation.name,
        input: operation.inputs.iter().map(String::as_str).collect(),
        output: vec![&operation.output],
        attribute: operation.attributes.iter().map(attribute).collect(),
        ..Node::default()
    }
}

fn attribute((name, value): &Named) -> Attribute<'_> {
    let mut attribute = Attribute { name, ..Attribute::default() };
    match value {
        Value::Int(value) => (attribute.r#type, attribute.i) = (AttributeType::Int, *value),
        Value::Float(value) => (attribute.r#type, attribute.f) = (AttributeType::Float, *value),
        Value::Text(text) => (attribute.r#type, attribute.s) = (AttributeType::String, text.as_bytes()),
        Value::Ints(values) => (attribute.r#type, attribute.ints) = (AttributeType::Ints, values.clone()),
    }
    attribute
}

fn tensor(constant: &Constant) -> TensorProto<'_> {
    let dims = constant.dims.iter().map(|&n| n as i64).collect();
    TensorProto::from_raw(&constant.name, dims, constant.kind, &constant.bytes)
}

fn value_info(result: &Result) -> ValueInfo<'_> {
    let of = |value| TensorShapeDimension { value, ..TensorShapeDimension::default() };
    let fixed = result.dims.iter().map(|&n| of(Dimension::Value(n as i64)));
    let dim = std::iter::once(of(Dimension::Param("batch"))).chain(fixed).collect();
    let elem_type = if result.is_boolean { DataType::Bool } else { DataType::Float };
    let tensor = TensorTypeProto { elem_type, shape: Some(TensorShape { dim }) };
    let kind = TypeProto { value: Some(TypeValue::Tensor(tensor)), ..TypeProto::default() };
    ValueInfo { name: &result.name, r#type: Some(kind), ..ValueInfo::default() }
}

//! The values of tensors in ONNX.

use crate::{
    foreign::{number::Precision, tensor::FoundTensor},
    text::Sentence,
};
use onnx_rs::ast::{DataLocation, DataType, TensorProto};

/// The values of a tensor of floats. `key` is what it is called.
pub(super) fn floats(key: &str, tensor: &TensorProto<'_>) -> Result<FoundTensor, Sentence> {
    let wrong = || {
        Sentence::new("the tensor {tensor} is damaged, or has numbers that cannot be read")
            .with("tensor", key)
    };
    if tensor.data_location() == DataLocation::External || !tensor.external_data().is_empty() {
        return Err(Sentence::new("the tensor {tensor} is in another file: save the model as one file")
            .with("tensor", key));
    }
    let shape = shape(tensor).ok_or_else(wrong)?;
    let len = shape.iter().try_fold(1_usize, |product, &d| product.checked_mul(d)).ok_or_else(wrong)?;
    let precision = match tensor.data_type() {
        DataType::Float => Precision::F32,
        DataType::Double => Precision::F64,
        DataType::Float16 => Precision::F16,
        DataType::Bfloat16 => Precision::Bf16,
        DataType::Int64 => Precision::Int(8),
        DataType::Int32 => Precision::Int(4),
        _ => return Err(wrong()),
    };
    if let Some(bytes) = tensor.as_raw() {
        return FoundTensor::of_bytes(key, &shape, precision, bytes).ok_or_else(wrong);
    }
    let values: Vec<f32> = match precision {
        Precision::F64 => tensor.as_f64().map(|v| v.iter().map(|v| *v as f32).collect()),
        Precision::F16 | Precision::Bf16 => {
            let halves: Vec<u8> =
                tensor.as_i32().unwrap_or_default().iter().flat_map(|&v| (v as u16).to_le_bytes()).collect();
            return FoundTensor::of_bytes(key, &shape, precision, &halves).ok_or_else(wrong);
        }
        Precision::Int(8) => tensor.as_i64().map(|v| v.iter().map(|v| *v as f32).collect()),
        Precision::Int(_) => tensor.as_i32().map(|v| v.iter().map(|v| *v as f32).collect()),
        _ => tensor.as_f32().map(|v| v.to_vec()),
    }
    .unwrap_or_default();
    let key = key.to_owned();
    if values.len() != len {
        return Err(wrong());
    }
    Ok(FoundTensor { key, shape, precision, values, place: None })
}

/// The values of a tensor of integers, such as a shape.
pub(super) fn integers(tensor: &TensorProto<'_>) -> Option<Vec<i64>> {
    match tensor.data_type() {
        DataType::Int64 => tensor.as_i64().map(|v| v.to_vec()),
        DataType::Int32 => tensor.as_i32().map(|v| v.iter().map(|&v| v.into()).collect()),
        _ => None,
    }
}

fn shape(tensor: &TensorProto<'_>) -> Option<Vec<usize>> {
    tensor.dims().iter().map(|&d| usize::try_from(d).ok()).collect()
}

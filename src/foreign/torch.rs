//! PyTorch's `.pt` and `.pth`: state dicts, checkpoints that contain one, and whole modules, of which the weights are read.
//! The pickle is read as data: nothing in it is called.

use super::{error::ForeignError, number::Precision, order::sort_by_pickle, tensor::FoundTensor};
use crate::nn::spec::MAX_PARAMETERS;
use pytorch_reader::{DType, PytorchReader, Tensor};
use std::collections::HashMap;

/// What checkpoints call the dictionary of the weights. `model.` may be the name of a part of the network, too, so it is
/// not among them.
const WEIGHTS: [&str; 6] =
    ["state_dict", "model_state_dict", "net_state_dict", "model_state", "params", "weights"];

/// What checkpoints hold besides the weights.
const BESIDES: [&str; 9] = [
    "optimizer",
    "optim",
    "scheduler",
    "lr_scheduler",
    "scaler",
    "ema",
    "rng",
    "ema_state_dict",
    "callbacks",
];

/// Reads all tensors of the network, in the order of the file.
pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<Vec<FoundTensor>, ForeignError> {
    // The pickle is near the beginning; the reader takes the bytes.
    let first = bytes.get(..1 << 20).unwrap_or(&bytes).to_vec();
    let damaged = |reason: &dyn ToString| ForeignError::damaged(name, "PyTorch", &reason.to_string());
    let reader = PytorchReader::from_bytes(bytes, None).map_err(|e| damaged(&e))?;
    let tensors = of_network(reader.tensors());
    let values = tensors.iter().try_fold(0_u64, |sum, (_, tensor)| {
        let len = tensor.shape().iter().try_fold(1_u64, |product, &d| product.checked_mul(d as u64))?;
        sum.checked_add(len).filter(|sum| *sum <= MAX_PARAMETERS)
    });
    // A view of a small storage may claim any size: it is refused before it is read.
    if values.is_none() {
        return Err(ForeignError::TooLarge { name: name.to_owned() });
    }
    let mut found = Vec::with_capacity(tensors.len());
    for (key, tensor) in tensors {
        let bytes = tensor.read().map_err(|e| damaged(&e))?;
        let read = FoundTensor::of_bytes(key, tensor.shape(), precision(tensor.dtype()), &bytes);
        found.push(read.ok_or_else(|| damaged(&key))?);
    }
    sort_by_pickle(&first, &mut found);
    Ok(found)
}

/// The tensors of the network, without those of its optimiser.
fn of_network(tensors: &HashMap<String, Tensor>) -> Vec<(&str, &Tensor)> {
    let group = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
    let mut kept: Vec<(&str, &Tensor)> = tensors.iter().map(|(key, tensor)| (key.as_str(), tensor)).collect();
    let is_besides = |key: &str| BESIDES.iter().any(|name| group(key).to_ascii_lowercase().starts_with(name));
    if kept.iter().any(|(key, _)| !is_besides(key)) {
        kept.retain(|(key, _)| !is_besides(key));
    }
    if let Some(weights) = WEIGHTS.iter().find(|name| kept.iter().any(|(key, _)| group(key) == **name)) {
        kept.retain(|(key, _)| group(key) == *weights);
    }
    kept
}

fn precision(dtype: DType) -> Precision {
    match dtype {
        DType::F64 => Precision::F64,
        DType::F32 => Precision::F32,
        DType::F16 => Precision::F16,
        DType::BF16 => Precision::Bf16,
        DType::I64 => Precision::Int(8),
        DType::I32 => Precision::Int(4),
        DType::I16 => Precision::Int(2),
        DType::I8 => Precision::Int(1),
        DType::U64 => Precision::Uint(8),
        DType::U32 => Precision::Uint(4),
        DType::U16 => Precision::Uint(2),
        DType::U8 | DType::Bool => Precision::Uint(1),
    }
}

//! Safetensors with names of their own.

use super::{error::ForeignError, number::Precision, order::natural, tensor::FoundTensor};
use crate::model_file::ModelError;
use safetensors::{Dtype, SafeTensors};

/// Reads all tensors, in the natural order of their names: the format keeps no order.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<FoundTensor>, ForeignError> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|e| ModelError::Format { name: name.to_owned(), reason: e.to_string() })?;
    let mut found = Vec::new();
    for (key, view) in file.iter() {
        let tensor = precision(view.dtype())
            .and_then(|precision| FoundTensor::of_bytes(key, view.shape(), precision, view.data()));
        found.push(tensor.ok_or_else(|| ForeignError::Numbers {
            name: name.to_owned(),
            tensor: key.to_owned(),
            precision: format!("{:?}", view.dtype()),
        })?);
    }
    found.sort_by_cached_key(|tensor| natural(&tensor.key));
    Ok(found)
}

fn precision(dtype: Dtype) -> Option<Precision> {
    Some(match dtype {
        Dtype::F64 => Precision::F64,
        Dtype::F32 => Precision::F32,
        Dtype::F16 => Precision::F16,
        Dtype::BF16 => Precision::Bf16,
        Dtype::I64 => Precision::Int(8),
        Dtype::I32 => Precision::Int(4),
        Dtype::I16 => Precision::Int(2),
        Dtype::I8 => Precision::Int(1),
        Dtype::U64 => Precision::Uint(8),
        Dtype::U32 => Precision::Uint(4),
        Dtype::U16 => Precision::Uint(2),
        Dtype::U8 | Dtype::BOOL => Precision::Uint(1),
        _ => return None,
    })
}

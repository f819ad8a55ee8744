//! Files of flat arrays in single or half precision, with what they mean as JSON.

use super::{
    ModelError,
    read::{format_error, read_file},
};
use crate::files;
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

/// The metadata key that holds the JSON.
const KEY: &str = "convlens.arrays";

/// An array of numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    /// Single precision.
    F32(Vec<f32>),
    /// Half precision.
    F16(Vec<f16>),
    /// Half precision with the range of single precision.
    Bf16(Vec<bf16>),
}

impl Array {
    fn dtype(&self) -> Dtype {
        match self {
            Self::F32(_) => Dtype::F32,
            Self::F16(_) => Dtype::F16,
            Self::Bf16(_) => Dtype::BF16,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F16(values) => values.len(),
            Self::Bf16(values) => values.len(),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::F32(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::F16(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Bf16(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        }
    }

    /// `None` for another type of numbers, or if one is not finite.
    fn from_bytes(dtype: Dtype, bytes: &[u8]) -> Option<Self> {
        let halves = || bytes.chunks_exact(2).filter_map(|b| Some([*b.first()?, *b.last()?]));
        let read = match dtype {
            Dtype::F32 => {
                let quads = bytes.chunks_exact(4).filter_map(|b| b.try_into().ok());
                Self::F32(quads.map(f32::from_le_bytes).collect())
            }
            Dtype::F16 => Self::F16(halves().map(f16::from_le_bytes).collect()),
            Dtype::BF16 => Self::Bf16(halves().map(bf16::from_le_bytes).collect()),
            _ => return None,
        };
        let is_finite = match &read {
            Self::F32(values) => values.iter().all(|v| v.is_finite()),
            Self::F16(values) => values.iter().all(|v| v.is_finite()),
            Self::Bf16(values) => values.iter().all(|v| v.is_finite()),
        };
        is_finite.then_some(read)
    }
}

/// Writes arrays and their meaning to one file.
pub fn save_arrays(path: &Path, json: String, arrays: &BTreeMap<String, Array>) -> Result<(), ModelError> {
    let name = path.display().to_string();
    let format = |e| format_error(&name, &e);
    let bytes: Vec<_> = arrays.iter().map(|(key, array)| (key, array, array.to_bytes())).collect();
    let views = bytes
        .iter()
        .map(|(key, array, data)| Ok((key, TensorView::new(array.dtype(), vec![array.len()], data)?)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(format)?;
    let metadata = HashMap::from([(KEY.to_owned(), json)]);
    let bytes = safetensors::serialize(views, Some(metadata)).map_err(format)?;
    files::write(path, &bytes).map_err(|reason| ModelError::Io { name: name.clone(), reason })
}

/// Reads a file of [`save_arrays`]: the JSON and the arrays.
pub fn load_arrays(path: &Path) -> Result<(String, BTreeMap<String, Array>), ModelError> {
    let name = path.display().to_string();
    let bytes = read_file(path)?;
    let format = |e| format_error(&name, &e);
    let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(format)?;
    let json = metadata.metadata().as_ref().and_then(|m| m.get(KEY)).cloned();
    let json = json.ok_or_else(|| ModelError::NoState { name: name.clone() })?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(format)?;
    let read = |(key, view): (String, TensorView<'_>)| {
        let array = Array::from_bytes(view.dtype(), view.data());
        let reason = format!("{key} has other numbers than finite ones");
        Ok((key, array.ok_or(ModelError::Format { name: name.clone(), reason })?))
    };
    let arrays = tensors.tensors().into_iter().map(read).collect::<Result<_, ModelError>>()?;
    Ok((json, arrays))
}

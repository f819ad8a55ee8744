//! The tensors of a model file: one for each parameter and buffer, as in PyTorch's `state_dict`.

use crate::nn::layers::{Layer, ParameterSpec};
use safetensors::Dtype;

/// A tensor of a model file.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its key, such as `0.weight`.
    pub(super) key: String,
    /// Its dimensions, the slowest first.
    pub(super) shape: Vec<usize>,
}

/// The type and range of a tensor's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `f32`, finite.
    Values,
    /// `f32`, finite and not negative.
    Variance,
    /// `i64`, not negative. In memory an `f32`, which is exact up to 2²⁴.
    Count,
}

impl Entry {
    /// The parameters of a network of these layers, in the order of [`Network::parameters`](crate::nn::Network).
    pub(super) fn parameters(layers: &[Box<dyn Layer>]) -> Vec<Self> {
        Self::of(layers, |layer| layer.parameters())
    }

    /// The buffers, in the order of `Network::buffers`.
    pub(super) fn buffers(layers: &[Box<dyn Layer>]) -> Vec<Self> {
        Self::of(layers, |layer| layer.buffers())
    }

    fn of(layers: &[Box<dyn Layer>], tensors: impl Fn(&dyn Layer) -> Vec<ParameterSpec>) -> Vec<Self> {
        let entry = |i, spec: ParameterSpec| Self { key: format!("{i}.{}", spec.name), shape: spec.shape };
        let layers = layers.iter().enumerate();
        layers.flat_map(|(i, layer)| tensors(layer.as_ref()).into_iter().map(move |t| entry(i, t))).collect()
    }

    /// Type and shape for error messages.
    pub(super) fn form(&self) -> String {
        format!("{:?} {:?}", Kind::of(&self.key).dtype(), self.shape)
    }
}

impl Kind {
    /// The kind of values that PyTorch stores under a key.
    pub(super) fn of(key: &str) -> Self {
        match key.rsplit('.').next() {
            Some("num_batches_tracked") => Self::Count,
            Some("running_var") => Self::Variance,
            _ => Self::Values,
        }
    }

    /// The type in a file.
    pub(super) fn dtype(self) -> Dtype {
        match self {
            Self::Values | Self::Variance => Dtype::F32,
            Self::Count => Dtype::I64,
        }
    }

    /// The bytes of values in a file, little-endian as the format requires.
    pub(super) fn to_bytes(self, values: &[f32]) -> Vec<u8> {
        match self {
            Self::Values | Self::Variance => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Count => values.iter().flat_map(|&v| (v as i64).to_le_bytes()).collect(),
        }
    }

    /// Reads the values of bytes, as many as there is room for.
    pub(super) fn read(self, bytes: &[u8], values: &mut [f32]) {
        match self {
            Self::Values | Self::Variance => {
                for (value, four) in values.iter_mut().zip(bytes.as_chunks().0) {
                    *value = f32::from_le_bytes(*four);
                }
            }
            Self::Count => {
                for (value, eight) in values.iter_mut().zip(bytes.as_chunks().0) {
                    *value = i64::from_le_bytes(*eight) as f32;
                }
            }
        }
    }
}

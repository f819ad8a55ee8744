//! Numbers of any precision as `f32`.

use half::{bf16, f16};

/// The type of the numbers in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// 64-bit floats.
    F64,
    /// 32-bit floats, as they are computed with.
    F32,
    /// 16-bit floats.
    F16,
    /// 16-bit floats with the range of 32-bit ones.
    Bf16,
    /// Signed integers of this many bytes.
    Int(u8),
    /// Unsigned integers of this many bytes; truth values are those of one byte.
    Uint(u8),
}

impl Precision {
    /// Bytes of a number.
    pub const fn bytes(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::Int(bytes) | Self::Uint(bytes) => bytes as usize,
        }
    }

    /// Its name, as PyTorch writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F64 => "float64",
            Self::F32 => "float32",
            Self::F16 => "float16",
            Self::Bf16 => "bfloat16",
            Self::Int(1) => "int8",
            Self::Int(2) => "int16",
            Self::Int(4) => "int32",
            Self::Int(_) => "int64",
            Self::Uint(1) => "uint8",
            Self::Uint(2) => "uint16",
            Self::Uint(4) => "uint32",
            Self::Uint(_) => "uint64",
        }
    }
}

/// Reads little-endian numbers; bytes that are left over are ignored.
pub(super) fn to_f32(precision: Precision, bytes: &[u8]) -> Vec<f32> {
    match precision {
        Precision::F64 => of(bytes, |b| f64::from_le_bytes(b) as f32),
        Precision::F32 => of(bytes, f32::from_le_bytes),
        Precision::F16 => of(bytes, |b| f16::from_le_bytes(b).to_f32()),
        Precision::Bf16 => of(bytes, |b| bf16::from_le_bytes(b).to_f32()),
        Precision::Int(1) => of(bytes, |b| i8::from_le_bytes(b) as f32),
        Precision::Int(2) => of(bytes, |b| i16::from_le_bytes(b) as f32),
        Precision::Int(4) => of(bytes, |b| i32::from_le_bytes(b) as f32),
        Precision::Int(_) => of(bytes, |b| i64::from_le_bytes(b) as f32),
        Precision::Uint(1) => of(bytes, |b| u8::from_le_bytes(b) as f32),
        Precision::Uint(2) => of(bytes, |b| u16::from_le_bytes(b) as f32),
        Precision::Uint(4) => of(bytes, |b| u32::from_le_bytes(b) as f32),
        Precision::Uint(_) => of(bytes, |b| u64::from_le_bytes(b) as f32),
    }
}

fn of<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|bytes| number(*bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precision_is_read() {
        assert_eq!(to_f32(Precision::F64, &(-2.5_f64).to_le_bytes()), [-2.5]);
        assert_eq!(to_f32(Precision::F16, &f16::from_f32(0.75).to_le_bytes()), [0.75]);
        assert_eq!(to_f32(Precision::Bf16, &bf16::from_f32(-3.0).to_le_bytes()), [-3.0]);
        assert_eq!(to_f32(Precision::Int(8), &(-7_i64).to_le_bytes()), [-7.0]);
        assert_eq!(to_f32(Precision::Int(1), &[255, 1]), [-1.0, 1.0]);
        assert_eq!(to_f32(Precision::Uint(2), &[255, 255, 9]), [65535.0]);
    }
}

//! The matrix products and convolutions that layers are made of, in the widest registers that the machine has.
//!
//! Each kernel computes a small [`tile`] of the result at a time and accumulates it in registers. [`Gemm`] multiplies a
//! packed matrix by one whose blocks it copies into the L1 cache; [`GemmNt`] multiplies rows by rows and copies nothing.
//! [`DirectConv`] and [`ConvWeightGradient`] are a convolution and its weight gradient, which read the windows from the
//! padded maps; [`Winograd`] computes both with fewer multiplications. The order of every sum is fixed, whatever the number
//! of threads, and no kernel allocates.

mod conv_weight_gradient;
mod direct_conv;
mod gemm;
mod gemm_nt;
mod packed;
mod rows;
mod tile;
mod transposed_maps;
mod winograd;

#[cfg(test)]
mod tests;

pub(super) use conv_weight_gradient::ConvWeightGradient;
pub(super) use direct_conv::DirectConv;
pub(super) use gemm::{BLOCK_LEN, Beta, Gemm};
pub(super) use gemm_nt::GemmNt;
pub(super) use packed::Packed;
pub(super) use rows::{MAX_ROWS, Matrix, RowsMut, mean, rows_mut, sum, sum_f64};
pub(super) use winograd::{ChannelGroup, Winograd, WinogradConv, WinogradWeightGradient};

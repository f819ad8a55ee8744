//! Convolution in three dimensions.

use super::{LabError, check_len, output_side, result_len};
use crate::nn::setting_error::SettingError;

/// The settings of `torch.nn.Conv3d`, without groups; every triple is (depth, height, width).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv3d {
    /// Channels of the volume.
    pub in_channels: usize,
    /// Filters.
    pub out_channels: usize,
    /// Size of a filter.
    pub kernel_size: [usize; 3],
    /// Step between two positions.
    pub stride: [usize; 3],
    /// Zeros added on each side.
    pub padding: [usize; 3],
    /// Distance between two neighbouring elements of a filter.
    pub dilation: [usize; 3],
}

impl Conv3d {
    /// The (depth, height, width) of the output for a volume of `size`.
    pub fn output(&self, size: [usize; 3]) -> Result<[usize; 3], SettingError> {
        let mut out = [0; 3];
        for (axis, out) in out.iter_mut().enumerate() {
            let Self { kernel_size, stride, padding, dilation, .. } = self;
            *out = output_side(size[axis], kernel_size[axis], stride[axis], padding[axis], dilation[axis])?;
        }
        Ok(out)
    }

    /// The input index along one axis of kernel element `k` at output `o`; `None` in the padding.
    fn place(&self, axis: usize, o: usize, k: usize, n: usize) -> Option<usize> {
        (o * self.stride[axis] + k * self.dilation[axis]).checked_sub(self.padding[axis]).filter(|&i| i < n)
    }
}

/// Convolution in three dimensions as `torch.nn.Conv3d`.
///
/// `x`: (`in_channels`, `size`); `weight`: (`out_channels`, `in_channels`, `kernel_size`); `bias`: (`out_channels`), or
/// empty. Returns (`out_channels`, [`Conv3d::output`]).
pub fn conv3d(
    settings: &Conv3d,
    size: [usize; 3],
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
) -> Result<Vec<f32>, LabError> {
    let Conv3d { in_channels, out_channels, kernel_size: kernel, .. } = *settings;
    let out = settings.output(size)?;
    check_len(
        "the volume has {values} values, but needs {needed}",
        x,
        in_channels * size.iter().product::<usize>(),
    )?;
    check_len(
        "the weight has {values} values, but needs {needed}",
        weight,
        out_channels * in_channels * kernel.iter().product::<usize>(),
    )?;
    if !bias.is_empty() {
        check_len("the bias has {values} values, but needs {needed}", bias, out_channels)?;
    }
    let mut y = Vec::with_capacity(result_len(&[in_channels.min(1), out_channels, out[0], out[1], out[2]])?);
    for f in 0..out_channels {
        for [oz, oy, ox] in places(out) {
            let mut sum = bias.get(f).copied().unwrap_or(0.0);
            for c in 0..in_channels {
                let weight = &weight[(f * in_channels + c) * kernel.iter().product::<usize>()..];
                for ([kz, ky, kx], w) in places(kernel).zip(weight) {
                    let z = settings.place(0, oz, kz, size[0]);
                    let row = settings.place(1, oy, ky, size[1]);
                    let column = settings.place(2, ox, kx, size[2]);
                    if let (Some(z), Some(row), Some(column)) = (z, row, column) {
                        sum += w * x[((c * size[0] + z) * size[1] + row) * size[2] + column];
                    }
                }
            }
            y.push(sum);
        }
    }
    Ok(y)
}

/// All indices of a box, the last axis fastest.
fn places([depth, height, width]: [usize; 3]) -> impl Iterator<Item = [usize; 3]> {
    (0..depth * height * width).map(move |i| [i / width / height, i / width % height, i % width])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Conv3d = Conv3d {
        in_channels: 1,
        out_channels: 1,
        kernel_size: [2, 2, 2],
        stride: [1; 3],
        padding: [0; 3],
        dilation: [1; 3],
    };

    #[test]
    fn a_kernel_of_ones_sums() {
        let x: Vec<f32> = (0..12).map(|i| i as f32).collect();
        assert_eq!(conv3d(&PLAIN, [2, 2, 3], &x, &[1.0; 8], &[]).unwrap(), [40.0, 48.0]);
        let padded = Conv3d { padding: [1; 3], stride: [1, 2, 3], ..PLAIN };
        assert_eq!(padded.output([2, 2, 3]), Ok([3, 2, 2]));
        assert_eq!(conv3d(&padded, [2, 2, 3], &[1.0; 12], &[1.0; 8], &[0.5]).unwrap()[0], 1.5);
    }

    #[test]
    fn wrong_settings_are_refused() {
        assert!(
            conv3d(&PLAIN, [1, 2, 2], &[1.0; 4], &[1.0; 8], &[])
                .unwrap_err()
                .to_string()
                .contains("length 2")
        );
        assert!(
            conv3d(&PLAIN, [2, 2, 2], &[1.0; 4], &[1.0; 8], &[])
                .unwrap_err()
                .to_string()
                .contains("volume has 4")
        );
        let wide = Conv3d { padding: [4096; 3], ..PLAIN };
        assert!(
            conv3d(&wide, [1, 1, 1], &[1.0], &[1.0; 8], &[]).unwrap_err().to_string().contains("at most")
        );
    }
}

//! Convolution in one dimension.

use super::{LabError, check_len, output_side, result_len};

/// The settings of `torch.nn.Conv1d`, without groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv1d {
    /// Channels of the signal.
    pub in_channels: usize,
    /// Filters.
    pub out_channels: usize,
    /// Length of a filter.
    pub kernel_size: usize,
    /// Step between two positions.
    pub stride: usize,
    /// Zeros added at each end.
    pub padding: usize,
    /// Distance between two neighbouring elements of a filter.
    pub dilation: usize,
}

/// Convolution in one dimension as `torch.nn.Conv1d`, which does not flip the kernel.
///
/// `x`: (`in_channels`, length); `weight`: (`out_channels`, `in_channels`, `kernel_size`); `bias`: (`out_channels`), or
/// empty. Returns (`out_channels`, output length).
pub fn conv1d(settings: Conv1d, x: &[f32], weight: &[f32], bias: &[f32]) -> Result<Vec<f32>, LabError> {
    let Conv1d { in_channels, out_channels, kernel_size, stride, padding, dilation } = settings;
    let length = x.len() / in_channels.max(1);
    let out = output_side(length, kernel_size, stride, padding, dilation)?;
    check_len("the signal has {values} values, but needs {needed}", x, length * in_channels)?;
    check_len(
        "the weight has {values} values, but needs {needed}",
        weight,
        out_channels * in_channels * kernel_size,
    )?;
    if !bias.is_empty() {
        check_len("the bias has {values} values, but needs {needed}", bias, out_channels)?;
    }
    let mut y = Vec::with_capacity(result_len(&[in_channels.min(1), out_channels, out])?);
    for f in 0..out_channels {
        for o in 0..out {
            let mut sum = bias.get(f).copied().unwrap_or(0.0);
            for c in 0..in_channels {
                for k in 0..kernel_size {
                    let place = (o * stride + k * dilation).checked_sub(padding).filter(|&i| i < length);
                    let value = place.map_or(0.0, |i| x[c * length + i]);
                    sum += value * weight[(f * in_channels + c) * kernel_size + k];
                }
            }
            y.push(sum);
        }
    }
    Ok(y)
}

/// The convolution of mathematics, `y[n] = Σ_k f[k]·g[n − k]`: one function slides *flipped* over the other, through all
/// positions where they overlap. Returns `f.len() + g.len() − 1` values.
pub fn slide_flipped(f: &[f32], g: &[f32]) -> Vec<f32> {
    let mut y = vec![0.0; (f.len() + g.len()).saturating_sub(1)];
    for (i, f) in f.iter().enumerate() {
        for (j, g) in g.iter().enumerate() {
            y[i + j] += f * g;
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Conv1d =
        Conv1d { in_channels: 1, out_channels: 1, kernel_size: 3, stride: 1, padding: 0, dilation: 1 };

    #[test]
    fn mathematics_flips_the_kernel() {
        let (f, g) = ([1.0, 2.0, 4.0, 8.0], [1.0, 0.0, -1.0]);
        assert_eq!(conv1d(PLAIN, &f, &g, &[]).unwrap(), [-3.0, -6.0]);
        assert_eq!(slide_flipped(&f, &g), [1.0, 2.0, 3.0, 6.0, -4.0, -8.0]);
        let reversed: Vec<f32> = g.iter().rev().copied().collect();
        let full = Conv1d { padding: 2, ..PLAIN };
        assert_eq!(conv1d(full, &f, &reversed, &[]).unwrap(), slide_flipped(&f, &g));
        assert!(slide_flipped(&[], &[]).is_empty());
    }

    #[test]
    fn settings_have_their_effect() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        let strided = Conv1d { stride: 2, ..PLAIN };
        assert_eq!(conv1d(strided, &x, &[1.0; 3], &[0.5]).unwrap(), [6.5, 12.5]);
        let dilated = Conv1d { dilation: 2, ..PLAIN };
        assert_eq!(conv1d(dilated, &x, &[1.0; 3], &[]).unwrap(), [9.0]);
        let two = Conv1d { in_channels: 2, kernel_size: 1, ..PLAIN };
        assert_eq!(conv1d(two, &[1.0, 2.0, 3.0, 4.0], &[1.0, 10.0], &[]).unwrap(), [31.0, 42.0]);
    }

    #[test]
    fn wrong_settings_are_refused() {
        let refused = |settings, word: &str| {
            let reason = conv1d(settings, &[1.0; 4], &[1.0; 3], &[]).unwrap_err().to_string();
            assert!(reason.contains(word), "{reason} lacks {word}");
        };
        refused(Conv1d { kernel_size: 5, ..PLAIN }, "length 5");
        refused(Conv1d { stride: 0, ..PLAIN }, "stride is 0");
        refused(Conv1d { out_channels: 2, ..PLAIN }, "weight has 3 values");
        refused(Conv1d { in_channels: 3, kernel_size: 1, ..PLAIN }, "signal has 4 values");
        refused(Conv1d { in_channels: 0, ..PLAIN }, "signal has 4 values");
        let empty = Conv1d { in_channels: 0, out_channels: usize::MAX, padding: 1, ..PLAIN };
        assert!(conv1d(empty, &[], &[], &[]).is_err());
    }
}

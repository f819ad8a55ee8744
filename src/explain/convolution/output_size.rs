//! The output size of a convolution along one axis, and named padding modes.

use crate::nn::SettingError;

/// The largest kernel side that the view supports.
pub const MAX_KERNEL: usize = 11;

/// The output size along one axis: `⌊(n + 2P − D·(K − 1) − 1) / S⌋ + 1`. Source: the documentation of
/// `torch.nn.Conv2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvOutputSize {
    /// Input size n.
    pub input: usize,
    /// Kernel size K.
    pub kernel: usize,
    /// Stride S.
    pub stride: usize,
    /// Cells added at each end, P.
    pub padding: usize,
    /// One more cell at the far end, where padding that keeps the size cannot be split evenly; otherwise 0.
    pub extra: usize,
    /// Distance between neighbouring kernel elements, D.
    pub dilation: usize,
    /// Output size, as the layer has it.
    pub output: usize,
}

impl ConvOutputSize {
    /// The distance covered by the kernel with its gaps, D·(K − 1) + 1.
    pub fn span(&self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }

    /// The number of rows or columns at the end that no window covers.
    pub fn remainder(&self) -> usize {
        (self.input + 2 * self.padding + self.extra).saturating_sub(self.span()) % self.stride
    }
}

/// How the padding is chosen. Names as in `torch.nn.functional.conv2d` and NumPy's `convolve`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum PaddingMode {
    /// An explicit number of zeros.
    #[default]
    Zeros,
    /// No padding.
    Valid,
    /// The output has the size of the input. Needs stride 1 and an odd span.
    Same,
    /// The first window covers the input with its last element only.
    Full,
}

/// The padding that keeps the size: n + 2P − span + 1 = n. Fails if there is none.
pub fn same_padding(kernel: usize, stride: usize, dilation: usize) -> Result<usize, SettingError> {
    let zeros = full_padding(kernel, dilation);
    if stride != 1 {
        let sentence =
            "{setting} is {value}, but “same” padding needs stride 1: a larger one shrinks the output";
        return Err(SettingError::new("stride", stride, sentence));
    }
    if !zeros.is_multiple_of(2) {
        let sentence = "the kernel spans {span}, but “same” padding needs an odd span: its {zeros} zeros cannot be split evenly";
        let error = SettingError::new("kernel_size", kernel, sentence);
        return Err(error.with("span", zeros.saturating_add(1)).with("zeros", zeros));
    }
    Ok(zeros / 2)
}

/// The padding at which the first window covers the input with its last element only: D·(K − 1).
pub fn full_padding(kernel: usize, dilation: usize) -> usize {
    dilation.saturating_mul(kernel.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_remainders_match_the_formula() {
        let plain =
            ConvOutputSize { input: 7, kernel: 3, stride: 2, padding: 0, extra: 0, dilation: 1, output: 3 };
        assert_eq!((plain.span(), plain.remainder()), (3, 0));
        let uneven = ConvOutputSize { input: 8, ..plain };
        assert_eq!(uneven.remainder(), 1);
        assert_eq!(ConvOutputSize { dilation: 2, ..plain }.span(), 5);
    }

    #[test]
    fn named_paddings_are_computed_or_refused() {
        assert_eq!(same_padding(3, 1, 1), Ok(1));
        assert_eq!(same_padding(3, 1, 2), Ok(2));
        assert_eq!(same_padding(2, 1, 2), Ok(1));
        assert!(same_padding(4, 1, 1).unwrap_err().to_string().contains("odd"));
        assert!(same_padding(3, 2, 1).unwrap_err().to_string().contains("stride 1"));
        assert_eq!(full_padding(3, 2), 4);
    }
}

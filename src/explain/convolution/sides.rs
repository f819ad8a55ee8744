//! The size of the output along one side, and the paddings that have names.

/// The largest side of a kernel that is shown.
pub const MAX_KERNEL: usize = 11;

/// How one side of the output comes about: `⌊(n + 2P − D·(K − 1) − 1) / S⌋ + 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeOf {
    /// n, the input's side.
    pub input: usize,
    /// K, the kernel's side.
    pub kernel: usize,
    /// S, the stride.
    pub stride: usize,
    /// P, the zeros on each side.
    pub padding: usize,
    /// D, the distance between two elements.
    pub dilation: usize,
    /// The output's side, as the layer has it.
    pub output: usize,
}

impl SizeOf {
    /// What the kernel spans with the gaps of its dilation, D·(K − 1) + 1.
    pub fn span(&self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }

    /// Rows or columns at the end that the last window does not come to.
    pub fn rest(&self) -> usize {
        (self.input + 2 * self.padding).saturating_sub(self.span()) % self.stride
    }
}

/// How zeros are put around the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Padding {
    /// As many as the setting says.
    #[default]
    Zeros,
    /// None: the window stays inside.
    Valid,
    /// As many as keep the size, which there are for odd spans and stride 1 alone.
    Same,
    /// As many as let the window touch the input with its last element.
    Full,
}

/// The zeros on each side that keep the input's size: n + 2P − span + 1 = n; the error says why there are none.
pub fn same(kernel: usize, stride: usize, dilation: usize) -> Result<usize, String> {
    let beyond = full(kernel, dilation);
    if stride != 1 {
        return Err(format!(
            "a stride of {stride} gives a smaller output whatever the padding: “same” needs stride 1"
        ));
    }
    if !beyond.is_multiple_of(2) {
        return Err(format!(
            "a kernel that spans {} needs {beyond} zeros, which are not as many on both sides: “same” needs an odd span",
            beyond.saturating_add(1)
        ));
    }
    Ok(beyond / 2)
}

/// The zeros on each side at which the window's first position touches the input with its last element alone.
pub fn full(kernel: usize, dilation: usize) -> usize {
    dilation.saturating_mul(kernel.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_textbooks() {
        let plain = SizeOf { input: 7, kernel: 3, stride: 2, padding: 0, dilation: 1, output: 3 };
        assert_eq!((plain.span(), plain.rest()), (3, 0));
        let rest = SizeOf { input: 8, ..plain };
        assert_eq!(rest.rest(), 1);
        assert_eq!(SizeOf { dilation: 2, ..plain }.span(), 5);
    }

    #[test]
    fn paddings_that_have_names() {
        assert_eq!(same(3, 1, 1), Ok(1));
        assert_eq!(same(3, 1, 2), Ok(2));
        assert_eq!(same(2, 1, 2), Ok(1));
        assert!(same(4, 1, 1).unwrap_err().contains("odd"));
        assert!(same(3, 2, 1).unwrap_err().contains("stride 1"));
        assert_eq!(full(3, 2), 4);
    }
}

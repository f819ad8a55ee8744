//! The output size of a pooling layer along one axis.

/// The settings of a pooling layer along one axis: `(n + 2·padding − span) / stride + 1`, rounded down, or up with
/// `ceil_mode`, where the span is `dilation·(kernel − 1) + 1`. Source: the documentation of `torch.nn.MaxPool2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOutputSize {
    /// Input size n.
    pub n: usize,
    /// Kernel size.
    pub kernel: usize,
    /// Stride.
    pub stride: usize,
    /// Zeros added at each end.
    pub padding: usize,
    /// Distance between neighbouring cells of the window.
    pub dilation: usize,
    /// Whether a last window that extends beyond the padded input counts.
    pub ceil_mode: bool,
}

impl PoolOutputSize {
    /// The distance covered by a window, `dilation·(kernel − 1) + 1`.
    pub fn span(&self) -> usize {
        self.dilation.saturating_mul(self.kernel.saturating_sub(1)).saturating_add(1)
    }

    /// The result of the formula; `None` if no window fits into the padded input or the stride is 0.
    pub fn formula(&self) -> Option<usize> {
        let rounding = if self.ceil_mode { self.stride.checked_sub(1)? } else { 0 };
        let room = (self.n + 2 * self.padding + rounding).checked_sub(self.span())?;
        Some(room.checked_div(self.stride)? + 1)
    }

    /// Whether the stride divides the room that the window has, so that nothing is rounded.
    pub fn divides(&self) -> bool {
        let room = (self.n + 2 * self.padding).checked_sub(self.span());
        room.is_some_and(|room| self.stride > 0 && room.is_multiple_of(self.stride))
    }

    /// Whether PyTorch drops the last window of `ceil_mode`, because it would start in the padding after the map.
    pub fn drops_last_window(&self) -> bool {
        self.ceil_mode
            && !self.divides()
            && self.formula().is_some_and(|count| (count - 1) * self.stride >= self.n + self.padding)
    }
}

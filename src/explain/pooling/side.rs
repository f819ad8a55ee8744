//! How one side of the output gets its size.

/// One side of a pooling layer, as its formula needs it: `(n + 2·padding − span) / stride + 1`, rounded down, or up with
/// `ceil_mode`; the span is `dilation·(kernel − 1) + 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Rows or columns of the map.
    pub n: usize,
    /// The window's.
    pub kernel: usize,
    /// The step between two windows.
    pub stride: usize,
    /// Cells added at each end.
    pub padding: usize,
    /// Distance between two neighbouring cells of the window.
    pub dilation: usize,
    /// Whether a last window that stands partly outside counts too.
    pub ceil_mode: bool,
}

impl Side {
    /// From the window's first cell to its last one.
    pub fn span(&self) -> usize {
        self.dilation.saturating_mul(self.kernel.saturating_sub(1)).saturating_add(1)
    }

    /// What the formula gives; `None` if the window is larger than the padded side, or the stride is 0.
    pub fn formula(&self) -> Option<usize> {
        let rounding = if self.ceil_mode { self.stride.checked_sub(1)? } else { 0 };
        let room = (self.n + 2 * self.padding + rounding).checked_sub(self.span())?;
        Some(room.checked_div(self.stride)? + 1)
    }

    /// Whether the steps reach the end of the padded side exactly, so that nothing is rounded.
    pub fn divides(&self) -> bool {
        let room = (self.n + 2 * self.padding).checked_sub(self.span());
        room.is_some_and(|room| self.stride > 0 && room.is_multiple_of(self.stride))
    }

    /// Whether the last window of the formula is left out after all, since it would begin in the padding after the map:
    /// PyTorch's rule for `ceil_mode`.
    pub fn leaves_last_out(&self) -> bool {
        self.ceil_mode
            && !self.divides()
            && self.formula().is_some_and(|count| (count - 1) * self.stride >= self.n + self.padding)
    }
}

//! The grids that are as large as a kernel.

use crate::text::tr;
use serde::{Deserialize, Serialize};

/// A grid as large as the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KernelGrid {
    /// What the window sees of a channel.
    #[default]
    Patch,
    /// The kernel of a channel, which can be changed.
    Kernel,
    /// Each cell that the window sees times its weight.
    Products,
}

impl KernelGrid {
    /// All of them, in the order of the arithmetic.
    pub const ALL: [Self; 3] = [Self::Patch, Self::Kernel, Self::Products];

    /// What it is called above its grid.
    pub fn title(self) -> &'static str {
        match self {
            Self::Patch => tr("Patch"),
            Self::Kernel => tr("Kernel"),
            Self::Products => tr("Products"),
        }
    }

    /// What tests and screen readers call its grid.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => tr("patch"),
            Self::Kernel => tr("kernel"),
            Self::Products => tr("products"),
        }
    }
}

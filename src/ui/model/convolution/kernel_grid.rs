//! The grids of a kernel's size.

use crate::text::tr;
use serde::{Deserialize, Serialize};

/// A grid of the kernel's size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KernelGrid {
    /// The patch: the input under the window, of one channel.
    #[default]
    Patch,
    /// The kernel of a channel, which can be edited.
    Kernel,
    /// Each cell of the patch times its weight.
    Products,
}

impl KernelGrid {
    /// All of them, in the order of the arithmetic.
    pub const ALL: [Self; 3] = [Self::Patch, Self::Kernel, Self::Products];

    /// The title of its grid.
    pub fn title(self) -> &'static str {
        match self {
            Self::Patch => tr("Patch"),
            Self::Kernel => tr("Kernel"),
            Self::Products => tr("Products"),
        }
    }

    /// The accessible name of its grid.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => tr("patch"),
            Self::Kernel => tr("kernel"),
            Self::Products => tr("products"),
        }
    }
}

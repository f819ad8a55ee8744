//! Where the Network and the Convolution view stand.

use super::photo::SavedPhoto;
use crate::{
    explain::WhatIf,
    ui::{
        model::{convolution::KernelGrid, selection::Selection},
        widgets::Playback,
    },
};
use serde::{Deserialize, Serialize};

/// What is selected in the Network view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkStand {
    /// The map, the pixel and the channel.
    pub selection: Selection,
    /// The column at the left edge.
    pub first_column: f32,
    /// In a low window, whether the breakdown is shown.
    pub shows_breakdown: bool,
    /// The class of whose loss gradients are shown.
    pub loss_class: Option<usize>,
    /// The disabled maps and kernels.
    pub what_if: WhatIf,
    /// The speed of the breakdown.
    pub breakdown: Playback,
}

/// Where the Convolution view stands; its settings are among the settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConvolutionStand {
    /// The animation.
    pub playback: Playback,
    /// The input channel that is looked at.
    pub channel: Option<usize>,
    /// Which grid is shown where there is room for one.
    pub grid: KernelGrid,
    /// Which result is.
    pub result: usize,
    /// Which grid of a kind of convolution is.
    pub family_grid: KernelGrid,
    /// Whether its matrix is shown instead.
    pub is_matrix: bool,
    /// The first of its kernels that are shown.
    pub first_kernel: usize,
    /// The photograph.
    pub photo: Option<SavedPhoto>,
}

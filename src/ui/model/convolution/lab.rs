//! The Convolution view's part of the state.

use super::{
    act::ConvolutionMode,
    family::{FamilyResult, setup::FamilySetup},
    history::{SetupHistory, SpareNumbers},
    kernel_grid::KernelGrid,
    make::ConvolutionRejected,
    photo::Photo,
    round::Round,
    setup::ConvolutionSetup,
};
use crate::{
    explain::Convolution,
    ui::widgets::{Playback, Track},
};
use std::sync::Arc;

/// The Convolution view's part of the state.
#[derive(Clone, Debug, Default)]
pub struct ConvolutionLab {
    /// The settings, which may be impossible.
    pub setup: ConvolutionSetup,
    /// Undo and redo of `setup`.
    pub history: SetupHistory,
    /// Typed numbers that do not fit into the current sizes.
    pub spare: SpareNumbers,
    /// The animation.
    pub playback: Playback,
    /// The selected input channel; `None` is the strongest.
    pub channel: Option<usize>,
    /// Whether outputs after the current step are shown.
    pub is_whole: bool,
    /// The page.
    pub mode: ConvolutionMode,
    /// The round of predictions.
    pub round: Round,
    /// The last photograph that was opened.
    pub photo: Option<Arc<Photo>>,
    /// The result of the last valid settings.
    pub shown: Option<Arc<Convolution>>,
    /// Why the current settings are rejected; `None` if they are valid.
    pub rejected: Option<ConvolutionRejected>,
    /// How often random kernels were drawn: their seed.
    pub draws: u64,
    /// Which grid is shown if there is room for one.
    pub grid: KernelGrid,
    /// Which result is shown if there is room for one: 0 the output, then the following layers.
    pub result: usize,
    /// Which grid of the variant is shown if there is room for one.
    pub family_grid: KernelGrid,
    /// Whether the variant's matrix is shown instead.
    pub is_matrix: bool,
    /// The first kernel of the variant that is shown.
    pub first_kernel: usize,
    /// The settings of each other kind of source, as they were last.
    pub kept: Vec<ConvolutionSetup>,
    /// The settings of the selected variant, which may be impossible.
    pub family: FamilySetup,
    /// The settings of the other variants.
    pub family_kept: Vec<FamilySetup>,
    /// The result of the variant's last valid settings.
    pub family_shown: Option<Arc<FamilyResult>>,
    /// Why the current settings are rejected; `None` if they are valid.
    pub family_rejected: Option<ConvolutionRejected>,
    /// Whether the animation begins at the strongest output, because the input is mostly background.
    pub seeks_strongest: bool,
}

impl ConvolutionLab {
    /// The steps of the animation: one for each output.
    pub fn track(&self) -> Track {
        if self.mode == ConvolutionMode::Family {
            return self.family_shown.as_ref().map_or(Track { len: 1, row: 1 }, |shown| shown.track());
        }
        let shown = self.shown.as_ref();
        Track { len: shown.map_or(1, |conv| conv.len()), row: shown.map_or(1, |conv| conv.row()) }
    }

    /// The output of the current step.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }
}

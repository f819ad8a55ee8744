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
    /// What a person set, which may be impossible.
    pub setup: ConvolutionSetup,
    /// Undo and redo of `setup`.
    pub history: SetupHistory,
    /// What was typed and has no room in the current sizes.
    pub spare: SpareNumbers,
    /// Where the animation stands.
    pub playback: Playback,
    /// The input channel that is looked at; `None` is the strongest.
    pub channel: Option<usize>,
    /// Whether outputs are shown that the animation has not come to.
    pub is_whole: bool,
    /// What is shown.
    pub mode: ConvolutionMode,
    /// The guesses.
    pub round: Round,
    /// The photograph that was opened last.
    pub photo: Option<Arc<Photo>>,
    /// The last convolution that was possible.
    pub shown: Option<Arc<Convolution>>,
    /// Why that is not what is set; `None` if it is.
    pub rejected: Option<ConvolutionRejected>,
    /// How many times random kernels were drawn: their seed.
    pub draws: u64,
    /// Which grid is shown where there is room for one.
    pub grid: KernelGrid,
    /// Which result is shown where there is room for one: 0 the output, then the layers after it.
    pub result: usize,
    /// Which grid of the kind that is looked at is shown where there is room for one.
    pub family_grid: KernelGrid,
    /// Whether its matrix is shown instead.
    pub is_matrix: bool,
    /// The first of its kernels that are shown at once.
    pub first_kernel: usize,
    /// What was set for each kind of source when another was turned to.
    pub kept: Vec<ConvolutionSetup>,
    /// The kind of convolution that is looked at, as a person set it, which may be impossible.
    pub family: FamilySetup,
    /// What was set of the other kinds.
    pub family_kept: Vec<FamilySetup>,
    /// What the core made of the last one that was possible.
    pub family_shown: Option<Arc<FamilyResult>>,
    /// Why that is not what is set; `None` if it is.
    pub family_rejected: Option<ConvolutionRejected>,
    /// Whether the animation is to begin at the output that answers most, since there is much ground to pass.
    pub seeks_strongest: bool,
}

impl ConvolutionLab {
    /// What the animation plays: every output.
    pub fn track(&self) -> Track {
        if self.mode == ConvolutionMode::Family {
            return self.family_shown.as_ref().map_or(Track { len: 1, row: 1 }, |shown| shown.track());
        }
        let shown = self.shown.as_ref();
        Track { len: shown.map_or(1, |conv| conv.len()), row: shown.map_or(1, |conv| conv.row()) }
    }

    /// The output that the animation has come to.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }
}

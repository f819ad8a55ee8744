//! Selects a variant and changes its settings.

use crate::ui::{
    model::convolution::{FamilyChoice, FamilySetup, KernelGrid, act::ConvolutionMode, lab::ConvolutionLab},
    widgets::PlaybackAct,
};
use std::sync::Arc;

/// Goes to the first output.
pub(super) fn begin(lab: &mut ConvolutionLab) {
    let track = lab.track();
    lab.playback.apply(PlaybackAct::Begin, track);
    lab.channel = None;
}

/// Selects a variant, with its last settings.
pub(super) fn use_family(lab: &mut ConvolutionLab, choice: FamilyChoice) {
    if lab.family.choice() != choice {
        let kept = lab.family_kept.iter().position(|kept| kept.choice() == choice);
        let new = kept.map_or_else(|| FamilySetup::new(choice), |at| lab.family_kept.swap_remove(at));
        lab.family_kept.push(std::mem::replace(&mut lab.family, new));
        lab.family_shown = None;
        (lab.family_grid, lab.is_matrix, lab.first_kernel) = (KernelGrid::default(), false, 0);
    }
    let is_new = lab.family_shown.is_none();
    make_family(lab);
    if is_new && lab.mode == ConvolutionMode::Family {
        begin(lab);
    }
}

/// Changes the settings of a variant, and resizes its numbers.
pub(super) fn set_family(lab: &mut ConvolutionLab, setup: FamilySetup) {
    if setup.choice() != lab.family.choice() {
        use_family(lab, setup.choice());
    }
    lab.family = setup.fitted();
    make_family(lab);
}

/// Computes the selected variant. Impossible settings leave the last result; a variant
/// without one shows its example.
pub(super) fn make_family(lab: &mut ConvolutionLab) {
    match lab.family.made() {
        Ok(shown) => (lab.family_shown, lab.family_rejected) = (Some(Arc::new(shown)), None),
        Err(rejected) => {
            if lab.family_shown.is_none() {
                let example = FamilySetup::new(lab.family.choice());
                lab.family_shown = example.made().ok().map(Arc::new);
            }
            lab.family_rejected = Some(rejected);
        }
    }
    if !lab.playback.is_playing() && lab.mode == ConvolutionMode::Family {
        lab.playback.apply(PlaybackAct::Step(0), lab.track());
    }
}
